import type { QuarantineMark } from "@downbeat/api/views";

/** Somebody else was quicker. */
export function conflictWords({ did, by, reason }: QuarantineMark): string {
  const what = did === "dropped" ? "dropped it" : "sent it again";
  return `${by} has just ${what}: “${reason}”. Nothing of yours was done; close this and look at the entry again.`;
}
