import type { Failure, RunDecision } from "@downbeat/domain";
import { failure } from "../failure.ts";

/** The run is to end, and not by completing. */
export type Closing =
  | { readonly outcome: "failed"; readonly failure: Failure; recorded: boolean }
  | { readonly outcome: "cancelled"; recorded: boolean };

/**
 * @param problems with its compensations, in sentences
 * @param bug what the code threw, or that it did not end
 */
export function lastDecision(
  closing: Closing,
  problems: string | undefined,
  bug: Failure | undefined,
): RunDecision {
  if (closing.outcome === "failed") {
    const { name, message, stack } = closing.failure;
    if (problems === undefined) return { type: "FailRun", failure: closing.failure };
    const longer = failure(closing.failure.kind, name, `${message} ${problems}`, stack);
    return { type: "FailRun", failure: { ...closing.failure, ...longer } };
  }
  if (problems === undefined) return { type: "FinishCancel", ...(bug !== undefined && { failure: bug }) };
  if (bug === undefined)
    return { type: "FinishCancel", failure: failure("technical", "UndoFailed", problems) };
  return {
    type: "FinishCancel",
    failure: failure(bug.kind, bug.name, `${bug.message} ${problems}`, bug.stack),
  };
}
