import fc from "fast-check";
import { expect, test } from "vitest";
import { durationWords, plural, rateWords } from "../src/index.ts";

test.each([
  [0, "0 ms"],
  [0.4, "< 1 ms"],
  [8, "8 ms"],
  [999, "999 ms"],
  [999.6, "1.00 s"],
  [1_240, "1.24 s"],
  [9_999, "10.0 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min"],
  [192_000, "3 min 12 s"],
  [3_599_800, "1 h"],
  [7_500_000, "2 h 5 min"],
  [86_399_999, "1 d"],
  [356_400_000, "4 d 3 h"],
  [-5, "0 ms"],
  [Number.NaN, "–"],
])("%d ms reads %s", (ms, text) => expect(durationWords(ms)).toBe(text));

test.each([
  [1, "100 %"],
  [0.99999, "> 99.99 %"],
  [0.9998, "99.98 %"],
  [0.9876, "98.8 %"],
  [0.5875, "58.8 %"],
  [0.001, "0.1 %"],
  [0.0004, "< 0.1 %"],
  [0, "0 %"],
  [Number.NaN, "–"],
])("a rate of %d reads %s", (rate, text) => expect(rateWords(rate)).toBe(text));

test("a rate reads within a tenth of a percent, and as all or nothing only where it is", () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 100_000 }), (part, more) => {
      const rate = part / (part + more);
      const text = rateWords(rate);
      if (part > 0) expect(text).not.toBe("0 %");
      expect(text).not.toMatch(/^100/);
      const shown = Number(text.replace(/[<>% ]/g, ""));
      expect(Math.abs(shown - rate * 100)).toBeLessThanOrEqual(0.1);
    }),
  );
});

test("one run, two runs", () => {
  expect(plural(1, "run")).toBe("1 run");
  expect(plural(2_000, "run")).toBe("2,000 runs");
  expect(plural(2, "match", "matches")).toBe("2 matches");
});
