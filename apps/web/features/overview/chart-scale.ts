const steps = [1, 2, 5, 10];

/** Round values from 0 that hold the highest: at most `most` of them above 0. */
export function countTicks(highest: number, most = 4): readonly number[] {
  const rough = Math.max(1, highest) / most;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = Math.max(1, (steps.find((each) => each * power >= rough) ?? 10) * power);
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < highest) ticks.push((ticks.at(-1) ?? 0) + step);
  return ticks.length === 1 ? [0, step] : ticks;
}

const durations = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
];

/** Round durations from 0 that hold the longest. */
export function durationTicks(longest: number, most = 4): readonly number[] {
  const rough = Math.max(1, longest) / most;
  const step = durations.find((each) => each >= rough) ?? Math.ceil(rough / 86_400_000) * 86_400_000;
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < longest) ticks.push((ticks.at(-1) ?? 0) + step);
  return ticks.length === 1 ? [0, step] : ticks;
}

const labelSteps = [
  60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000,
  43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

export interface BucketLabel {
  readonly index: number;
  /** How it stands to the middle of its bucket: at the right edge it stays inside; on the left there is room beside the axis. */
  readonly anchor: "middle" | "end";
}

/**
 * Which buckets get a label: those that begin at round local times, so far apart that none touch.
 *
 * @param width of all buckets, px
 * @param zoneMs what local time is ahead of UTC at a time
 */
export function labelledBuckets(
  times: readonly number[],
  bucketMs: number,
  width: number,
  zoneMs: (at: number) => number,
  apart = 84,
): readonly BucketLabel[] {
  const bucketWidth = width / Math.max(1, times.length);
  const least = (apart / bucketWidth) * bucketMs;
  const step = labelSteps.find((each) => each >= least) ?? Math.ceil(least / 604_800_000) * 604_800_000;
  const labels: BucketLabel[] = [];
  let free = 0;
  for (const [index, at] of times.entries()) {
    if ((at + zoneMs(at)) % step >= bucketMs) continue;
    const x = (index + 0.5) * bucketWidth;
    const anchor = x > width - apart / 2 ? "end" : "middle";
    const from = anchor === "end" ? x - apart : x - apart / 2;
    if (labels.length > 0 && from < free) continue;
    labels.push({ index, anchor });
    free = from + apart;
  }
  return labels;
}

export interface ValueScale {
  readonly ticks: readonly number[];
  /** Where a value stands between bottom (0) and top (1). */
  readonly share: (value: number) => number;
  readonly isLogarithmic: boolean;
}

export function countScale(highest: number): ValueScale {
  return linear(countTicks(bounded(highest)));
}

/** For sums, which may be below 0: with ticks on both sides of it. */
export function sumScale(lowest: number, highest: number): ValueScale {
  const [below, above] = [bounded(-lowest), bounded(highest)];
  if (below === 0) return countScale(above);
  const [, step = 1] = countTicks(Math.max(below, above));
  const [low, high] = [-Math.ceil(below / step) * step, Math.ceil(above / step) * step];
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);
  const within = (value: number): number => (value < 0 ? -bounded(-value) : bounded(value));
  return {
    ticks,
    share: (value) => Math.min(1, Math.max(0, (within(value) - low) / (high - low))),
    isLogarithmic: false,
  };
}

/** Beyond, steps between numbers are too coarse to count with; what is no number is drawn as nothing. */
const farthest = 1e15;

function bounded(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(0, Math.min(farthest, value));
}

const decades = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 864_000_000];
/** Where the longest is this many times the shortest, a linear axis would press all but the longest flat. */
const wideRatio = 40;

export function durationScale(durations: readonly number[]): ValueScale {
  const values = durations.map(bounded);
  const longest = Math.max(1, ...values);
  const shortest = Math.max(1, Math.min(longest, ...values));
  if (longest / shortest < wideRatio) return linear(durationTicks(longest));
  const from = decades.findLast((each) => each <= shortest) ?? 1;
  const to = decades.find((each) => each >= longest) ?? longest;
  const [low, high] = [Math.log(from), Math.log(Math.max(to, from + 1))];
  return {
    ticks: decades.filter((each) => each >= from && each <= to),
    share: (value) => (Math.log(Math.max(from, bounded(value))) - low) / (high - low),
    isLogarithmic: true,
  };
}

function linear(ticks: readonly number[]): ValueScale {
  const highest = ticks.at(-1) ?? 1;
  return { ticks, share: (value) => Math.min(1, bounded(value) / highest), isLogarithmic: false };
}

/** Stretches of a line between which there is no value: a bucket in which nothing ended has no duration, not zero. */
export function lineParts(
  values: readonly (number | undefined)[],
): readonly (readonly { index: number; value: number }[])[] {
  const parts: { index: number; value: number }[][] = [];
  let open: { index: number; value: number }[] | undefined;
  values.forEach((value, index) => {
    if (value === undefined) {
      open = undefined;
      return;
    }
    if (open === undefined) parts.push((open = []));
    open.push({ index, value });
  });
  return parts;
}
