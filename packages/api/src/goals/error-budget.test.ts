import fc from "fast-check";
import { expect, test } from "vitest";
import { attainedWords, burnRate, errorBudget, goodAndBad } from "./error-budget.ts";

const aims = fc
  .oneof(fc.integer({ min: 1_000, max: 99_999 }), fc.constantFrom(95_000, 99_000, 99_900, 99_999, 50_000))
  .map((thousandths) => ({ thousandths, percent: thousandths / 1_000 }));
const counts = fc.record({ good: fc.nat(1_000_000_000), bad: fc.nat(1_000_000) });

test("a budget is what exact arithmetic says, and a goal is missed exactly when its share is not reached", () => {
  fc.assert(
    fc.property(aims, counts, ({ thousandths, percent }, { good, bad }) => {
      const { allowed, left, leftShare } = errorBudget({ percent }, { good, bad });
      const counted = BigInt(good + bad);
      expect(BigInt(allowed)).toBe((counted * BigInt(100_000 - thousandths)) / 100_000n);
      expect(left).toBe(allowed - bad);
      expect(left >= 0).toBe(BigInt(good) * 100_000n >= counted * BigInt(thousandths));
      expect(leftShare === undefined).toBe(counted === 0n);
      // One bad run fewer than the budget has is within it.
      if (leftShare !== undefined && left > 0) expect(leftShare).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
}, 60_000);

test("the share that is attained never reads as the goal while the goal is missed", () => {
  fc.assert(
    fc.property(aims, counts, ({ percent }, ends) => {
      const { left } = errorBudget({ percent }, ends);
      const words = attainedWords({ percent }, ends);
      if (ends.good + ends.bad === 0) {
        expect(words).toBe("–");
        return;
      }
      const shown = Number(words.replace(" %", ""));
      if (left < 0) expect(shown).toBeLessThan(percent);
      else expect(shown).toBeGreaterThanOrEqual(percent);
    }),
    { numRuns: 500 },
  );
}, 60_000);

test("95 % of a hundred leaves five, however the percent is written in binary", () => {
  expect(errorBudget({ percent: 95 }, { good: 95, bad: 5 })).toEqual({ allowed: 5, left: 0, leftShare: 0 });
  expect(errorBudget({ percent: 99.9 }, { good: 999, bad: 1 })).toEqual({
    allowed: 1,
    left: 0,
    leftShare: 0,
  });
  expect(errorBudget({ percent: 90 }, { good: 8, bad: 2 })).toEqual({ allowed: 1, left: -1, leftShare: -1 });
  expect(attainedWords({ percent: 95 }, { good: 9_499, bad: 501 })).toBe("94.9 %");
  expect(attainedWords({ percent: 99.99 }, { good: 99_989, bad: 11 })).toBe("99.989 %");
  expect(attainedWords({ percent: 95 }, { good: 7, bad: 0 })).toBe("100 %");
  expect(attainedWords({ percent: 95 }, { good: 0, bad: 3 })).toBe("0 %");
});

test("a budget that is spent as fast as it may be forever burns at 1", () => {
  expect(burnRate({ percent: 95 }, { good: 95, bad: 5 })).toBe(1);
  expect(burnRate({ percent: 99 }, { good: 97, bad: 3 })).toBe(3);
  expect(burnRate({ percent: 99 }, { good: 10, bad: 0 })).toBe(0);
  expect(burnRate({ percent: 99 }, { good: 0, bad: 0 })).toBeUndefined();
});

test("what is cancelled counts only where the goal says so", () => {
  const ends = { completedInTime: 10, completedLate: 2, failed: 3, cancelled: 4 };
  expect(goodAndBad({ percent: 95 }, ends)).toEqual({ good: 10, bad: 5 });
  expect(goodAndBad({ percent: 95, countsCancelled: true }, ends)).toEqual({ good: 10, bad: 9 });
});
