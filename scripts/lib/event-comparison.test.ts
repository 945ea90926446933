import { expect, test } from "vitest";
import { type ComparedEvent, canonical, compareEvents, isSame } from "./event-comparison.ts";

function event(runId: string, seq: number, type = "JobScheduled", text = type): ComparedEvent {
  return { runId, seq, type, at: seq, text };
}

const history = [event("a", 1), event("a", 2), event("b", 1)];

test("sides that hold the same events, in any order, are the same", () => {
  const comparison = compareEvents(history, history.toReversed());
  expect(comparison).toMatchObject({ onPages: 3, inSql: 3, examples: [], newest: { runId: "a", seq: 2 } });
  expect(isSame(comparison)).toBe(true);
});

test.each([
  ["an event that Pulsar SQL lacks", history, history.slice(0, 2), { missingInSql: 1 }],
  ["an event that the pages lack", history.slice(1), history, { missingOnPages: 1 }],
  ["an event that Pulsar SQL has twice", history, [...history, event("a", 2)], { doubleInSql: 1 }],
  ["an event that the pages have twice", [...history, event("a", 2)], history, { doubleOnPages: 1 }],
  [
    "an event of another type",
    history,
    [...history.slice(0, 2), event("b", 1, "JobCompleted")],
    { different: 1 },
  ],
  [
    "an event with another content",
    history,
    [...history.slice(0, 2), event("b", 1, "JobScheduled", "{}")],
    { different: 1 },
  ],
])("%s is found", (_, pages, rows, found) => {
  const comparison = compareEvents(pages, rows);
  expect(comparison).toMatchObject(found);
  expect(comparison.examples).toHaveLength(1);
  expect(isSame(comparison)).toBe(false);
});

test("the order of fields does not matter, that of items does", () => {
  expect(canonical({ b: { d: 1, c: [2, 1] }, a: undefined })).toBe(canonical({ b: { c: [2, 1], d: 1 } }));
  expect(canonical([1, 2])).not.toBe(canonical([2, 1]));
});
