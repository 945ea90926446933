import { type ClosedRun, orderedMap } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import {
  closedRunOf,
  encodeCompacted,
  type RecordLink,
  recordLink,
  removedPart,
  removedPartOf,
} from "./compacted-record.ts";
import { isCutFront } from "./cut-front.ts";
import { encodeHistoryRecord } from "./history-record.ts";
import { readHeader } from "./read-header.ts";
import type { HistoryReading } from "./read-history.ts";
import { compactedFormat } from "./record-format.ts";

function idSet(...ids: string[]): ClosedRun["actions"] {
  return ids.reduce<ClosedRun["actions"]>((set, id) => orderedMap.put(set, id, true), null);
}

const plain: ClosedRun = {
  status: "completed",
  runId: "r1",
  workflow: "order",
  startId: "c1",
  seq: 7,
  actions: null,
  unanswered: null,
  lastAt: 50,
  closedAt: 50,
};
const link: RecordLink = {
  kind: "decisions",
  id: "d9",
  prev: "d1",
  claimId: "c1",
  epoch: 1,
  at: 5,
  dispatchedUpTo: 3,
};

describe("What is left of a run", () => {
  test.each<[string, ClosedRun]>([
    ["that is over and nothing else", plain],
    ["whose input is known", { ...plain, inputHash: 2 ** 53 - 1 }],
    ["to which a person did something", { ...plain, actions: idSet("a1", "a2") }],
    ["of which a result may still come", { ...plain, status: "terminated", unanswered: idSet("j1/1") }],
    ["of which something was refused after its end", { ...plain, lastAt: 90 }],
    ["that failed", { ...plain, status: "failed" }],
    ["that was cancelled", { ...plain, status: "cancelled" }],
  ])("%s is written, and read as it was", (_, run) => {
    const part = removedPartOf(run);
    expect(removedPart.parse(JSON.parse(JSON.stringify(part)))).toEqual(part);
    expect(closedRunOf(part)).toEqual(run);
  });

  test("is nothing that a run can't leave", () => {
    const part = removedPartOf(plain);
    const removed = (more: object) => ({ removed: { ...part.removed, ...more } });
    for (const odd of [
      { seq: 0 },
      { seq: 1.5 },
      removed({ status: "running" }),
      removed({ inputHash: -1 }),
      removed({ inputHash: 0.5 }),
    ])
      expect(removedPart.safeParse({ ...part, ...odd }).success).toBe(false);
  });

  test("says nothing that goes without saying", () => {
    expect(removedPartOf(plain)).toStrictEqual({
      runId: "r1",
      workflow: "order",
      seq: 7,
      removed: { status: "completed", startId: "c1", closedAt: 50 },
    });
  });
});

describe("A record that compaction wrote", () => {
  test("keeps its place, says how many had counted, and can be accepted by its header alone", () => {
    const payload = encodeCompacted({ ...link, ordinal: 4 }, [removedPartOf(plain)]);
    expect(JSON.parse(payload.toString())).toEqual({
      ...link,
      ordinal: 4,
      format: compactedFormat,
      decisions: [removedPartOf(plain)],
    });
    expect(readHeader({ payload })).toEqual({
      kind: "decisions",
      id: "d9",
      prev: "d1",
      claimId: "c1",
      epoch: 1,
      ordinal: 4,
      at: link.at,
    });
  });

  test("is of a newer format, if what is in it is", () => {
    const formatOf = (format: number) =>
      JSON.parse(Buffer.from(encodeCompacted({ ...link, ordinal: 4, format }, [])).toString()).format;
    expect([formatOf(1), formatOf(compactedFormat + 1)]).toEqual([compactedFormat, compactedFormat + 1]);
  });

  test("is made of a record's link and of its parts as they stood there", () => {
    const decisions = [{ runId: "r2", workflow: "w", inputId: "i", seq: 1, events: [] }];
    expect(recordLink(encodeHistoryRecord({ ...link, kind: "decisions", decisions }))).toEqual({
      link,
      parts: decisions,
    });
    const claim = { kind: "claim", id: "c1", epoch: 1, owner: "A", at: 1 } as const;
    expect(recordLink(encodeHistoryRecord(claim))).toBeUndefined();
    expect(recordLink(Buffer.from("{}"))).toBeUndefined();
  });
});

test("history is cut off where it begins with anything but its first claim", () => {
  const claimed = (epoch: number) =>
    ({ type: "claim", record: { kind: "claim", id: "c", epoch, owner: "A", at: 1 } }) as HistoryReading;
  expect([isCutFront(claimed(1)), isCutFront(claimed(2))]).toEqual([false, true]);
  expect(isCutFront({ type: "decisions" } as HistoryReading)).toBe(true);
  expect(isCutFront({ type: "leftOut" } as HistoryReading)).toBe(false);
});
