import { exactSum, exactText, exactZero } from "@downbeat/domain";
import type { MeasuredBucket } from "../views.ts";
import type { LookedAt } from "./measured-runs.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Where bands of durations begin, ms: each some three times the one before. */
export const durationBands: readonly number[] = [
  0,
  100,
  300,
  second,
  3 * second,
  10 * second,
  30 * second,
  minute,
  3 * minute,
  10 * minute,
  30 * minute,
  hour,
  3 * hour,
  10 * hour,
  day,
  3 * day,
  10 * day,
  30 * day,
];

interface Bucket {
  readonly at: number;
  readonly to: number;
  runs: number;
  sum: typeof exactZero;
  readonly byDuration: number[];
}

/** Runs by time and, those that completed, by how long they took. */
export class DurationMap {
  readonly #buckets: Bucket[] = [];
  readonly #hasNumber: boolean;

  /** @param bounds where buckets begin, and where the last one ends */
  constructor(bounds: readonly number[], hasNumber: boolean) {
    this.#hasNumber = hasNumber;
    for (const [index, at] of bounds.entries()) {
      const to = bounds[index + 1];
      if (to !== undefined)
        this.#buckets.push({ at, to, runs: 0, sum: exactZero, byDuration: durationBands.map(() => 0) });
    }
  }

  add({ shown, startedAt, endedAt, number }: LookedAt, time: number): void {
    const bucket = this.#buckets[this.#indexOf(time)];
    if (bucket === undefined) return;
    bucket.runs++;
    if (number !== undefined) bucket.sum = exactSum(bucket.sum, number);
    if (shown !== "completed" || endedAt === undefined) return;
    const took = Math.max(0, endedAt - startedAt);
    const band = durationBands.findLastIndex((begin) => begin <= took);
    bucket.byDuration[band] = (bucket.byDuration[band] ?? 0) + 1;
  }

  get buckets(): readonly MeasuredBucket[] {
    return this.#buckets.map(({ at, to, runs, sum, byDuration }) => ({
      at,
      to,
      runs,
      ...(this.#hasNumber && { sum: exactText(sum) }),
      byDuration,
    }));
  }

  #indexOf(time: number): number {
    let low = 0;
    let high = this.#buckets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#buckets[middle]?.at ?? 0) <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
