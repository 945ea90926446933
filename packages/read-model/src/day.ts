export const dayMs = 86_400_000;

/** The beginning of the day (UTC) that a time is in, ms since the epoch. */
export function dayOf(at: number): number {
  return at - (at % dayMs);
}
