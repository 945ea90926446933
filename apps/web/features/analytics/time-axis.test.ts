import { expect, test } from "vitest";
import { timeAxis, timeLabels, timeOf } from "./time-axis.ts";

const axisOf = (...texts: (string | number | null)[]) => timeAxis({ rows: texts.map((text) => [text]) }, 0);
const gapsOf = (...texts: string[]) => {
  const axis = axisOf(...texts);
  return texts.map((_, place) => place > 0 && axis?.isGap(place) === true);
};

test("equal distances are equal times, in whatever order the rows come", () => {
  const axis = axisOf("2026-11-01", "2026-01-01", "2026-01-02");
  expect(axis).toMatchObject({
    order: [1, 2, 0],
    step: 86_400_000,
    from: Date.UTC(2026, 0, 1),
    to: Date.UTC(2026, 10, 1),
  });
});

test("missing days are a gap, and so are missing months", () => {
  expect(gapsOf("2026-01-01", "2026-01-02", "2026-11-01")).toEqual([false, false, true]);
  expect(gapsOf("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(gapsOf("2026-01-01", "2026-02-01", "2026-03-01", "2026-05-01")).toEqual([false, false, false, true]);
  expect(gapsOf("2026-11-24 10:00", "2026-11-24 11:00", "2026-11-24 13:00")).toEqual([false, false, true]);
});

test("rows that come as they please have no gaps", () => {
  expect(gapsOf("2026-11-24 10:00:00.000", "2026-11-24 10:00:01.000", "2026-11-24 10:00:05.430")).toEqual([
    false,
    false,
    false,
  ]);
});

test("names, mixed columns and two rows of one time have no time axis", () => {
  expect(axisOf("bookHotel", "bookFlight")).toBeUndefined();
  expect(axisOf("2026-11-24", null)).toBeUndefined();
  expect(axisOf("2026-11-24", "2026-11-24")).toBeUndefined();
  expect(axisOf("2026-11-24")).toBeUndefined();
  expect(axisOf("2026-13-45", "2026-11-24")).toBeUndefined();
});

test.each([
  ["2026-11-24", Date.UTC(2026, 10, 24)],
  ["2026-11-24 10", Date.UTC(2026, 10, 24, 10)],
  ["2026-11-24 10:30:05.123456", Date.UTC(2026, 10, 24, 10, 30, 5, 123)],
  ["2026-11-24T10:30:00Z", Date.UTC(2026, 10, 24, 10, 30)],
  ["2026-11-24 10:30:00 UTC", Date.UTC(2026, 10, 24, 10, 30)],
  ["2026-11-24T10:30:00+02:00", Date.UTC(2026, 10, 24, 8, 30)],
  ["2026-11-24T10:30:00-0130", Date.UTC(2026, 10, 24, 12)],
  ["24.11.2026", undefined],
])("%s is a time in UTC or in the zone that it names", (text, at) => expect(timeOf(text)).toBe(at));

test("labels stand at round times and are few", () => {
  const days = timeLabels({ from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 10, 1) }, 6);
  expect(days.length).toBeGreaterThan(1);
  expect(days.length).toBeLessThanOrEqual(7);
  const hours = timeLabels({ from: Date.UTC(2026, 0, 1, 8), to: Date.UTC(2026, 0, 1, 20) }, 6);
  expect(hours.map(({ text }) => text)).toEqual(["01-01 09:00", "01-01 12:00", "01-01 15:00", "01-01 18:00"]);
});
