import type { JobRow, TimerRow } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { rowLook } from "./row-texts.ts";
import { segmentsOf } from "./segments.ts";
import { stillRows } from "./still-rows.ts";

const job: JobRow = {
  kind: "job",
  rowId: "j1",
  jobId: "j1",
  jobType: "pay",
  status: "running",
  from: 100,
  firstSeq: 2,
  lastSeq: 3,
  attempts: [{ attempt: 1, requestedAt: 100, startedAt: 120 }],
  input: "null",
  maxAttempts: 3,
};
const timer: TimerRow = {
  kind: "timer",
  rowId: "t1",
  timerId: "t1",
  status: "waiting",
  from: 300,
  dueAt: 9_000,
  firstSeq: 4,
  lastSeq: 4,
};

test("rows of a run that is set aside end there and then, and none of them looks as if work went on", () => {
  const rows = stillRows([job, timer], { since: 500, isNewer: false });
  for (const row of rows) {
    expect(rowLook(row)).toMatchObject({ word: "Set aside", tone: "ended" });
    expect(segmentsOf(row, 9_999).every(({ isOpen, to }) => !isOpen && to <= 500)).toBe(true);
  }
  expect(segmentsOf(rows[0] as JobRow, 9_999).map(({ tone }) => tone)).toEqual(["ended", "ended"]);
});

test("how a run goes on that is newer than the server is not known", () => {
  const [row] = stillRows([timer], { since: 500, isNewer: true });
  expect(rowLook(row as TimerRow)).toMatchObject({ word: "Not known", tone: "ended" });
});

test("rows that had ended, and those of other runs, stay as they are", () => {
  const ended: JobRow = { ...job, status: "completed", to: 400 };
  expect(stillRows([ended], { since: 500, isNewer: false })).toEqual([ended]);
  expect(stillRows([job, timer], undefined)).toEqual([job, timer]);
});
