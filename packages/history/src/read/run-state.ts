import { isOpen } from "../derive/shown-status.ts";
import { summaryOfFold } from "../derive/summary.ts";
import { ledgerOf } from "../fold/compensation.ts";
import { emptyFold, foldStep, type RunFold } from "../fold/run-fold.ts";
import type { RunState, RunStateView, TimelineRow } from "../views.ts";
import { eventsOf, type RunHistory } from "./run-history.ts";

const mostOpenRows = 200;

/** Folds the run up to an event, and is asked for no other: what is kept of it goes up to its last one. */
export function runStateAt(history: RunHistory, seq: number): Omit<RunStateView, "freshness"> | undefined {
  const { runId, partition, seq: total } = history.fold;
  const [event] = eventsOf(history, { afterSeq: seq - 1, limit: 1 }).events;
  if (history.steps[0]?.seq !== 1 || event?.seq !== seq) return undefined;
  const fold = emptyFold(runId, partition);
  let rowsBefore: ReadonlyMap<string, TimelineRow> = new Map();
  let before: RunState | undefined;
  for (const step of history.steps) {
    const end = step.seq + step.events.length;
    if (end <= seq) foldStep(fold, step);
    if (end <= seq) continue;
    const cut = seq - step.seq;
    if (cut > 0) foldStep(fold, { ...step, events: step.events.slice(0, cut) });
    rowsBefore = new Map(fold.rows);
    const isFirst = fold.seq === 0;
    const beforeFold = isFirst ? undefined : stateOf(fold, rowsBefore);
    foldStep(fold, { ...step, seq, events: step.events.slice(cut, cut + 1) });
    const changed = changedRows(rowsBefore, fold.rows);
    before = beforeFold === undefined ? undefined : beforeFold(changed);
    return {
      total,
      event,
      ...(before !== undefined && { before }),
      after: stateOf(fold, fold.rows)(changed),
    };
  }
  return undefined;
}

function changedRows(
  before: ReadonlyMap<string, TimelineRow>,
  after: ReadonlyMap<string, TimelineRow>,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [rowId, row] of after) if (before.get(rowId) !== row) changed.add(rowId);
  for (const rowId of before.keys()) if (!after.has(rowId)) changed.add(rowId);
  return changed;
}

/** The state now; the rows that it tells of are chosen once it is known which of them the event changed. */
function stateOf(
  fold: RunFold,
  rows: ReadonlyMap<string, TimelineRow>,
): (changed: ReadonlySet<string>) => RunState {
  const { shown, closing, why, whyTimes, labels, failure } = summaryOfFold(fold, fold.updatedAt);
  const { output } = fold;
  const ledger = ledgerOf(fold);
  const open = [...rows.values()].filter(isOpen);
  const shownOpen = new Set(open.slice(0, mostOpenRows).map(({ rowId }) => rowId));
  return (changed) => ({
    shown,
    ...(closing !== undefined && { closing }),
    ...(why !== undefined && { why }),
    ...(whyTimes !== undefined && { whyTimes }),
    labels,
    ...(output !== undefined && { output }),
    ...(failure !== undefined && { failure }),
    rows: Object.fromEntries([...rows].filter(([rowId]) => shownOpen.has(rowId) || changed.has(rowId))),
    open: open.length,
    ended: rows.size - open.length,
    ledger,
  });
}
