import { afterEach, expect, test } from "vitest";
import {
  bucketFor,
  bucketName,
  movesAt,
  parseRange,
  resolveRange,
  type TimeRange,
  writeRange,
} from "./time-range.ts";
import { showTimesOf } from "./zone.ts";

afterEach(() => showTimesOf(undefined));

const all: TimeRange = { type: "all" };
const hour = 3_600_000;

test.each<[string, TimeRange]>([
  ["", all],
  ["range=1h", { type: "last", preset: "1h" }],
  ["from=2026-11-23T14%3A00%3A00.000Z", { type: "between", from: Date.UTC(2026, 10, 23, 14) }],
  [
    "from=2026-11-23T14%3A00%3A00.000Z&to=2026-11-23T15%3A00%3A00.000Z",
    { type: "between", from: Date.UTC(2026, 10, 23, 14), to: Date.UTC(2026, 10, 23, 15) },
  ],
])("the address %s and its range are the same", (text, range) => {
  expect(parseRange(new URLSearchParams(text), all)).toEqual(range);
  const written = new URLSearchParams();
  writeRange(written, range, all);
  expect(written.toString()).toBe(text);
});

test.each([
  ["from=2026-11-23T14:00&tz=UTC", Date.UTC(2026, 10, 23, 14)],
  ["from=2026-11-23T14:00:30.5&tz=America/Los_Angeles", Date.UTC(2026, 10, 23, 22, 0, 30, 500)],
  ["from=2026-11-23&tz=America/Los_Angeles", Date.UTC(2026, 10, 23, 8)],
  ["from=2026-11-23T14:00", Date.UTC(2026, 10, 23, 5)],
  ["from=2026-11-23T14:00&tz=Nowhere/Atall", Date.UTC(2026, 10, 23, 5)],
  ["from=2026-11-23T14:00Z", Date.UTC(2026, 10, 23, 14)],
  ["from=2026-11-23T14:00%2B01:00&tz=America/Los_Angeles", Date.UTC(2026, 10, 23, 13)],
  ["from=1970-01-01", 0],
  ["from=9999-12-31T23:59&tz=America/Los_Angeles", Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
])(
  "the time in %s is one of the zone that it names, of the address's, or of the one that is shown",
  (text, from) => {
    showTimesOf("Asia/Tokyo");
    expect(parseRange(new URLSearchParams(text), all)).toEqual({ type: "between", from });
  },
);

test("nonsense in an address falls back", () => {
  expect(parseRange(new URLSearchParams("range=soon"), all)).toEqual(all);
  expect(parseRange(new URLSearchParams("from=yesterday"), all)).toEqual(all);
});

test("the default is not written", () => {
  const query = new URLSearchParams();
  const standard: TimeRange = { type: "last", preset: "1h" };
  writeRange(query, standard, standard);
  expect(query.toString()).toBe("");
  writeRange(query, all, standard);
  expect(query.toString()).toBe("range=all");
});

test("a preset moves along with now", () => {
  expect(resolveRange({ type: "last", preset: "1h" }, 10 * hour)).toEqual({ from: 9 * hour });
  expect(resolveRange(all, 5)).toEqual({});
});

test("buckets are round and few", () => {
  expect(bucketFor(hour)).toBe(60_000);
  expect(bucketFor(24 * hour)).toBe(30 * 60_000);
  expect(bucketFor(7 * 24 * hour)).toBe(3 * hour);
  expect(bucketFor(400 * 24 * hour)).toBe(6 * 24 * hour);
  expect(bucketName(60_000)).toBe("per minute");
  expect(bucketName(30 * 60_000)).toBe("per 30 minutes");
  expect(bucketName(3 * hour)).toBe("per 3 hours");
  expect(bucketName(6 * 24 * hour)).toBe("per 6 days");
});

test("a period moves until it is over", () => {
  expect(movesAt(all, hour)).toBe(true);
  expect(movesAt({ type: "last", preset: "1h" }, hour)).toBe(true);
  expect(movesAt({ type: "between", from: 0 }, hour)).toBe(true);
  expect(movesAt({ type: "between", from: 0, to: hour + 1 }, hour)).toBe(true);
  expect(movesAt({ type: "between", from: 0, to: hour }, hour)).toBe(false);
  expect(movesAt({ type: "between", to: 1 }, hour)).toBe(false);
});
