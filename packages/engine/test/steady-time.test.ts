import { expect, test } from "vitest";
import { SteadyTime } from "../src/steady-time.ts";

const hour = 3_600_000;
const year = 8_760 * hour;

function begun(known?: number) {
  let passed = 0;
  const time = new SteadyTime(known, () => passed);
  return {
    after(ms: number, said: number) {
      passed += ms;
      return time.at(said);
    },
  };
}

test("what is said is believed as far as time has passed", () => {
  const time = begun(1_000);
  expect(time.after(500, 1_400)).toBe(1_400);
  expect(time.after(500, 1_900)).toBe(1_900);
  expect(time.after(500, 2_500)).toBe(2_400);
});

test("a clock that is ahead for less than a day changes nothing", () => {
  const time = begun(0);
  for (let hours = 1; hours < 24; hours++) expect(time.after(hour, hours * hour + year)).toBe(hours * hour);
  expect(time.after(hour, 24 * hour)).toBe(24 * hour);
  expect(time.after(23 * hour, 47 * hour + year)).toBe(47 * hour);
});

test("a clock that stays ahead for a day is believed", () => {
  const time = begun(0);
  expect(time.after(hour, hour + year)).toBe(hour);
  expect(time.after(24 * hour, 25 * hour + year)).toBe(25 * hour + year);
});

test("a clock that is set back is believed at once", () => {
  const time = begun(year);
  expect(time.after(hour, 5)).toBe(5);
  expect(time.after(1, 6)).toBe(6);
});

test("where nothing is known yet, a day goes by first", () => {
  const time = begun();
  expect(time.after(0, year)).toBe(Number.NEGATIVE_INFINITY);
  expect(time.after(24 * hour, year)).toBe(year);
});
