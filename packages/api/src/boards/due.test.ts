import { zoneOffset } from "@downbeat/read-model/zone";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lastDue } from "./due.ts";

const weekMs = 7 * 86_400_000;
const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"] as const;

test("whatever the zone and the time of year, it was due on that weekday and hour, less than a week and an hour ago", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2012, 1), max: Date.UTC(2040, 0) }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 0, max: 23 }),
      fc.constantFrom(...zones),
      (now, weekday, hour, timeZone) => {
        const due = lastDue({ weekday, hour, timeZone }, now);
        expect(due).toBeLessThanOrEqual(now);
        expect(now - due).toBeLessThanOrEqual(weekMs + 3_600_000);
        const wall = new Date(due + zoneOffset(due, timeZone));
        expect(wall.getUTCMinutes()).toBe(0);
        expect(wall.getUTCDay()).toBe(weekday % 7);
        // An hour that isn't there is the next.
        expect([hour, hour + 1]).toContain(wall.getUTCHours());
      },
    ),
  );
});

test("at the very moment it is due, and a moment before it was due a week ago", () => {
  const monday = { weekday: 1, hour: 8, timeZone: "Europe/Berlin" };
  const due = Date.UTC(2026, 10, 23, 7);
  expect(lastDue(monday, due)).toBe(due);
  expect(lastDue(monday, due - 1)).toBe(due - weekMs);
});
