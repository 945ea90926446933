import { expect, test } from "vitest";
import { latestTime, longestDurationMs } from "../src/index.ts";

test("the longest duration after the latest time is still a date", () => {
  expect(Number.isSafeInteger(latestTime + longestDurationMs)).toBe(true);
  expect(new Date(latestTime + longestDurationMs).getTime()).toBe(latestTime + longestDurationMs);
  expect(new Date(latestTime).toISOString()).toBe("9999-12-31T00:00:00.000Z");
});
