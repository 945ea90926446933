import fc from "fast-check";
import { IANAZone } from "luxon";
import { describe, expect, test } from "vitest";
import { type NextWeekday, nextWeekday } from "./calendar.ts";

function next(weekday: "sunday" | "monday", time: string, timeZone: string, after: string): string {
  return nextWeekday({ weekday, time, timeZone, after: new Date(after) }).toISOString();
}

describe("nextWeekday", () => {
  test.each([
    // In 2026 Paris moves to summer time on 29 March, 01:00 UTC, and back on 25 October, 01:00 UTC.
    [
      "across the change to summer time",
      "monday",
      "09:00",
      "Europe/Paris",
      "2026-03-27T12:00Z",
      "2026-03-30T07:00:00.000Z",
    ],
    [
      "across the change to winter time",
      "monday",
      "09:00",
      "Europe/Paris",
      "2026-10-23T12:00Z",
      "2026-10-26T08:00:00.000Z",
    ],
    ["in winter", "monday", "09:00", "Europe/Paris", "2026-01-01T00:00Z", "2026-01-05T08:00:00.000Z"],
    [
      "a skipped time moves forward",
      "sunday",
      "02:30",
      "Europe/Paris",
      "2026-03-28T12:00Z",
      "2026-03-29T01:30:00.000Z",
    ],
    [
      "of a time that comes twice the first",
      "sunday",
      "02:30",
      "Europe/Paris",
      "2026-10-24T12:00Z",
      "2026-10-25T00:30:00.000Z",
    ],
    [
      "between the two, next week's",
      "sunday",
      "02:30",
      "Europe/Paris",
      "2026-10-25T01:00Z",
      "2026-11-01T01:30:00.000Z",
    ],
    // New York: 8 March, 07:00 UTC, and 1 November, 06:00 UTC.
    [
      "across the change to summer time",
      "monday",
      "09:00",
      "America/New_York",
      "2026-03-06T12:00Z",
      "2026-03-09T13:00:00.000Z",
    ],
    [
      "across the change to winter time",
      "monday",
      "09:00",
      "America/New_York",
      "2026-10-30T12:00Z",
      "2026-11-02T14:00:00.000Z",
    ],
    [
      "a skipped time moves forward",
      "sunday",
      "02:30",
      "America/New_York",
      "2026-03-07T12:00Z",
      "2026-03-08T07:30:00.000Z",
    ],
    [
      "of a time that comes twice the first",
      "sunday",
      "01:30",
      "America/New_York",
      "2026-10-31T12:00Z",
      "2026-11-01T05:30:00.000Z",
    ],
    // Lord Howe moves by half an hour: 5 April, 15:00 UTC the day before, and 4 October, 15:30 UTC the day before.
    [
      "across the change to winter time",
      "monday",
      "09:00",
      "Australia/Lord_Howe",
      "2026-04-03T00:00Z",
      "2026-04-05T22:30:00.000Z",
    ],
    [
      "across the change to summer time",
      "monday",
      "09:00",
      "Australia/Lord_Howe",
      "2026-10-02T00:00Z",
      "2026-10-04T22:00:00.000Z",
    ],
    [
      "a skipped time moves forward",
      "sunday",
      "02:15",
      "Australia/Lord_Howe",
      "2026-10-02T00:00Z",
      "2026-10-03T15:45:00.000Z",
    ],
    [
      "of a time that comes twice the first",
      "sunday",
      "01:45",
      "Australia/Lord_Howe",
      "2026-04-03T00:00Z",
      "2026-04-04T14:45:00.000Z",
    ],
  ] as const)("%s: %s %s in %s after %s is %s", (_, weekday, time, zone, after, expected) => {
    expect(next(weekday, time, zone, after)).toBe(expected);
  });

  test("the moment itself does not count, and a day that is today there does", () => {
    expect(next("monday", "09:00", "Europe/Paris", "2026-01-05T08:00Z")).toBe("2026-01-12T08:00:00.000Z");
    expect(next("monday", "09:00", "Europe/Paris", "2026-01-05T07:59Z")).toBe("2026-01-05T08:00:00.000Z");
    // Sunday evening in UTC, Monday morning already in Auckland.
    expect(next("monday", "09:00", "Pacific/Auckland", "2026-01-04T19:30Z")).toBe("2026-01-04T20:00:00.000Z");
  });

  test.each([
    [
      { weekday: "monday", time: "9:00", timeZone: "UTC" },
      '"9:00" is no time of day; write for example "09:00".',
    ],
    [{ weekday: "monday", time: "24:00", timeZone: "UTC" }, "is no time of day"],
    [{ weekday: "monday", time: "09:00", timeZone: "Mars/Olympus" }, 'There is no time zone "Mars/Olympus".'],
  ] as const)("%j is refused", (wish, message) => {
    expect(() => nextWeekday({ ...wish, after: new Date(0) })).toThrow(message);
  });

  test("is always later, within eight days, on that weekday and, unless skipped, at that time there", () => {
    const zones = [
      "Europe/Paris",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "America/St_Johns",
      "UTC",
    ];
    const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2015-01-01"), max: new Date("2035-01-01"), noInvalidDate: true }),
        fc.constantFrom(...zones),
        fc.nat(6),
        fc.nat(23),
        fc.nat(59),
        (after, timeZone, day, hour, minute) => {
          const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
          const weekday = days[day] ?? "monday";
          const moment = nextWeekday({ weekday, time, timeZone, after }).getTime();
          expect(moment).toBeGreaterThan(after.getTime());
          expect(moment - after.getTime()).toBeLessThanOrEqual(7 * 86_400_000 + 3_600_000);
          const local = new Date(moment + IANAZone.create(timeZone).offset(moment) * 60_000);
          expect(local.getUTCDay()).toBe(day);
          const shown = local.getUTCHours() * 60 + local.getUTCMinutes();
          expect([0, 30, 60]).toContain(shown - (hour * 60 + minute));
          // Nothing earlier shows the same.
          if (shown === hour * 60 + minute && moment - 3_600_000 > after.getTime()) {
            const earlier = moment - 3_600_000;
            const there = new Date(earlier + IANAZone.create(timeZone).offset(earlier) * 60_000);
            expect(there.getUTCHours() * 60 + there.getUTCMinutes() === shown).toBe(false);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    new Date(Number.NaN),
    new Date(8.64e15),
    new Date(-8.64e15),
    new Date("+010000-01-01T00:00:00Z"),
    0,
    undefined,
    "2026-01-05",
  ])("after %s is refused, by name and with what is allowed", (after) => {
    const wish = { weekday: "monday", time: "09:00", timeZone: "Europe/Paris" } as const;
    expect(() => nextWeekday({ ...wish, after: after as Date })).toThrow(RangeError);
    expect(() => nextWeekday({ ...wish, after: after as Date })).toThrow(
      /^after can't be .+: it is a Date with a year from 1 to 9999\.$/,
    );
  });

  test("answers or refuses, whatever it is given", () => {
    const any = fc.oneof(
      fc.date({ noInvalidDate: false }),
      fc.constantFrom("monday", "friday", "09:00", "23:59", "Europe/Paris", "Pacific/Apia", "UTC"),
      fc.anything(),
    );
    const answer = (after: unknown, weekday: unknown, time: unknown, timeZone: unknown) => {
      const wish = { weekday, time, timeZone, after } as NextWeekday;
      try {
        expect(nextWeekday(wish).getTime()).toBeGreaterThan((after as Date).getTime());
      } catch (error) {
        expect(error, String(error)).toBeInstanceOf(RangeError);
      }
    };
    fc.assert(fc.property(any, any, any, any, answer), { numRuns: 500 });
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: false }),
        fc.constantFrom("monday", "friday"),
        fc.constantFrom("00:00", "02:30", "23:59"),
        fc.constantFrom(...Intl.supportedValuesOf("timeZone")),
        answer,
      ),
      { numRuns: 500 },
    );
  });

  test("a day that a zone left out altogether moves forward too", () => {
    // Samoa went from Thursday the 29th to Saturday the 31st.
    const wish = { weekday: "friday", time: "09:00", timeZone: "Pacific/Apia" } as const;
    expect(nextWeekday({ ...wish, after: new Date("2011-12-29T12:00Z") }).toISOString()).toBe(
      "2011-12-30T19:00:00.000Z",
    );
  });
});
