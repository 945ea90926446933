import fc from "fast-check";
import { expect, test } from "vitest";
import { countDifference, durationDifference, rateDifference } from "./difference-words.ts";

test.each([
  [1_476, 1_318, "12 % more than 1,318"],
  [1_318, 1_476, "11 % fewer than 1,476"],
  [1_000_001, 1_000_000, "< 0.1 % more than 1,000,000"],
  [1_020, 1_000, "2.0 % more than 1,000"],
  [6, 3, "2 times 3"],
  [7, 3, "2.3 times 3"],
  [5_000, 3, "1,667 times 3"],
  [3, 0, "none before"],
  [0, 3, "3 before"],
  [0, 0, "as before"],
  [1, 1_000, "99 % fewer than 1,000"],
])("%d beside %d is %s", (now, before, words) => {
  expect(countDifference(now, before)?.words).toBe(words);
});

test.each([
  [0.588, 0.576, "1.2 points above 57.6 %"],
  [0.9, 1, "10.0 points below 100 %"],
  [0.5, 0.5, "as before"],
  [0.50001, 0.5, "as before"],
  [0.99999, 1, "< 0.1 points below 100 %"],
  [0.51, 0.5, "1.0 point above 50.0 %"],
])("a rate of %d beside %d is %s", (now, before, words) => {
  expect(rateDifference(now, before)?.words).toBe(words);
});

test.each([
  [1_500, 1_200, "300 ms longer than 1.20 s"],
  [60_000, 3_600_000, "59 min shorter than 1 h"],
  [1_200, 1_201, "as before"],
])("%d ms beside %d ms is %s", (now, before, words) => {
  expect(durationDifference(now, before)?.words).toBe(words);
});

test("what is not there on either side differs from nothing", () => {
  expect(rateDifference(undefined, 1)).toBeUndefined();
  expect(durationDifference(1, undefined)).toBeUndefined();
  expect(countDifference(Number.NaN, 1)).toBeUndefined();
});

test("the words say the same direction as the mark, of any counts", () => {
  const counts = fc.nat(Number.MAX_SAFE_INTEGER);
  fc.assert(
    fc.property(counts, counts, (now, before) => {
      const found = countDifference(now, before);
      expect(found?.direction).toBe(now > before ? "more" : now < before ? "less" : "same");
      if (found?.words.includes("fewer")) expect(now).toBeLessThan(before);
      if (found?.words.includes("more than")) expect(now).toBeGreaterThan(before);
      expect(found?.words).not.toMatch(/NaN|Infinity|undefined/);
    }),
  );
});
