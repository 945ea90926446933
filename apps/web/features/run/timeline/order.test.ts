import type { TimelineRow } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { placeRows } from "./order.ts";

const job = (rowId: string, undoes?: string): TimelineRow => ({
  kind: "job",
  rowId,
  jobId: rowId,
  jobType: rowId,
  status: "completed",
  attempts: [],
  input: "{}",
  maxAttempts: 5,
  from: 0,
  firstSeq: 1,
  lastSeq: 2,
  ...(undoes === undefined ? {} : { undoes, compensationId: `c-${rowId}` }),
});
const order = (...rows: TimelineRow[]) =>
  placeRows(rows).map(({ row, isUndo }) => (isUndo ? `↩${row.rowId}` : row.rowId));

test("a compensation stands under what it undoes", () => {
  expect(
    order(job("pay"), job("fly"), job("stay"), job("cancelFlight", "fly"), job("refund", "pay")),
  ).toEqual(["pay", "↩refund", "fly", "↩cancelFlight", "stay"]);
});

test("one that undoes nothing known keeps its place", () => {
  expect(order(job("pay"), job("refund", "gone"), job("mail"))).toEqual(["pay", "↩refund", "mail"]);
});
