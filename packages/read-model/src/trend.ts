import type { Trend } from "./views.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** In what buckets causes are counted, and how long each is kept: somewhat longer than the longest trend that is made of it. */
export const causeSpans = [
  { span: 10 * minute, keptMs: 6 * hour },
  { span: hour, keptMs: 8 * day },
] as const;

/** After so long without anything new, since when there was a cause is not known any more. */
export const forgottenAfterMs = 90 * day;

interface TrendPlan {
  /** A cause that is younger has this trend. */
  readonly youngerThanMs: number;
  readonly span: number;
  readonly bucketMs: number;
  readonly buckets: number;
}

const plans: readonly TrendPlan[] = [
  { youngerThanMs: 4 * hour, span: 10 * minute, bucketMs: 10 * minute, buckets: 24 },
  { youngerThanMs: day, span: hour, bucketMs: hour, buckets: 24 },
  { youngerThanMs: Number.POSITIVE_INFINITY, span: hour, bucketMs: 6 * hour, buckets: 28 },
];

export interface TrendFrame extends Omit<Trend, "counts"> {
  /** Of the figures that it is made of. */
  readonly span: number;
  readonly buckets: number;
}

/** The buckets that show a cause of that age best. The last one holds the present. */
export function trendFrame(firstSeen: number, now: number): TrendFrame {
  const plan = plans.find(({ youngerThanMs }) => now - firstSeen < youngerThanMs) as TrendPlan;
  const { span, bucketMs, buckets } = plan;
  return { from: (Math.floor(now / bucketMs) + 1 - buckets) * bucketMs, bucketMs, span, buckets };
}

/** @param figures what was counted, by when */
export function trendOf(
  { from, bucketMs, buckets }: TrendFrame,
  figures: Iterable<{ readonly at: number; readonly n: number }>,
): Trend {
  const counts = Array.from({ length: buckets }, () => 0);
  for (const { at, n } of figures) {
    // What an engine's clock has after this moment counts as now.
    const index = Math.min(buckets - 1, Math.floor((at - from) / bucketMs));
    if (index >= 0) counts[index] = (counts[index] ?? 0) + n;
  }
  return { from, bucketMs, counts };
}
