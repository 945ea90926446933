import { expect, test } from "vitest";
import { atMost } from "./at-most.ts";

test("no more than the limit run at once, all in order, failures included", async () => {
  const limited = atMost(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const work = (each: number) => async () => {
    started.push(each);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    if (each === 1) throw new Error("one fails");
    return each;
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((each) => limited(work(each))));
  expect(most).toBe(2);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(results.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
});
