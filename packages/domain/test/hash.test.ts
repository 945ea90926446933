import { expect, it } from "vitest";
import { hashString, partitionOf } from "../src/index.ts";

// These values are in use: a run that moved to another partition would be lost.
it("The hash of a text never changes", () => {
  expect(["", "a", "order-1", "order-1/j1/1", "Zürich", "🙂"].map(hashString)).toEqual([
    2872998923, 444641715, 2449496732, 1730801050, 2490234560, 2208423841,
  ]);
});

it("The partition of a run never changes", () => {
  expect(["order-1", "order-2", "order-3", "a", ""].map((id) => partitionOf(id, 8))).toEqual([4, 0, 6, 3, 3]);
});

it("Runs with ids in a row are spread over all partitions", () => {
  const counts = new Array<number>(8).fill(0);
  for (let n = 0; n < 8_000; n++) {
    const partition = partitionOf(`order-${n}`, 8);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1_150);
});
