import { latestTime, longestDurationMs } from "@downbeat/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { oddThrown, oddValues } from "../test/odd-values.ts";
import { type Duration, milliseconds, moment } from "./duration.ts";

test.each<[Duration, number]>([
  [0, 0],
  [-0, 0],
  [1_500, 1_500],
  [0.2, 1],
  [600_000 / 7, 85_715],
  [longestDurationMs, longestDurationMs],
  ["250 ms", 250],
  ["1 second", 1_000],
  ["90 seconds", 90_000],
  ["1.5 hours", 5_400_000],
  ["2 days", 172_800_000],
  ["1 week", 604_800_000],
])("%j is %d ms", (duration, expected) => {
  expect(milliseconds(duration, "run.sleep")).toBe(expected);
});

test.each([
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  longestDurationMs + 1,
  "1 month",
  "soon",
  "",
  "-1 second",
  "1  day",
  "5300 weeks",
  `${"9".repeat(400)} days`,
])("%j is refused by name, with what is allowed", (duration) => {
  const sentence =
    /^run\.sleep can't be .+: a duration is a number of milliseconds from 0 to 3162240000000 \(100 years\)/;
  expect(() => milliseconds(duration as Duration, "run.sleep")).toThrow(RangeError);
  expect(() => milliseconds(duration as Duration, "run.sleep")).toThrow(sentence);
});

test.each<[Date | number, number]>([
  [new Date(0), 0],
  [new Date(-5), 0],
  [1.5, 2],
  [Number.NEGATIVE_INFINITY, 0],
  [latestTime, latestTime],
])("the moment %j is %d", (given, expected) => {
  expect(moment(given, "run.sleepUntil")).toBe(expected);
});

test("a moment that is none, or beyond the year 9999, is refused", () => {
  for (const given of [new Date(8.64e15), new Date(Number.NaN), Number.NaN, Infinity, latestTime + 1]) {
    expect(() => moment(given, "run.sleepUntil")).toThrow(RangeError);
    expect(() => moment(given, "run.sleepUntil")).toThrow(/^run\.sleepUntil can't be .+9999-12-31/);
  }
  expect(() => moment("2026-01-01", "run.sleepUntil")).toThrow(TypeError);
});

test("of any value, a duration and a moment are whole and within their limits, or refused in a sentence", () => {
  const check = (read: () => number, most: number) => {
    try {
      const ms = read();
      expect(Number.isSafeInteger(ms) && ms >= 0 && ms <= most).toBe(true);
      expect(Object.is(ms, -0)).toBe(false);
    } catch (error) {
      expect(error instanceof RangeError || error instanceof TypeError, String(error)).toBe(true);
    }
  };
  const both = (value: unknown) => {
    check(() => milliseconds(value as Duration, "it"), longestDurationMs);
    check(() => moment(value, "it"), latestTime);
  };
  for (const value of oddValues) both(value);
  fc.assert(fc.property(fc.oneof(fc.double(), fc.date({ noInvalidDate: false })), both));
  fc.assert(fc.property(oddThrown, (make) => both(make())));
});
