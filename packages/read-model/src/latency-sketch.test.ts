import fc from "fast-check";
import { expect, test } from "vitest";
import { LatencySketch } from "./latency-sketch.ts";

const duration = fc.oneof(
  fc.integer({ min: 0, max: 40 * 86_400_000 }),
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 20_000 }),
);
const durations = fc.array(duration, { minLength: 1, maxLength: 400, size: "max" });
const quantiles = [0, 0.01, 0.07, 0.5, 0.9, 0.95, 0.99, 1];

function sketchOf(values: readonly number[]): LatencySketch {
  const sketch = new LatencySketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

/** The smallest value that so large a part of all is not above. */
function nearestRank(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = sorted.findIndex((_, place) => (place + 1) / sorted.length >= q - 1e-12);
  return sorted[index] ?? Number.NaN;
}

test("of a few durations, each percentile is the one that has that rank", () => {
  const sketch = sketchOf([306, 362, 559, 564, 919]);
  expect([0.5, 0.95, 0.99].map((q) => sketch.quantile(q))).toEqual([559, 919, 919]);
  expect(sketchOf([7]).quantile(0.5)).toBe(7);
  expect(sketchOf([0, 0, 0]).quantile(0.99)).toBe(0);
});

test("up to a hundred they are exact, beyond within 1 % of the one at that rank", () => {
  fc.assert(
    fc.property(durations, (values) => {
      const sketch = sketchOf(values);
      for (const q of quantiles) {
        const exact = nearestRank(values, q);
        const answer = sketch.quantile(q) ?? Number.NaN;
        if (values.length <= 100) expect(answer).toBe(exact);
        else expect(Math.abs(answer - exact)).toBeLessThanOrEqual(exact * 0.01);
      }
    }),
  );
});

test("each duration up to a minute keeps within 1 % in a crowd of its own", () => {
  for (let ms = 0; ms <= 60_000; ms += ms < 2_000 ? 1 : 97) {
    const sketch = sketchOf(Array.from({ length: 101 }, () => ms));
    expect(Math.abs((sketch.quantile(0.5) ?? Number.NaN) - ms)).toBeLessThanOrEqual(ms * 0.01);
  }
});

test("sketches that are put together from parts answer as one of all values, whatever the parts and their order", () => {
  fc.assert(
    fc.property(fc.array(durations, { minLength: 1, maxLength: 5 }), (parts) => {
      const whole = sketchOf(parts.flat());
      for (const order of [parts, parts.toReversed()]) {
        const merged = new LatencySketch();
        for (const part of order) merged.mergeEncoded(sketchOf(part).encode());
        expect(merged.count).toBe(whole.count);
        expect(merged.encode()).toEqual(whole.encode());
        for (const q of quantiles) expect(merged.quantile(q)).toBe(whole.quantile(q));
      }
    }),
  );
});

test("nothing recorded, no answer", () => {
  expect(new LatencySketch().quantile(0.5)).toBeUndefined();
  expect(LatencySketch.decode(new LatencySketch().encode()).count).toBe(0);
});

test("a damaged one is an error, not an endless loop", () => {
  expect(() => LatencySketch.decode(Uint8Array.of(0x80, 0x80))).toThrow(RangeError);
});
