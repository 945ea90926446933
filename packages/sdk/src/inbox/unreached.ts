import type { MessageLog } from "@downbeat/message-log";
import { type OnProblem, problemListener } from "../problem-listener.ts";

const saidOf = new WeakSet<MessageLog>();

/**
 * Tells that a log is waited for, and each other reason why. Where nobody listens, it is said on stderr, once for a log: else a program that found no engine
 * would wait without a word.
 */
export function unreachedListener(
  { log, address }: { readonly log: MessageLog; readonly address?: string },
  onProblem: OnProblem | undefined,
): (reason: Error, problem?: string) => void {
  const told = new Set<string>();
  const tell = onProblem === undefined ? sayOnce(log, address) : problemListener(onProblem);
  return (reason, problem = "Waiting for the log.") => {
    if (told.has(reason.message)) return;
    told.add(reason.message);
    tell(problem, reason);
  };
}

function sayOnce(log: MessageLog, address: string | undefined): OnProblem {
  return (problem, error) => {
    if (saidOf.has(log)) return;
    saidOf.add(log);
    const where = address === undefined ? "" : ` (${address})`;
    process.stderr.write(`Downbeat${where}: ${problem} ${error?.message ?? ""}\n`);
  };
}
