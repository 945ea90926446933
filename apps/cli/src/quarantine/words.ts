import type { QuarantineMark } from "@downbeat/api/views";

/** What was done about an entry, and what came of it. */
export function markWords(mark: QuarantineMark | undefined): string {
  if (mark === undefined) return "";
  if (mark.did === "dropped") return `dropped by ${mark.by}`;
  return `sent again by ${mark.by}: ${mark.sent.outcome?.type ?? "not known"}`;
}
