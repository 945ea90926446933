import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { moment, span } from "./moment.ts";

afterEach(() => vi.unstubAllEnvs());

const at = (text: string) => new Date(moment(text)).toISOString();

test("a day and a time without a zone are both of this machine's zone", () => {
  vi.stubEnv("TZ", "America/New_York");
  expect(at("2026-11-02")).toBe("2026-11-02T05:00:00.000Z");
  expect(at("2026-11-02T09:00")).toBe("2026-11-02T14:00:00.000Z");
  expect(at("2026-07-02 09:00:30.5")).toBe("2026-07-02T13:00:30.500Z");
  vi.stubEnv("TZ", "Asia/Kathmandu");
  expect(at("2026-11-02")).toBe("2026-11-01T18:15:00.000Z");
});

test("a zone that is named counts, for days too", () => {
  vi.stubEnv("TZ", "America/New_York");
  expect(at("2026-11-02T09:00Z")).toBe("2026-11-02T09:00:00.000Z");
  expect(at("2026-11-02T09:00:00+05:45")).toBe("2026-11-02T03:15:00.000Z");
  expect(at("2026-11-02Z")).toBe("2026-11-02T00:00:00.000Z");
  expect(at("2026-11-02-03:00")).toBe("2026-11-02T03:00:00.000Z");
});

test("every moment that is written out comes back as it was", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      expect(moment(date.toISOString())).toBe(date.getTime());
    }),
  );
});

test("a span is a whole number of ms, whatever fraction it is of", () => {
  const texts = ["1.1h", "2.3h", "4.35m", "1.1d", "0.1s"];
  expect(texts.map(span)).toEqual([3_960_000, 8_280_000, 261_000, 95_040_000, 100]);
});

test("a span goes back from now, and not beyond the beginning of time", () => {
  expect(moment("90s", 100_000)).toBe(10_000);
  expect(moment("7d", 100_000)).toBe(0);
});

test("what is no moment is refused, whatever JavaScript would make of it", () => {
  for (const text of [
    "yesterday",
    "May 2026",
    "2026",
    "2026-02-30",
    "2026-13-01",
    "2026-11-02T25:00",
    "11/02/2026",
    "",
  ])
    expect(() => moment(text), text).toThrow("Give a time such as 2026-11-02T09:00Z");
});
