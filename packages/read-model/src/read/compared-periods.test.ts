import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketBounds } from "./bucket-bounds.ts";
import { comparedPeriods } from "./compared-periods.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const utc = (text: string): number => Date.parse(`${text}Z`);
const much = Number.MAX_SAFE_INTEGER;

const earlierOf = (
  from: string,
  to: string,
  compared: "before" | "week",
  { timeZone = "UTC", knownTo = much }: { timeZone?: string; knownTo?: number } = {},
) => {
  const found = comparedPeriods({ from: utc(from), to: utc(to), timeZone, knownTo, with: compared });
  const text = (at: number): string => new Date(at).toISOString().slice(0, 16);
  return [text(found.earlier.from), text(found.earlier.to)];
};

test("before a period of any length lies one that is as long", () => {
  expect(earlierOf("2026-11-24T10:15", "2026-11-24T11:00", "before")).toEqual([
    "2026-11-24T09:30",
    "2026-11-24T10:15",
  ]);
});

test("before days lie days of the zone's clocks, though one of them has 25 hours", () => {
  // Berlin's clocks went back on 25 October 2026.
  expect(earlierOf("2026-10-25T23:00", "2026-10-26T23:00", "before", { timeZone: "Europe/Berlin" })).toEqual([
    "2026-10-24T22:00",
    "2026-10-25T23:00",
  ]);
});

test("before a month lies a month, before a quarter a quarter", () => {
  expect(earlierOf("2026-03-01T00:00", "2026-04-01T00:00", "before")).toEqual([
    "2026-02-01T00:00",
    "2026-03-01T00:00",
  ]);
  expect(earlierOf("2026-01-01T00:00", "2026-04-01T00:00", "before")).toEqual([
    "2025-10-01T00:00",
    "2026-01-01T00:00",
  ]);
});

test.each([
  ["America/Santiago", ["2026-09-05T04:00", "2026-09-06T04:00", "2026-09-07T03:00", "2026-09-08T03:00"]],
  ["Africa/Cairo", ["2026-04-22T22:00", "2026-04-23T22:00", "2026-04-24T21:00", "2026-04-25T21:00"]],
  ["Asia/Beirut", ["2026-03-27T22:00", "2026-03-28T22:00", "2026-03-29T21:00", "2026-03-30T21:00"]],
  ["America/Havana", ["2026-03-07T05:00", "2026-03-08T05:00", "2026-03-09T04:00", "2026-03-10T04:00"]],
  // And where they go back at midnight.
  ["America/Santiago", ["2026-04-03T03:00", "2026-04-04T03:00", "2026-04-05T04:00", "2026-04-06T04:00"]],
  ["America/Havana", ["2026-10-31T04:00", "2026-11-01T04:00", "2026-11-02T05:00", "2026-11-03T05:00"]],
] as const)(
  "days of %s are compared whole, though midnight is left out or comes twice: %s",
  (timeZone, days) => {
    const [before, changed, after, next] = days;
    expect(bucketBounds(utc(before), utc(next), day, timeZone)).toEqual(days.map(utc));
    expect(earlierOf(changed, after, "before", { timeZone })).toEqual([before, changed]);
    expect(earlierOf(after, next, "before", { timeZone })).toEqual([changed, after]);
  },
);

test("the first of two hours that look the same has one a week ago", () => {
  const berlin = { timeZone: "Europe/Berlin" };
  const aWeekAgo = ["2026-10-18T00:00", "2026-10-18T01:00"];
  expect(earlierOf("2026-10-25T00:00", "2026-10-25T01:00", "week", berlin)).toEqual(aWeekAgo);
  expect(earlierOf("2026-10-25T01:00", "2026-10-25T02:00", "week", berlin)).toEqual(aWeekAgo);
  const knownTo = utc("2026-10-25T00:20");
  expect(earlierOf("2026-10-25T00:00", "2026-10-25T01:00", "week", { ...berlin, knownTo })).toEqual([
    "2026-10-18T00:00",
    "2026-10-18T00:20",
  ]);
});

test("a week ago the clocks showed the same", () => {
  expect(earlierOf("2026-10-27T08:00", "2026-10-27T09:00", "week", { timeZone: "Europe/Berlin" })).toEqual([
    "2026-10-20T07:00",
    "2026-10-20T08:00",
  ]);
});

test("of a period that is not over, whole minutes until now are compared with the same part of the earlier one", () => {
  const knownTo = utc("2026-11-24T10:40:31");
  const asked = { from: utc("2026-11-24T10:00"), to: utc("2026-11-24T11:00"), timeZone: "UTC", knownTo };
  expect(comparedPeriods({ ...asked, with: "before" })).toEqual({
    current: { from: asked.from, to: utc("2026-11-24T10:40") },
    earlier: { from: utc("2026-11-24T09:00"), to: utc("2026-11-24T09:40") },
    isPart: true,
  });
});

test("the 30th of a month is compared with no more than a shorter month has", () => {
  const knownTo = utc("2026-03-30T12:00");
  expect(earlierOf("2026-03-01T00:00", "2026-04-01T00:00", "before", { knownTo })).toEqual([
    "2026-02-01T00:00",
    "2026-03-01T00:00",
  ]);
});

test("a period that has not begun is compared as nothing with nothing", () => {
  const asked = { from: utc("2026-11-24T10:00"), to: utc("2026-11-24T11:00"), timeZone: "UTC" };
  const { current, earlier } = comparedPeriods({
    ...asked,
    knownTo: utc("2026-11-24T08:00"),
    with: "before",
  });
  expect([current.to - current.from, earlier.to - earlier.from]).toEqual([0, 0]);
});

test("the earlier period ends no later than this one, begins earlier, and is whole minutes, in any zone", () => {
  const zones = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
  );
  const moments = fc.integer({ min: utc("1900-01-01T00:00"), max: utc("2100-01-01T00:00") });
  const lengths = fc.constantFrom(minute, 7 * minute, hour, 5 * hour, day, 7 * day, 31 * day, 400 * day);
  fc.assert(
    fc.property(
      zones,
      moments,
      lengths,
      fc.constantFrom("before" as const, "week" as const),
      fc.double({ min: -0.5, max: 1.5, noNaN: true }),
      (timeZone, at, length, compared, share) => {
        const bounds = bucketBounds(at, at + length, length >= day ? day : minute, timeZone);
        const [from = at] = bounds;
        const to = bounds.at(-1) ?? at;
        const knownTo = from + Math.round((to - from) * share);
        const { current, earlier, isPart } = comparedPeriods({ from, to, timeZone, knownTo, with: compared });
        expect(isPart).toBe(knownTo < to);
        expect(earlier.from).toBeLessThan(current.from);
        expect(earlier.to).toBeLessThanOrEqual(to);
        expect(earlier.to).toBeGreaterThanOrEqual(earlier.from);
        expect(current.to).toBeGreaterThanOrEqual(current.from);
        if (current.to > current.from) expect(earlier.to).toBeGreaterThan(earlier.from);
        for (const at of [earlier.from, earlier.to]) expect(Math.abs(at % minute)).toBe(0);
        const both = [current, earlier].map((period) => period.to - period.from);
        // Clocks are changed by hours, and months differ by days.
        expect(Math.abs((both[0] ?? 0) - (both[1] ?? 0))).toBeLessThanOrEqual(
          length >= day ? 40 * day : 3 * hour,
        );
        if (compared === "before" && !isPart) expect(earlier.to).toBe(from);
      },
    ),
    { numRuns: 300 },
  );
});
