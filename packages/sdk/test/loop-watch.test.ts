import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LoopWatch } from "../src/worker/loop-watch.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function opened() {
  const problems: string[] = [];
  const state = { atWork: [] as string[] };
  const watch = new LoopWatch(
    (problem) => void problems.push(problem),
    () => state.atWork,
  );
  let stood = 0;
  const { now } = performance;
  vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + stood);
  /** The next look comes so much too late. */
  const standStill = async (ms: number) => {
    stood += ms;
    await vi.advanceTimersByTimeAsync(500);
  };
  return { watch, problems, state, standStill };
}

const stood = (ms: number, atWork: string) =>
  `The event loop of this worker stood still for ${ms} ms: no heartbeats were sent and no time-outs kept. At work was ${atWork}. Handlers that compute for long belong into a thread or process of their own.`;

test("an event loop that goes on is nothing to tell of, nor one that is a little late", async () => {
  const { problems, standStill } = opened();
  await vi.advanceTimersByTimeAsync(10_000);
  await standStill(1_999);
  expect(problems).toEqual([]);
});

test("one that stood still for two seconds is told, with what was at work since the last look", async () => {
  const { watch, problems, state, standStill } = opened();
  await standStill(2_000);
  expect(problems).toEqual([stood(2_000, "no attempt")]);
  state.atWork = ["pay r1/j1/1"];
  await vi.advanceTimersByTimeAsync(500);
  state.atWork = [];
  watch.begun("fly r2/j1/1");
  watch.begun("fly r2/j1/1");
  await standStill(3_000);
  expect(problems.slice(1)).toEqual([stood(3_000, "pay r1/j1/1, fly r2/j1/1")]);
  await standStill(3_000);
  expect(problems.slice(2)).toEqual([stood(3_000, "no attempt")]);
});

test("of many at work five are named, and how many there are besides", async () => {
  const { watch, problems, standStill } = opened();
  for (const name of ["a", "b", "c", "d", "e"]) watch.begun(name);
  await standStill(2_000);
  for (const name of ["a", "b", "c", "d", "e", "f", "g"]) watch.begun(name);
  await standStill(2_000);
  expect(problems).toEqual([stood(2_000, "a, b, c, d, e"), stood(2_000, "a, b, c, d, e and 2 more")]);
});

test("who has stopped looks no more", async () => {
  const { watch, problems, standStill } = opened();
  watch.stop();
  await standStill(5_000);
  expect(problems).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
