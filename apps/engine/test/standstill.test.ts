import fc from "fast-check";
import { expect, test } from "vitest";
import { type Look, Standstill } from "../src/standstill.ts";

const everyMs = 500;

function after(...looks: readonly Look[]): number {
  const standstill = new Standstill(everyMs);
  let ms = 0;
  for (const look of looks) ms = standstill.see(look);
  return ms;
}

const look = (beat: number, ownMs: number, isAsleep = false): Look => ({ beat, ownMs, isAsleep });

test("a loop that turns does not stand still, however much it works", () => {
  expect(after(look(1, 0), look(2, 500), look(3, 1_000))).toBe(0);
});

test("a loop that works on one thing stands still for the time that it spends on it", () => {
  expect(after(look(1, 0), look(1, 450), look(1, 900))).toBe(900);
});

test("one that gets no processor does not stand still of its own doing", () => {
  const starved = Array.from({ length: 1_000 }, () => look(1, 10));
  expect(after(look(1, 0), ...starved)).toBe(10);
});

test("one that sleeps in a call that blocks stands still, though it spends nothing", () => {
  expect(after(look(1, 0), look(1, 0, true), look(1, 0, true), look(1, 0, true))).toBe(2 * everyMs);
});

test("one turn of the loop, and it begins again", () => {
  expect(after(look(1, 0), look(1, 20_000), look(2, 20_001), look(2, 20_100))).toBe(99);
});

test("it never stands still for longer than it has worked or slept", () => {
  const step = fc.record({ turns: fc.boolean(), ownMs: fc.nat(600), isAsleep: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const standstill = new Standstill(everyMs);
      let beat = 0;
      let ownMs = 0;
      let most = 0;
      for (const one of steps) {
        if (one.turns) {
          beat += 1;
          most = 0;
        } else most += one.isAsleep ? Math.max(everyMs, one.ownMs) : one.ownMs;
        ownMs += one.ownMs;
        expect(standstill.see(look(beat, ownMs, one.isAsleep))).toBeLessThanOrEqual(most);
      }
    }),
  );
});
