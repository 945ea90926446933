import type { JobRow, LedgerEntry, RunView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { ledgerText, momentsOf, receiptsOf } from "./ledger-text.ts";

const row = (rowId: string, jobType: string, output?: string): JobRow => ({
  kind: "job",
  rowId,
  jobId: rowId,
  jobType,
  status: output === undefined ? "rejected" : "completed",
  attempts: [],
  input: "{}",
  ...(output !== undefined && { output }),
  maxAttempts: 1,
  from: 1,
  firstSeq: 1,
  lastSeq: 1,
});

const entry: LedgerEntry = {
  compensationId: "c1",
  jobType: "refundPayment",
  undoes: "j1",
  doneType: "processPayment",
  doneAt: Date.UTC(2026, 10, 2, 9),
  registeredAt: Date.UTC(2026, 10, 2, 9),
  undoJobId: "j2",
  beganAt: Date.UTC(2026, 10, 2, 10),
  endedAt: Date.UTC(2026, 10, 2, 11),
  status: "undoFailed",
  failure: { kind: "business", name: "CardGone", message: "The card is closed." },
};

const run = {
  runId: "trip-1",
  endedAt: 1,
  rows: [row("j1", "processPayment", '{"receiptId":"r-7"}'), row("j2", "refundPayment")],
  ledger: [entry, { compensationId: "c2", jobType: "notify", registeredAt: 5, status: "owed" }],
} as const satisfies Partial<RunView>;

test("the text names what was done, when, what became of its undo, why, and the receipts there are", () => {
  const text = ledgerText(run as Pick<RunView, keyof typeof run> as RunView);
  expect(text).toMatch(
    /^Compensation of trip-1\nprocessPayment ↩ refundPayment: undo failed \(done .*2026.*; undo begun .*; failed .*; .*The card is closed.*\)\n {2}receipt of processPayment: {"receiptId":"r-7"}\nnotify: still owed \(registered .*1970.*\)$/,
  );
});

test("moments are in their order, and only those that were", () => {
  expect(momentsOf(entry).map(({ word }) => word)).toEqual(["done", "undo begun", "failed"]);
  expect(receiptsOf(run, { ...entry, undoes: "gone", undoJobId: "j2" })).toEqual([]);
});

test("a job that its own type undoes has two receipts, which are told apart", () => {
  const rows = [row("j1", "transfer", '"r-1"'), row("j2", "transfer", '"r-2"')];
  const receipts = receiptsOf({ rows }, { ...entry, jobType: "transfer", doneType: "transfer" });
  expect(receipts.map(({ rowId, output }) => `${rowId} ${output}`)).toEqual(['j1 "r-1"', 'j2 "r-2"']);
});
