import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../src/index.ts";

describe("The system's clock", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  test("goes on, and does what is to be done then, unless that is cancelled", () => {
    const done: string[] = [];
    const before = systemClock.monotonic();
    systemClock.setTimer(50, () => done.push("late"));
    systemClock.setTimer(-5, () => done.push("at once"));
    const cancel = systemClock.setTimer(20, () => done.push("never"));
    cancel();
    vi.advanceTimersByTime(1);
    expect(done).toEqual(["at once"]);
    vi.advanceTimersByTime(49);
    expect(done).toEqual(["at once", "late"]);
    expect(systemClock.monotonic() - before).toBe(50);
  });

  test("takes a wait that is longer than a timer can be for the longest", () => {
    let calls = 0;
    systemClock.setTimer(1e12, () => {
      calls += 1;
    });
    vi.advanceTimersByTime(1_999_999_999);
    expect(calls).toBe(0);
    vi.advanceTimersByTime(1);
    expect(calls).toBe(1);
  });
});

test("what is deferred is done in a later turn", async () => {
  let isDone = false;
  systemClock.defer(() => {
    isDone = true;
  });
  await Promise.resolve();
  expect(isDone).toBe(false);
  await setImmediate();
  expect(isDone).toBe(true);
});

test("names are unlike, and fit into an address", () => {
  const names = new Set(Array.from({ length: 1_000 }, () => systemClock.newId()));
  expect(names.size).toBe(1_000);
  for (const name of names) expect(name).toMatch(/^[\w-]{16}$/);
  expect(systemClock.random()).toBeLessThan(1);
});
