import { expect, test } from "vitest";
import {
  countTicks,
  durationScale,
  durationTicks,
  labelledBuckets,
  lineParts,
  sumScale,
} from "./chart-scale.ts";

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [83, [0, 50, 100]],
  [190, [0, 50, 100, 150, 200]],
  [1_234, [0, 500, 1_000, 1_500]],
])("counts up to %d are read at %o", (highest, ticks) => expect(countTicks(highest)).toEqual(ticks));

test("sums below 0 stand below it", () => {
  const { ticks, share } = sumScale(-30, 83);
  expect(ticks).toEqual([-50, 0, 50, 100]);
  expect(share(-50)).toBe(0);
  expect(share(0)).toBeCloseTo(1 / 3);
  expect(share(-30)).toBeLessThan(share(0));
  expect(share(100)).toBe(1);
  expect(sumScale(-3, 0).ticks).toEqual([-3, -2, -1, 0]);
  expect(sumScale(0, 3).ticks).toEqual([0, 1, 2, 3]);
  for (const value of [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, -1e300]) {
    expect(sumScale(value, 5).share(value)).toBeGreaterThanOrEqual(0);
    expect(sumScale(value, 5).ticks.length).toBeLessThan(12);
  }
});

test("durations have round units", () => {
  expect(durationTicks(3_700)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
  expect(durationTicks(150_000)).toEqual([0, 60_000, 120_000, 180_000]);
  expect(durationTicks(0)).toEqual([0, 1]);
});

test("labels stand at round times and never touch", () => {
  const minutes = Array.from({ length: 60 }, (_, index) => Date.UTC(2026, 10, 23, 14, 7 + index));
  const at = labelledBuckets(minutes, 60_000, 600, () => 0).map(({ index }) =>
    new Date(minutes[index] ?? 0).getUTCMinutes(),
  );
  expect(at).toEqual([10, 20, 30, 40, 50, 0]);
  expect(labelledBuckets([], 60_000, 600, () => 0)).toEqual([]);
});

test("a label at an edge stays inside, and is left out where it would touch its neighbour", () => {
  const half = 43_200_000;
  const days = Array.from({ length: 62 }, (_, index) => Date.UTC(2026, 9, 27) + index * half);
  for (let width = 300; width < 1_500; width += 7) {
    const bucket = width / days.length;
    const placed = labelledBuckets(days, half, width, () => 0).map(({ index, anchor }) => {
      const x = (index + 0.5) * bucket;
      const from = anchor === "end" ? x - 84 : x - 42;
      return { from, to: from + 84 };
    });
    expect(placed.length).toBeGreaterThan(0);
    for (const [at, { from, to }] of placed.entries()) {
      expect(from).toBeGreaterThanOrEqual(-42);
      expect(to).toBeLessThanOrEqual(width);
      expect(placed[at + 1]?.from ?? width).toBeGreaterThanOrEqual(to - 1e-6);
    }
  }
});

test("days are labelled at local midnight", () => {
  const zone = 9 * 3_600_000;
  const hours = Array.from({ length: 48 }, (_, index) => Date.UTC(2026, 10, 23) + index * 3_600_000);
  const labelled = labelledBuckets(hours, 3_600_000, 300, () => zone);
  expect(labelled.map(({ index }) => ((hours[index] ?? 0) + zone) % 86_400_000)).toEqual([0, 0]);
});

test("durations are read on a linear axis unless one dwarfs the others", () => {
  expect(durationScale([1_000, 3_700])).toMatchObject({
    ticks: [0, 1_000, 2_000, 3_000, 4_000],
    isLogarithmic: false,
  });
  const wide = durationScale([800, 1_360_000]);
  expect(wide.ticks).toEqual([100, 1_000, 10_000, 60_000, 600_000, 3_600_000]);
  expect([wide.share(100), wide.share(3_600_000)]).toEqual([0, 1]);
  expect(wide.share(1_000)).toBeGreaterThan(0.15);
});

test("a line is broken where there is nothing", () => {
  expect(lineParts([1, 2, undefined, 4])).toEqual([
    [
      { index: 0, value: 1 },
      { index: 1, value: 2 },
    ],
    [{ index: 3, value: 4 }],
  ]);
});
