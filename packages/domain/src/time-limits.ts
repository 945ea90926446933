/** Longest time-out, interval, delay or sleep that can be asked for: a century of leap years, ms. */
export const longestDurationMs = 100 * 366 * 86_400_000;

/** What was asked for a service's sake is waited for no longer: a day, ms. */
export const longestRetryAfterMs = 86_400_000;

/**
 * The last time that can be asked for or written down: the beginning of the last day with a year of four digits. Even a longest
 * duration after it is a whole number that JSON, SQL and `Date` all hold.
 */
export const latestTime = 253_402_214_400_000;

/** A computed time as it may be stored: whole, and not after the last. Older histories hold durations with fractions and without limits. */
export function wholeTime(ms: number): number {
  return Math.min(latestTime, Math.ceil(ms));
}
