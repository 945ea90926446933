/**
 * The number of a run in the tables: its start in ms, times this, plus its place among the runs of that ms. So sorting by number is sorting
 * by start, without a column for it in every index. Exact integers until the year 2109. A ms with more runs borrows from the next one: its
 * last runs are listed a ms late.
 */
export const runsPerMs = 2_048;

/** The smallest number that a run which started at this time can have. */
export function firstNumber(startedAt: number): number {
  return Math.min(Math.max(0, Math.floor(startedAt)), latestStart) * runsPerMs;
}

/** When the run with this number started, or a ms later. */
export function startOf(number: number): number {
  return Math.floor(number / runsPerMs);
}

const latestStart = Math.floor(Number.MAX_SAFE_INTEGER / runsPerMs) - 1;
