import type { Logger } from "./logging/logger.ts";
import { containPassing } from "./stray-rejections.ts";
import { thrownText } from "./thrown/read-thrown.ts";

/** Hears what an operator should know. */
export type OnProblem = (problem: string, error?: Error) => void;

/** The listener as it is called here: one that fails itself must not end what it was to be told about. Where there is none, problems are logged. */
export function problemListener(onProblem: OnProblem | undefined, logger: Logger): OnProblem {
  if (onProblem === undefined)
    return (problem, error) => logger.warn(error === undefined ? {} : { err: error }, problem);
  return (problem, error) => {
    try {
      containPassing(() => onProblem(problem, error));
    } catch (thrown) {
      process.emitWarning(`onProblem failed: ${thrownText(thrown)} It was to be told: ${problem}`);
    }
  };
}
