import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askAgain } from "./ask-again.ts";

const minute = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function asking() {
  const state = { isBusy: false, isHidden: false, asked: 0 };
  const loop = askAgain({
    ask: async () => {
      state.asked++;
      return { isBusy: state.isBusy };
    },
    isHidden: () => state.isHidden,
  });
  return { state, loop };
}

test("it is asked at once, once, and every 15 minutes until it is stopped", async () => {
  const { state, loop } = asking();
  loop.now();
  loop.shown();
  expect(state.asked).toBe(1);
  await vi.advanceTimersByTimeAsync(45 * minute);
  expect(state.asked).toBe(4);
  loop.stop();
  loop.now();
  await vi.advanceTimersByTimeAsync(45 * minute);
  expect(state.asked).toBe(4);
});

test("while another query runs it is asked ever more seldom, and as before once it was answered", async () => {
  const { state, loop } = asking();
  state.isBusy = true;
  await vi.advanceTimersByTimeAsync(1);
  loop.now();
  await vi.advanceTimersByTimeAsync(1);
  expect(state.asked).toBe(2);
  await vi.advanceTimersByTimeAsync(5_000 + 10_000 + 20_000);
  expect(state.asked).toBe(5);
  await vi.advanceTimersByTimeAsync(60 * minute);
  expect(state.asked).toBeLessThan(25);
  state.isBusy = false;
  await vi.advanceTimersByTimeAsync(5 * minute);
  const { asked } = state;
  await vi.advanceTimersByTimeAsync(30 * minute);
  expect(state.asked).toBe(asked + 2);
});

test("nothing is asked while nobody looks, and what is owed is asked when somebody does, once", async () => {
  const { state, loop } = asking();
  state.isHidden = true;
  await vi.advanceTimersByTimeAsync(14 * minute);
  loop.shown();
  await vi.advanceTimersByTimeAsync(60 * minute);
  expect(state.asked).toBe(1);
  loop.shown();
  expect(state.asked).toBe(1);
  state.isHidden = false;
  loop.shown();
  loop.shown();
  expect(state.asked).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  loop.shown();
  expect(state.asked).toBe(2);
});

test("what is opened where nobody looks is asked when somebody does", () => {
  const ask = vi.fn(async () => ({ isBusy: false }));
  let isHidden = true;
  const loop = askAgain({ ask, isHidden: () => isHidden });
  expect(ask).not.toHaveBeenCalled();
  isHidden = false;
  loop.shown();
  expect(ask).toHaveBeenCalledTimes(1);
});
