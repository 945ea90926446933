import type { ActionOutcome } from "@downbeat/api/views";

/** Nothing more comes of it. */
export function isSettled(outcome: ActionOutcome): boolean {
  return outcome.type !== "pending" && outcome.type !== "inProgress";
}
