import { describe, expect, test } from "vitest";
import {
  type DecisionRecord,
  encodeHistoryRecord,
  isReadable,
  parseHistoryRecord,
} from "./history-record.ts";

const claim = { kind: "claim", id: "c1", epoch: 1, owner: "A", at: 1 } as const;
const record: DecisionRecord = {
  kind: "decisions",
  id: "d1",
  prev: "c1",
  claimId: "c1",
  at: 1,
  dispatchedUpTo: 0,
  decisions: [{ runId: "r", workflow: "w", inputId: "i", seq: 1, events: [] }],
};
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("A whole record", () => {
  test.each([
    ["a claim", claim],
    ["decisions", record],
  ])("comes out as it went in: %s", (_, written) => {
    expect(parseHistoryRecord(encodeHistoryRecord(written))).toEqual(written);
  });

  test("is one without the fields that nobody knows", () => {
    expect(parseHistoryRecord(bytesOf({ ...record, colour: "red" }))).toEqual(record);
  });

  test.each([[""], ["{"], ["null"], ["{}"], [JSON.stringify({ ...claim, epoch: 0 })]])(
    "is none of %j",
    (text) => {
      expect(parseHistoryRecord(Buffer.from(text))).toBeUndefined();
    },
  );
});

describe("A record's own words", () => {
  test("can be read back as long as everybody could", () => {
    expect(isReadable(record)).toBe(true);
    expect(isReadable({ ...record, partsLeft: 1, epoch: 2, format: 2 })).toBe(true);
  });

  test.each([
    { id: "" },
    { prev: "x".repeat(201) },
    { at: 0.5 },
    { dispatchedUpTo: -1 },
    { epoch: 0 },
    { partsLeft: 0 },
    { format: 0.5 },
  ])("can't be read back by anybody: %j", (odd) => {
    expect(isReadable({ ...record, ...odd })).toBe(false);
  });

  test("don't depend on what it tells of runs", () => {
    const decisions = [{ runId: 7 }] as unknown as DecisionRecord["decisions"];
    expect(isReadable({ ...record, decisions })).toBe(true);
  });
});
