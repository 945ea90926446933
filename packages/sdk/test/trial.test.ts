import { ManualClock } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { Trial } from "../src/worker/trial.ts";

function entered() {
  const clock = new ManualClock();
  const trial = new Trial(clock);
  let freed = 0;
  trial.onFree(() => {
    freed += 1;
  });
  return { clock, trial, place: trial.enter(), freed: () => freed };
}

test("an attempt that may end its worker has the place for its first five seconds", async () => {
  const { clock, trial, place, freed } = entered();
  // Not begun yet: whatever it waits for, nobody else begins.
  await clock.advance(60_000);
  expect([trial.isFree, freed()]).toEqual([false, 0]);
  place.begun();
  await clock.advance(4_999);
  expect(trial.isFree).toBe(false);
  await clock.advance(1);
  expect([trial.isFree, freed()]).toEqual([true, 1]);
});

test("one that is over before gives its place up at once, and takes nobody else's later", async () => {
  const { clock, trial, place, freed } = entered();
  place.begun();
  place.over();
  expect([trial.isFree, freed(), clock.waits]).toEqual([true, 1, []]);
  const next = trial.enter();
  place.over();
  expect([trial.isFree, freed()]).toEqual([false, 1]);
  next.over();
  expect([trial.isFree, freed()]).toEqual([true, 2]);
});
