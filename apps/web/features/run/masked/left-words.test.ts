import { expect, test } from "vitest";
import { leftWords } from "./left-words.ts";

test("the time that is left is said to the second", () => {
  expect([600_000, 599_001, 65_000, 1, 0, -5].map(leftWords)).toEqual([
    "10:00 min",
    "10:00 min",
    "1:05 min",
    "0:01 min",
    "0:00 min",
    "0:00 min",
  ]);
});
