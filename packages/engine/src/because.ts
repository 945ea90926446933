/** What a sentence ends with when something is known to have caused what it says. */
export function because(reason: unknown): string {
  return reason instanceof Error ? `: ${reason.message}` : "";
}
