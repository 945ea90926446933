import { beforeEach, expect, test } from "vitest";
import { showTimesOf } from "../../lib/zone.ts";
import { asideWords, isResolved, isSetAside, standingWords } from "./mark-words.ts";
import { trendWords } from "./trend-words.ts";

beforeEach(() => showTimesOf("UTC"));

const at = Date.UTC(2026, 10, 23, 14, 2);

test("how a cause stands is said with its moment, in the zone that is shown", () => {
  expect(standingWords("muted", { mutedUntil: at })).toBe("Muted until Nov 23, 14:02");
  expect(standingWords("resolved", { resolvedAt: at })).toBe("Resolved Nov 23, 14:02");
  expect(standingWords("cameBack", { resolvedAt: at })).toBe("Came back: resolved Nov 23, 14:02");
  expect(standingWords("open", { resolvedAt: at })).toBeUndefined();
  showTimesOf("Asia/Tokyo");
  expect(standingWords("muted", { mutedUntil: at })).toBe("Muted until Nov 23, 23:02");
});

test("a cause is resolved until something comes after", () => {
  expect(isResolved(undefined, at)).toBe(false);
  expect(isResolved({}, at)).toBe(false);
  expect(isResolved({ resolvedAt: at }, undefined)).toBe(true);
  expect(isResolved({ resolvedAt: at }, at)).toBe(true);
  expect(isResolved({ resolvedAt: at }, at + 1)).toBe(false);
});

test("what is set aside is what is muted or resolved, and not what came back", () => {
  expect((["open", "muted", "resolved", "cameBack"] as const).filter(isSetAside)).toEqual([
    "muted",
    "resolved",
  ]);
  expect(asideWords(["muted", "resolved", "muted"])).toBe("2 muted, 1 resolved");
  expect(asideWords(["resolved", "open", "cameBack"])).toBe("1 resolved, 2 notes");
});

test("a trend says how many were new, and how many at most at once", () => {
  const tenMinutes = 600_000;
  expect(trendWords({ from: 0, bucketMs: tenMinutes, counts: Array(24).fill(0) })).toMatch(
    /^Nothing new in the last 4 h/,
  );
  const words = trendWords({ from: 0, bucketMs: tenMinutes, counts: [...Array(22).fill(0), 1_200, 34] });
  expect(words).toMatch(/^1,234 new in the last 4 h.*, at most 1,200 in 10 min/);
});
