import type { RunView, TimelineRow } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { mergeRunView, withSummary } from "./merge-run.ts";

const timer = (rowId: string, lastSeq: number): TimelineRow => ({
  kind: "timer",
  rowId,
  timerId: rowId,
  status: "waiting",
  dueAt: 9,
  from: 1,
  firstSeq: 1,
  lastSeq,
});
const view = (seq: number, rows: TimelineRow[], sinceSeq?: number): RunView => ({
  runId: "r",
  workflow: "w",
  status: "running",
  shown: "running",
  startedAt: 0,
  updatedAt: seq,
  labels: {},
  seq,
  partition: 0,
  input: "{}",
  eventCount: seq,
  rows,
  ledger: [],
  actions: [],
  awaitedSignals: [],
  freshness: { completeTo: seq, behind: 0, live: true },
  ...(sinceSeq === undefined ? {} : { sinceSeq }),
});
const rows = (run: RunView) => run.rows.map(({ rowId, lastSeq }) => `${rowId}@${lastSeq}`);

test("changed rows take their places, new ones come last", () => {
  const merged = mergeRunView(
    view(4, [timer("a", 2), timer("b", 4)]),
    view(7, [timer("c", 7), timer("a", 6)], 4),
  );
  expect(rows(merged)).toEqual(["a@6", "b@4", "c@7"]);
  expect(merged.seq).toBe(7);
  expect(merged.sinceSeq).toBeUndefined();
});

test("an answer that was overtaken changes nothing", () => {
  const known = view(7, [timer("a", 6)]);
  expect(mergeRunView(known, view(5, [timer("a", 5)], 4))).toBe(known);
  expect(mergeRunView(known, view(5, [timer("a", 5)]))).toBe(known);
});

test("a pushed summary moves the status, but not which rows are known", () => {
  const { rows: _, ...summary } = view(9, []);
  const merged = withSummary(view(7, [timer("a", 6)]), {
    ...summary,
    shown: "completed",
    status: "completed",
  });
  expect(merged.shown).toBe("completed");
  expect(merged.seq).toBe(7);
  expect(rows(merged)).toEqual(["a@6"]);
});

test("what is pushed to everybody doesn't mask again what one person has revealed", () => {
  const shown = { ...view(4, []), labels: { customer: "Ada" }, masked: { until: 9 } };
  const pushed = { ...view(6, []), labels: { customer: "•••" } };
  expect(withSummary(shown, pushed)).toBe(shown);
  expect(withSummary({ ...shown, masked: {} }, pushed).labels).toEqual({ customer: "•••" });
});
