import { expect, test } from "vitest";
import { durationText } from "./duration-text.ts";

test.each([
  ["5ms", 5],
  ["0 s", 0],
  ["7s", 7_000],
  ["15min", 900_000],
  ["12 h", 43_200_000],
  ["30d", 2_592_000_000],
  ["999999999ms", 999_999_999],
])("%s is %i ms", (text, ms) => {
  expect(durationText.parse(text)).toBe(ms);
});

test.each([
  "",
  "5",
  "ms",
  "5 weeks",
  "-5ms",
  "5.5s",
  "x5ms",
  "5msx",
  "5  ms",
  "1000000000ms",
  "5constructor",
])("%j is no duration", (text) => {
  expect(durationText.safeParse(text).error?.issues[0]?.message).toBe(
    "a number and its unit (ms, s, min, h or d), such as 30d",
  );
});

test("a duration is a century at most", () => {
  expect(durationText.parse("36525d")).toBe(36_525 * 86_400_000);
  for (const text of ["36526d", "36525001h"])
    expect(durationText.safeParse(text).error?.issues).toMatchObject([
      { message: "a century (36525d) at most" },
    ]);
});
