import type { JobRow, RunState } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { jsonDifferences } from "../../../lib/json-differences.ts";
import { stateText } from "./state-text.ts";

const job = (fields: Partial<JobRow>): JobRow => ({
  kind: "job",
  rowId: "j3",
  jobId: "j3",
  jobType: "bookHotel",
  status: "running",
  attempts: [{ attempt: 1, requestedAt: 0 }],
  input: '{"limit":3544790567247868102}',
  maxAttempts: 5,
  from: 0,
  firstSeq: 4,
  lastSeq: 5,
  ...fields,
});
const state = (row: JobRow): RunState => ({
  shown: "running",
  why: "Waiting 3 s for bookHotel.",
  labels: { order: "7" },
  rows: { j3: row },
  open: 1,
  ended: 0,
  ledger: [{ compensationId: "c1", jobType: "refund", undoes: "j1", status: "registered" }],
});

test("the difference of two states names steps, and leaves out what is the page's own", () => {
  const before = stateText(state(job({})));
  const after = stateText(
    state(job({ status: "completed", output: '{"room":1.10}', to: 1_500, lastSeq: 9 })),
  );
  expect(before).toContain("3544790567247868102");
  expect(jsonDifferences(before, after).found).toEqual([
    { path: 'steps["bookHotel (j3)"].status', before: '"running"', after: '"completed"' },
    { path: 'steps["bookHotel (j3)"].output', after: '{"room":1.10}' },
    { path: 'steps["bookHotel (j3)"].to', after: expect.stringMatching(/^"\d\d:\d\d:01\.500"$/) },
  ]);
});

test("before the first event there is none", () => {
  expect(stateText(undefined)).toBeUndefined();
});
