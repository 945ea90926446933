import { expect, test } from "vitest";
import { targetWords } from "./target-words.ts";

const target = (runId: string, labels?: Record<string, string>) => ({
  runId,
  workflow: "bookTrip",
  ...(labels !== undefined && { labels }),
});

test("a dialog names the run and whose it is", () => {
  expect(targetWords([target("trip-1", { customer: "Amina Costa", order: "4711" })])).toEqual([
    "trip-1 · customer Amina Costa · order 4711",
  ]);
});

test("of many runs the first are named, and the others counted", () => {
  expect(targetWords(["a", "b", "c", "d", "e"].map((id) => target(id)))).toEqual([
    "a",
    "b",
    "c",
    "and 2 more",
  ]);
});
