import fc from "fast-check";
import { expect, test } from "vitest";
import { BackOff } from "./back-off.ts";

function stage(free = 3) {
  const world = { now: 0 };
  return { world, backOff: new BackOff({ free, longestMs: 15 * 60_000 }, () => world.now) };
}

test("the first failures cost nothing, each further one twice as long as the one before, a quarter of an hour at most", () => {
  const { world, backOff } = stage();
  const waits = Array.from({ length: 20 }, () => {
    backOff.begin("ada");
    const wait = backOff.waitMs("ada");
    world.now += wait;
    expect(backOff.waitMs("ada")).toBe(0);
    return wait;
  });
  expect(waits.slice(0, 6)).toEqual([0, 0, 0, 1_000, 2_000, 4_000]);
  expect(waits.at(-1)).toBe(900_000);
});

test("whoever got in waits no more, and others never did", () => {
  const { backOff } = stage(0);
  backOff.begin("ada");
  expect(backOff.waitMs("ada")).toBe(1_000);
  expect(backOff.waitMs("grace")).toBe(0);
  backOff.forget("ada");
  expect(backOff.waitMs("ada")).toBe(0);
});

test("an hour later nothing is held against anybody", () => {
  const { world, backOff } = stage(0);
  for (let time = 0; time < 30; time++) backOff.begin("ada");
  world.now += 60 * 60_000;
  expect(backOff.waitMs("ada")).toBe(0);
});

test("of attempts at once no more are let through than are free, however many there are", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 10 }), (attempts, free) => {
      const { backOff } = stage(free);
      let through = 0;
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (backOff.waitMs("ada") > 0) continue;
        backOff.begin("ada");
        through += 1;
      }
      expect(through).toBe(Math.min(attempts, free + 1));
    }),
  );
});
