import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { formatFull, isoTime } from "./absolute-time.ts";
import { fromWallTime, parseZone, showTimesOf, zoneOffset } from "./zone.ts";

afterEach(() => showTimesOf(undefined));

const zones = [
  "UTC",
  "America/Los_Angeles",
  "Europe/Berlin",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Australia/Lord_Howe",
];
const hour = 3_600_000;

test("what the clocks of a zone are ahead of UTC, in summer and in winter", () => {
  expect(zoneOffset(Date.UTC(2026, 0, 1), "Europe/Berlin")).toBe(hour);
  expect(zoneOffset(Date.UTC(2026, 6, 1), "Europe/Berlin")).toBe(2 * hour);
  expect(zoneOffset(Date.UTC(2026, 0, 1), "America/Los_Angeles")).toBe(-8 * hour);
  expect(zoneOffset(Date.UTC(2026, 0, 1, 0, 0, 0, 500), "Asia/Kathmandu")).toBe(5.75 * hour);
});

test("a wall clock's time is found again, but for those that a clock change leaves out or has twice", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) }),
      (zone, at) => {
        const wall = at + zoneOffset(at, zone);
        const found = fromWallTime(wall, zone);
        // One that is had twice may be either; it is the same on the clock.
        expect(found + zoneOffset(found, zone)).toBe(wall);
      },
    ),
  );
  // 02:30 does not exist on that day: the clocks went from 02:00 to 03:00.
  const left = Date.UTC(2026, 2, 29, 2, 30);
  expect(new Date(fromWallTime(left, "Europe/Berlin")).toISOString()).toBe("2026-03-29T01:30:00.000Z");
});

test("no number in data breaks a formatter", () => {
  for (const zone of zones) {
    showTimesOf(zone);
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.maxSafeInteger()), (at) => {
        expect(formatFull(at)).not.toBe("");
        isoTime(at);
      }),
      { numRuns: 50 },
    );
  }
  expect(formatFull(Number.NaN)).toBe("an impossible time");
  expect(formatFull(8.65e15)).toBe("an impossible time");
});

test("only zones that exist are zones", () => {
  expect(parseZone("utc")).toBe("UTC");
  expect(parseZone("Europe/Berlin")).toBe("Europe/Berlin");
  for (const text of ["", null, "Mars/Base", "x".repeat(100), "../etc"])
    expect(parseZone(text)).toBeUndefined();
});
