import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ColdWatch } from "../src/namespaces/cold-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a source that isn't there is told once with why, and once when it is there", async () => {
  let trouble: string | undefined = "It is away.";
  const told: (string | undefined)[] = [];
  const watch = new ColdWatch({
    check: () => (trouble === undefined ? Promise.resolve() : Promise.reject(new Error(trouble))),
    onChange: (change) => told.push(change),
  });
  expect(watch.isKnown).toBe(false);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(watch).toMatchObject({ isKnown: true, trouble: "It is away." });
  trouble = undefined;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(watch.trouble).toBeUndefined();
  trouble = "Away again.";
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual(["It is away.", undefined, "Away again."]);
  watch.close();
  trouble = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toHaveLength(3);
});
