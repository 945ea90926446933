import fc from "fast-check";
import { expect, test } from "vitest";
import { LatencySketch } from "./latency-sketch.ts";

const durations = fc.array(fc.integer({ min: 0, max: 40 * 86_400_000 }), { minLength: 1, maxLength: 200 });

function sketchOf(values: readonly number[]): LatencySketch {
  const sketch = new LatencySketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

test("every quantile is within 1 % (or a ms) of a value that was recorded there", () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
      const answer = sketchOf(values).quantile(q) ?? -1;
      expect(Math.abs(answer - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.0101));
    }),
  );
});

test("merged and encoded sketches answer as one of all values", () => {
  fc.assert(
    fc.property(durations, durations, (one, other) => {
      const merged = LatencySketch.decode(sketchOf(one).encode());
      merged.mergeEncoded(sketchOf(other).encode());
      const whole = sketchOf([...one, ...other]);
      expect(merged.count).toBe(one.length + other.length);
      for (const q of [0, 0.5, 0.95, 0.99, 1]) expect(merged.quantile(q)).toBe(whole.quantile(q));
      expect(merged.encode()).toEqual(whole.encode());
    }),
  );
});

test("nothing recorded, no answer", () => {
  expect(new LatencySketch().quantile(0.5)).toBeUndefined();
});

test("a damaged one is an error, not an endless loop", () => {
  expect(() => LatencySketch.decode(Uint8Array.of(0x80, 0x80))).toThrow(RangeError);
});
