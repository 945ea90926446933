import { isOpen } from "../derive/shown-status.ts";
import { summaryOfFold } from "../derive/summary.ts";
import { ledgerOf } from "../fold/compensation.ts";
import { emptyFold, foldStep, type RunFold } from "../fold/run-fold.ts";
import type { LedgerEntry, RunState, RunStateView, TimelineRow } from "../views.ts";
import { eventsOf, type RunHistory } from "./run-history.ts";

/** Rows, and entries of the ledger, that are told of. */
const most = 200;
/** Characters that these rows take: an event that ends thousands of jobs changes each of them, with all that it carries. */
const longest = 1_000_000;

/** Folds the run up to an event, and is asked for no other: what is kept of it goes up to its last one. */
export function runStateAt(history: RunHistory, seq: number): Omit<RunStateView, "freshness"> | undefined {
  const { runId, partition, seq: total } = history.fold;
  const [event] = eventsOf(history, { afterSeq: seq - 1, limit: 1 }).events;
  if (history.steps[0]?.seq !== 1 || event?.seq !== seq) return undefined;
  const fold = emptyFold(runId, partition);
  for (const step of history.steps) {
    const end = step.seq + step.events.length;
    if (end <= seq) foldStep(fold, step);
    if (end <= seq) continue;
    const cut = seq - step.seq;
    if (cut > 0) foldStep(fold, { ...step, events: step.events.slice(0, cut) });
    const isFirst = fold.seq === 0;
    const before = wholeState(fold, new Map(fold.rows));
    foldStep(fold, { ...step, seq, events: step.events.slice(cut, cut + 1) });
    const after = wholeState(fold, fold.rows);
    const changed = changedIds(before.rows, after.rows);
    const told: Told = { rows: rowsToTell(changed, before, after), ledger: entriesToTell(before, after) };
    const left = changed.filter((rowId) => !told.rows.has(rowId)).length;
    return {
      total,
      event,
      ...(!isFirst && { before: cutTo(before, told) }),
      after: cutTo(after, told),
      ...(left > 0 && { moreChanged: left }),
    };
  }
  return undefined;
}

interface WholeState extends Omit<RunState, "rows" | "ledger"> {
  readonly rows: ReadonlyMap<string, TimelineRow>;
  readonly openIds: readonly string[];
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
}

function wholeState(fold: RunFold, rows: ReadonlyMap<string, TimelineRow>): WholeState {
  const { shown, closing, why, whyTimes, labels, failure } = summaryOfFold(fold, fold.updatedAt);
  const { output } = fold;
  const openIds = [...rows.values()].filter(isOpen).map(({ rowId }) => rowId);
  return {
    shown,
    ...(closing !== undefined && { closing }),
    ...(why !== undefined && { why }),
    ...(whyTimes !== undefined && { whyTimes }),
    labels,
    ...(output !== undefined && { output }),
    ...(failure !== undefined && { failure }),
    rows,
    open: openIds.length,
    ended: rows.size - openIds.length,
    openIds,
    ledger: new Map(ledgerOf(fold).map((entry) => [entry.compensationId, entry])),
  };
}

function changedIds<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  isSame: (one: Value | undefined, other: Value) => boolean = Object.is,
): readonly string[] {
  return [
    ...[...after].filter(([id, value]) => !isSame(before.get(id), value)).map(([id]) => id),
    ...[...before.keys()].filter((id) => !after.has(id)),
  ];
}

/** By id. The same on both sides: what only one of them told of would look like a difference. */
interface Told {
  readonly rows: ReadonlySet<string>;
  readonly ledger: ReadonlySet<string>;
}

function rowsToTell(changed: readonly string[], before: WholeState, after: WholeState): ReadonlySet<string> {
  const told = new Set<string>();
  let length = 0;
  for (const rowId of new Set([...changed, ...before.openIds, ...after.openIds])) {
    length += lengthOf(before.rows.get(rowId)) + lengthOf(after.rows.get(rowId));
    if (told.size === most || length > longest) break;
    told.add(rowId);
  }
  return told;
}

function lengthOf(row: TimelineRow | undefined): number {
  return row === undefined ? 0 : JSON.stringify(row).length;
}

function entriesToTell({ ledger: before }: WholeState, { ledger: after }: WholeState): ReadonlySet<string> {
  const changed = changedIds(before, after, (one, other) => one?.status === other.status);
  return new Set([...new Set([...changed, ...after.keys()])].slice(0, most));
}

function cutTo({ openIds: _, ...state }: WholeState, told: Told): RunState {
  return {
    ...state,
    rows: Object.fromEntries([...state.rows].filter(([rowId]) => told.rows.has(rowId))),
    ledger: [...state.ledger.values()].filter(({ compensationId }) => told.ledger.has(compensationId)),
  };
}
