import { expect, test } from "vitest";
import { formatCompact, formatExact } from "./number.ts";

test("big numbers are made compact, others are not", () => {
  expect(formatCompact(99_999)).toBe("99,999");
  expect(formatCompact(1_234_567)).toBe("1.2M");
});

test("a number in digits is grouped and keeps each of them", () => {
  expect(formatExact("3544790567247868102.1000001")).toBe("3,544,790,567,247,868,102.1000001");
  expect(formatExact("-1234")).toBe("-1,234");
  expect(["999", "1e21", "", ".5", "12,5"].map(formatExact)).toEqual(["999", "1e21", "", ".5", "12,5"]);
});
