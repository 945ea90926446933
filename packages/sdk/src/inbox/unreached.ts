import type { MessageLog } from "@downbeat/message-log";
import type { Hanging } from "../connection/hang-on.ts";
import type { Logger } from "../logging/logger.ts";
import { type OnProblem, problemListener } from "../problem-listener.ts";

const saidOf = new WeakSet<MessageLog>();

/**
 * Tells that a log is waited for, and each other reason why. Where nobody listens, it is logged, once for a log: else a program that found no engine
 * would wait without a word.
 */
export function unreachedListener(
  { log, address, logger }: Pick<Hanging, "log" | "address" | "logger">,
  onProblem: OnProblem | undefined,
): (reason: Error, problem?: string) => void {
  const told = new Set<string>();
  const tell = onProblem === undefined ? sayOnce(log, address, logger) : problemListener(onProblem, logger);
  return (reason, problem = "Waiting for the log.") => {
    if (told.has(reason.message)) return;
    told.add(reason.message);
    tell(problem, reason);
  };
}

function sayOnce(log: MessageLog, address: string | undefined, logger: Logger): OnProblem {
  return (problem, error) => {
    if (saidOf.has(log)) return;
    saidOf.add(log);
    logger.warn(
      { ...(address !== undefined && { address }), ...(error !== undefined && { err: error }) },
      problem,
    );
  };
}
