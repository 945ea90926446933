import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zoneOffset } from "../zone.ts";
import { bucketBounds } from "./bucket-bounds.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** As the clocks of the zone show it. */
function shown(at: number, timeZone: string): string {
  return new Date(at + zoneOffset(at, timeZone)).toISOString().slice(0, 16);
}

function lengths(bounds: readonly number[]): number[] {
  return bounds.slice(1).map((at, index) => (at - (bounds[index] ?? 0)) / hour);
}

describe("a day begins and ends at the midnights of its zone", () => {
  test.each([
    ["America/Los_Angeles", Date.UTC(2026, 2, 7, 20), [24, 23, 24]],
    ["America/Los_Angeles", Date.UTC(2026, 9, 31, 20), [24, 25, 24]],
    ["Europe/Berlin", Date.UTC(2026, 2, 28, 12), [24, 23, 24]],
    // Clocks go from 00:00 to 01:00 there: that day begins at one.
    ["Africa/Cairo", Date.UTC(2026, 3, 23, 12), [24, 23, 24]],
    // 30 December was left out, when the zone went over the date line.
    ["Pacific/Apia", Date.UTC(2011, 11, 28, 22), [24, 24, 24]],
    ["Asia/Kathmandu", Date.UTC(2026, 2, 7, 20), [24, 24, 24]],
  ])("in %s", (zone, from, hours) => {
    const bounds = bucketBounds(from, from + 2 * day, day, zone);
    expect(lengths(bounds)).toEqual(hours);
    for (const at of bounds) if (zone !== "Africa/Cairo") expect(shown(at, zone)).toMatch(/T00:00$/);
  });
});

test("an hour that the clocks show twice is two, one that they leave out none", () => {
  const back = bucketBounds(Date.UTC(2026, 9, 24, 23), Date.UTC(2026, 9, 25, 3), hour, "Europe/Berlin");
  expect(back.map((at) => shown(at, "Europe/Berlin").slice(11))).toEqual([
    "01:00",
    "02:00",
    "02:00",
    "03:00",
    "04:00",
  ]);
  const on = bucketBounds(Date.UTC(2026, 2, 29, 0), Date.UTC(2026, 2, 29, 2), hour, "Europe/Berlin");
  expect(on.map((at) => shown(at, "Europe/Berlin").slice(11))).toEqual(["01:00", "03:00", "04:00"]);
});

test("buckets cover the period without a gap, and begin at round times of whatever zone", () => {
  const zones = [
    "UTC",
    "America/Los_Angeles",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Nuuk",
  ];
  const minute = 60_000;
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(minute, 7 * minute, 15 * minute, hour, 3 * hour, 12 * hour, day, 3 * day),
      fc.integer({ min: 4 * day, max: Date.UTC(2100, 0) }),
      fc.integer({ min: 1, max: 60 }),
      (zone, length, from, count) => {
        const to = from + count * length;
        const bounds = bucketBounds(from, to, length, zone);
        const [first = 0] = bounds;
        expect(first).toBeLessThanOrEqual(from);
        expect(bounds.at(-1)).toBeGreaterThanOrEqual(to);
        expect(bounds.at(-2)).toBeLessThan(to);
        for (const [index, at] of bounds.entries()) {
          expect(at % minute).toBe(0);
          const before = bounds[index - 1];
          if (before !== undefined) expect(at).toBeGreaterThan(before);
          if (zone === "UTC") expect(at % length).toBe(0);
        }
        // Clocks have never been changed by more than a day.
        for (const hours of lengths(bounds)) expect(hours * hour).toBeLessThanOrEqual(2 * length + day);
      },
    ),
    { numRuns: 300 },
  );
});
