import { expect, test } from "vitest";
import { type Duration, milliseconds } from "./duration.ts";

test.each<[Duration, number]>([
  [0, 0],
  [1_500, 1_500],
  [0.2, 1],
  ["250 ms", 250],
  ["1 second", 1_000],
  ["90 seconds", 90_000],
  ["1.5 hours", 5_400_000],
  ["2 days", 172_800_000],
  ["1 week", 604_800_000],
])("%j is %d ms", (duration, expected) => {
  expect(milliseconds(duration)).toBe(expected);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "1 month", "soon", "-1 second", "1  day"])(
  "%j is refused",
  (duration) => {
    expect(() => milliseconds(duration as Duration)).toThrow("is no duration");
  },
);
