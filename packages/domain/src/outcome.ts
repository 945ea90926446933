import type { RejectionCode, RunEvent } from "./run/events.ts";

/**
 * Answer to a command: what happened because of it, why it is refused, or `ignored`: the command is recognised as one that
 * was answered before (or as too early), and nothing is recorded.
 */
export type Outcome =
  | { readonly type: "accepted"; readonly events: readonly RunEvent[] }
  | { readonly type: "rejected"; readonly code: RejectionCode; readonly message: string }
  | { readonly type: "ignored" };

export const ignored: Outcome = { type: "ignored" };

export function accepted(...events: RunEvent[]): Outcome {
  return acceptedAll(events);
}

/** As many as a wide run needs: more than a call takes arguments. */
export function acceptedAll(events: readonly RunEvent[]): Outcome {
  return { type: "accepted", events };
}

export function rejected(code: RejectionCode, message: string): Outcome {
  return { type: "rejected", code, message };
}
