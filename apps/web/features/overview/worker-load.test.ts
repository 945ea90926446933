import { expect, test } from "vitest";
import { loadDetails, loadWords } from "./worker-load.ts";

test("a worker's load is what it has in hand of what it takes, and by kind the fullest first", () => {
  const jobs = [
    { type: "charge", concurrency: 100, inHand: 3 },
    { type: "refund", concurrency: 10, inHand: 9 },
  ];
  expect(loadWords({ jobs })).toBe("12 of 110");
  expect(loadDetails({ jobs })).toBe("refund: 9 of 10\ncharge: 3 of 100");
});

test("of a worker that does not report it, nothing is made up", () => {
  expect(loadWords({ jobs: [{ type: "charge", concurrency: 100 }] })).toBe("–");
  expect(loadDetails({ jobs: [{ type: "charge", concurrency: 100 }] })).toContain("does not report it");
  expect(loadWords({ jobs: [] })).toBe("–");
});
