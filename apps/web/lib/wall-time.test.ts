import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { fromWallText, wallText } from "./wall-time.ts";
import { showTimesOf } from "./zone.ts";

afterEach(() => showTimesOf(undefined));

test("a moment is typed and shown on the clocks of the zone that is shown", () => {
  showTimesOf("Asia/Tokyo");
  const at = Date.UTC(2026, 10, 23, 14);
  expect(wallText(at)).toBe("2026-11-23T23:00:00");
  expect(fromWallText("2026-11-23T23:00:00")).toBe(at);
  expect(fromWallText("2026-11-23T23:00")).toBe(at);
  expect(fromWallText("2026-11-23T23:00", "America/Los_Angeles")).toBe(Date.UTC(2026, 10, 24, 7));
});

test("whatever is no moment on a clock is none, and breaks nothing", () => {
  for (const zone of ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"]) {
    for (const at of [8.64e15, -8.64e15, 8.65e15, Number.NaN, Date.UTC(12026, 0), Date.UTC(-5, 0)])
      expect(wallText(at, zone)).toBeUndefined();
    for (const text of ["", "x", "275760-09-13T00:00", "0000-01-01T00:00", "2026-13-01T00:00"])
      expect(fromWallText(text, zone)).toBeUndefined();
    fc.assert(
      fc.property(fc.double(), fc.string(), (number, text) => {
        wallText(number, zone);
        fromWallText(text, zone);
      }),
      { numRuns: 100 },
    );
  }
});
