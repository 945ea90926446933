import { expect, test } from "vitest";
import { formatCompact, formatRate, plural } from "./number.ts";

test.each([
  [1, "100 %"],
  [0.999999, "99.99 %"],
  [0.9876, "98.7 %"],
  [0.0004, "< 0.1 %"],
  [0, "0 %"],
])("a rate of %d reads %s", (rate, text) => expect(formatRate(rate)).toBe(text));

test("big numbers are made compact, others are not", () => {
  expect(formatCompact(99_999)).toBe("99,999");
  expect(formatCompact(1_234_567)).toBe("1.2M");
});

test("one run, two runs", () => {
  expect(plural(1, "run")).toBe("1 run");
  expect(plural(2_000, "run")).toBe("2,000 runs");
});
