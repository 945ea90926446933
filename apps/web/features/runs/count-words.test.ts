import { expect, test } from "vitest";
import { type CountedRuns, countWords } from "./count-words.ts";

const none = { running: 0, waiting: 0, stuck: 0, completed: 0, failed: 0, cancelled: 0, terminated: 0 };
const words = (counted: Partial<CountedRuns>): string =>
  countWords({
    head: { count: 342, countIsLowerBound: true },
    loaded: 100,
    isWhole: false,
    counts: undefined,
    isLowerBound: false,
    status: [],
    ...counted,
  });

test("a count that stopped counting is said to be one", () => {
  expect(words({})).toBe("at least 342 runs");
  expect(words({ counts: { ...none, completed: 342 }, isLowerBound: true })).toBe("at least 342 runs");
  expect(words({ loaded: 400 })).toBe("at least 400 runs");
  expect(words({ head: { count: 0, countIsLowerBound: true }, loaded: 0 })).toBe("no run found so far");
});

test("a list that is loaded whole is counted, whatever its first page knew", () => {
  expect(words({ isWhole: true, loaded: 1_476 })).toBe("1,476 runs");
  expect(words({ isWhole: true, loaded: 0 })).toBe("0 runs");
});

test("exact counts are those of the chosen statuses", () => {
  const counts = { ...none, completed: 5_000, failed: 20 };
  expect(words({ counts })).toBe("5,020 runs");
  expect(words({ counts, status: ["failed"] })).toBe("20 runs");
  expect(words({ head: { count: 1, countIsLowerBound: false } })).toBe("1 run");
});
