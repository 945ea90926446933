import { expect, test } from "vitest";
import { formatDuration, formatRunningDuration } from "./duration.ts";

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
])("%d ms reads %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

test("a growing duration shows whole seconds only", () => {
  expect(formatRunningDuration(940)).toBe("0 s");
  expect(formatRunningDuration(12_940)).toBe("12 s");
  expect(formatRunningDuration(192_900)).toBe("3 min 12 s");
});
