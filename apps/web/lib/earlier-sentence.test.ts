import { expect, test } from "vitest";
import { earlierSentence } from "./earlier-sentence.ts";

const state = { source: "Pulsar SQL", beginning: 1_764_000_000_000, openRunsKnown: false, orphanRuns: 0 };

test("says what is looked for and how far that is, or why it does not go on", () => {
  expect(earlierSentence({ ...state, step: "openRuns", percent: 41.6 })).toMatch(
    /^Runs that were open on .+ and began before are being looked for in Pulsar SQL \(42 %\)$/,
  );
  expect(earlierSentence({ ...state, trouble: "Nobody answers at http://sql:8081." })).toMatch(
    /^Runs .+ are missing\. Nobody answers at http:\/\/sql:8081\.$/,
  );
});

test("says nothing when nothing is missing", () => {
  expect(earlierSentence(undefined)).toBeUndefined();
  expect(earlierSentence({ ...state, openRunsKnown: true })).toBeUndefined();
});
