import { containPassing } from "./stray-rejections.ts";
import { thrownText } from "./thrown/read-thrown.ts";

/** Hears what an operator should know. */
export type OnProblem = (problem: string, error?: Error) => void;

/** The listener as it is called here: one that fails itself must not end what it was to be told about. */
export function problemListener(onProblem: OnProblem | undefined): OnProblem {
  if (onProblem === undefined) return () => {};
  return (problem, error) => {
    try {
      containPassing(() => onProblem(problem, error));
    } catch (thrown) {
      process.emitWarning(`onProblem failed: ${thrownText(thrown)} It was to be told: ${problem}`);
    }
  };
}
