import { durationWords } from "@downbeat/domain";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { timedText } from "./timed-text.ts";
import { showTimesOf } from "./zone.ts";

afterEach(() => showTimesOf(undefined));

const now = Date.UTC(2026, 10, 27, 12);
const hour = 3_600_000;

function sleepingUntil(at: number): string {
  const text = "Sleeping until Fri 27 Nov 13:51 UTC.";
  return timedText(text, [{ from: 15, to: text.length - 1, at, says: "moment" }], now);
}

test("a moment is told by the clocks of the page, with its day where that is not today there", () => {
  showTimesOf("Asia/Tokyo");
  expect(sleepingUntil(now + 1 * hour)).toBe("Sleeping until 22:00:00.");
  expect(sleepingUntil(now + 4 * hour)).toMatch(/^Sleeping until Nov 28, 01:00:00\.$/);
  expect(sleepingUntil(now - 22 * hour)).toMatch(/^Sleeping until Nov 26, 23:00:00\.$/);
  expect(sleepingUntil(Date.UTC(2027, 0, 3))).toMatch(/^Sleeping until Jan 3, 2027, 09:00:00\.$/);
  showTimesOf("America/Los_Angeles");
  expect(sleepingUntil(now + 4 * hour)).toBe("Sleeping until 08:00:00.");
});

test("how long something lasts goes on", () => {
  const text = "Stuck for 915 ms: bookHotel failed with Late: after 915 ms.";
  const times = [{ from: 10, to: 16, at: now, says: "elapsed" }] as const;
  expect(timedText(text, times, now + 12_300)).toBe(
    "Stuck for 12 s: bookHotel failed with Late: after 915 ms.",
  );
  expect(timedText(text, times, now + 90 * 60_000)).toMatch(/^Stuck for 1 h 30 min: bookHotel/);
});

test("times in somebody's own words stay as they are", () => {
  for (const text of [
    "Failed with Late: closed at 2026-11-27 13:51:04 UTC.",
    "until Fri 27 Nov 2026 13:51 UTC",
  ])
    expect(timedText(text, undefined, now)).toBe(text);
});

test("no number and no place in data breaks a sentence", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.double(),
      fc.double(),
      fc.nat(80),
      fc.nat(80),
      (text, at, when, from, length) => {
        for (const says of ["moment", "elapsed"] as const)
          timedText(text, [{ from, to: from + length, at, says }], when);
        durationWords(at);
      },
    ),
  );
});
