import type { JobRow, UsualDurations, UsualFigures } from "@downbeat/api/views";

/** Of fewer, nobody knows what is usual. */
export const fewestForUsual = 20;

/** What is known of the job types of a workflow, by their names. */
export type UsualOfJobs = ReadonlyMap<string, UsualFigures>;

export function usualOfJobs(usual: UsualDurations | undefined): UsualOfJobs {
  return new Map(
    usual?.jobTypes
      .filter(({ completed }) => completed >= fewestForUsual)
      .map(({ jobType, ...figures }) => [jobType, figures]),
  );
}

export function usualOfRun(usual: UsualDurations | undefined): UsualFigures | undefined {
  return usual?.run !== undefined && usual.run.completed >= fewestForUsual ? usual.run : undefined;
}

/** What the figures measure: the last attempt from its request on, the wait for a worker included. */
export function measuredAttempt(
  row: JobRow,
  now: number,
): { readonly from: number; readonly to: number; readonly isOpen: boolean } | undefined {
  const last = row.attempts.at(-1);
  if (last === undefined) return undefined;
  const to = last.endedAt ?? row.to;
  return { from: last.requestedAt, to: Math.max(last.requestedAt, to ?? now), isOpen: to === undefined };
}

/** How many times the usual, where that is worth a word: more than 95 of 100 take, and clearly more than most. */
export function slowness(tookMs: number, { p50, p95 }: UsualFigures): number | undefined {
  if (tookMs <= p95 || tookMs < p50 * leastFactor || tookMs - p50 < leastMs) return undefined;
  return tookMs / Math.max(1, p50);
}

const leastFactor = 1.5;
/** Nobody waits for less. */
const leastMs = 20;

/** `3.1×`, `48×` */
export function factorWords(factor: number): string {
  return `${factor < 10 ? factor.toFixed(1) : Math.round(factor).toLocaleString("en")}×`;
}
