import fc from "fast-check";
import { expect, test } from "vitest";
import { CallPace } from "./call-pace.ts";

function stage(perSecond: number, burst: number) {
  const clock = { now: 0 };
  return { clock, pace: new CallPace({ perSecond, burst }, () => clock.now) };
}

test("who was quiet may call many times at once, and then at a steady pace", () => {
  const { clock, pace } = stage(10, 20);
  for (let call = 0; call < 20; call++) expect(pace.take("ada", 1)).toBe(0);
  expect(pace.take("ada", 1)).toBe(100);
  clock.now += 100;
  expect([pace.take("ada", 1), pace.take("ada", 1)]).toEqual([0, 100]);
  clock.now += 60_000;
  for (let call = 0; call < 20; call++) expect(pace.take("ada", 1)).toBe(0);
  expect(pace.take("ada", 1)).toBe(100);
});

test("what one has used up is nobody else's", () => {
  const { pace } = stage(1, 1);
  expect([pace.take("ada", 1), pace.take("ada", 1), pace.take("grace", 1)]).toEqual([0, 1_000, 0]);
});

test("what is refused takes nothing, and whoever waits as long as they are told gets it", () => {
  const { clock, pace } = stage(10, 20);
  pace.take("ada", 15);
  const waitMs = pace.take("ada", 10);
  expect(waitMs).toBe(500);
  expect(pace.take("ada", 5)).toBe(0);
  clock.now += pace.take("ada", 10);
  expect(pace.take("ada", 10)).toBe(0);
});

test("of each who is held back it is told once a minute", () => {
  const told: string[] = [];
  const clock = { now: 0 };
  const pace = new CallPace(
    { perSecond: 1, burst: 1 },
    () => clock.now,
    (who) => told.push(who),
  );
  for (let call = 0; call < 5; call++) pace.take("ada", 1);
  for (let call = 0; call < 5; call++) pace.take("grace", 1);
  expect(told).toEqual(["ada", "grace"]);
  clock.now += 60_000;
  for (let call = 0; call < 5; call++) pace.take("ada", 1);
  expect(told).toEqual(["ada", "grace", "ada"]);
});

test("without a pace everybody may call as they like", () => {
  const { pace } = stage(0, 0);
  for (let call = 0; call < 1_000; call++) expect(pace.take("ada", 10)).toBe(0);
});

test("nobody is let through more than the pace allows, however the calls come, and nobody has to wait forever", () => {
  const turns = fc.array(
    fc.record({
      afterMs: fc.oneof(fc.nat(5_000), fc.constant(-1_000), fc.constant(1e12)),
      who: fc.constantFrom("", "ada", "予約", "__proto__"),
      calls: fc.integer({ min: 1, max: 10 }),
    }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(
      turns,
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 10, max: 500 }),
      (all, rate, burst) => {
        const { clock, pace } = stage(rate, burst);
        const taken = new Map<string, number>();
        let forwardMs = 0;
        for (const { afterMs, who, calls } of all) {
          clock.now += afterMs;
          forwardMs += Math.max(0, afterMs);
          const waitMs = pace.take(who, calls);
          expect(waitMs).toBeLessThanOrEqual(Math.ceil((calls / rate) * 1_000) + 1);
          if (waitMs === 0) taken.set(who, (taken.get(who) ?? 0) + calls);
        }
        for (const count of taken.values())
          expect(count).toBeLessThanOrEqual(burst + (forwardMs / 1_000) * rate + 1e-6);
      },
    ),
  );
});
