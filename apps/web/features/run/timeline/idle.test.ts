import type { TimelineRow } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { idleFolds } from "./idle.ts";

const job = (rowId: string, from: number, to: number): TimelineRow => ({
  kind: "job",
  rowId,
  jobId: rowId,
  jobType: rowId,
  status: "completed",
  attempts: [{ attempt: 1, requestedAt: from, endedAt: to, outcome: "completed" }],
  input: "{}",
  maxAttempts: 5,
  from,
  to,
  firstSeq: 1,
  lastSeq: 2,
});

test("a long sleep between two jobs folds, with a little room at its edges", () => {
  const rows: TimelineRow[] = [
    job("before", 0, 1_000),
    {
      kind: "timer",
      rowId: "t1",
      timerId: "t1",
      status: "fired",
      dueAt: 3_600_000,
      from: 1_000,
      to: 3_600_000,
      firstSeq: 3,
      lastSeq: 4,
    },
    job("after", 3_600_000, 3_601_000),
  ];
  const [fold, ...rest] = idleFolds(rows, 0, 3_601_000, 9_999_999);
  expect(rest).toEqual([]);
  expect(fold?.from).toBeGreaterThan(1_000);
  expect(fold?.from).toBeLessThan(1_200);
  expect(fold?.to).toBeLessThan(3_600_000);
});

test("work is never folded, however long it takes", () => {
  expect(idleFolds([job("long", 0, 3_600_000)], 0, 3_600_000, 9_999_999)).toEqual([]);
});

test("short pauses stay", () => {
  expect(idleFolds([job("a", 0, 1_000), job("b", 1_500, 9_000)], 0, 9_000, 9_999)).toEqual([]);
});
