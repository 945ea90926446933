import { expect, test } from "vitest";
import { formatMoment } from "../lib/absolute-time.ts";
import { staleWords } from "./stale-words.ts";

const at = Date.UTC(2026, 10, 2, 9, 30);
const now = at + 60_000;
const error = new Error("No engine answers.");

test("what stays on the page after its query failed says of when it is, and why", () => {
  expect(staleWords({ data: [], error, dataUpdatedAt: at }, now)).toBe(
    `As of ${formatMoment(at, now)}. It could not be refreshed: No engine answers.`,
  );
});

test("a next page that failed makes the others no older", () => {
  const query = { data: [], error, dataUpdatedAt: at, isFetchNextPageError: true };
  expect(staleWords(query, now)).toBe("More could not be loaded: No engine answers.");
});

test("nothing is said of what is fresh, or of what never came", () => {
  expect(staleWords({ data: [], error: null, dataUpdatedAt: at }, now)).toBeUndefined();
  expect(staleWords({ data: undefined, error, dataUpdatedAt: 0 }, now)).toBeUndefined();
});
