import type { SQLInputValue } from "node:sqlite";
import { numberOf, type Row, textOf } from "../rows.ts";
import type { ReadDatabase } from "./database.ts";

/** A run as lists look at it. */
export interface Candidate {
  readonly id: number;
  /** The time the list is sorted by. */
  readonly at: number;
  readonly shown: number;
  readonly workflow: string;
}

/** Newest first; of one moment, the one that came later in the log first. */
export type Candidates = Iterable<Candidate>;

export function newerFirst(a: Candidate, b: Candidate): number {
  return b.at - a.at || b.id - a.id;
}

/** The stretch of the list that is asked for. */
export interface Range {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Right after this one; the first page has none. */
  readonly after: { readonly at: number; readonly id: number } | undefined;
}

function rangeOf(column: string, idColumn: string, range: Range): { sql: string; values: number[] } {
  const to = range.after === undefined ? range.to - 1 : Math.min(range.to - 1, range.after.at);
  const sql = `${column} >= ? AND ${column} <= ?`;
  if (range.after === undefined) return { sql, values: [range.from, to] };
  return {
    sql: `${sql} AND (${column} < ? OR ${idColumn} < ?)`,
    values: [range.from, to, range.after.at, range.after.id],
  };
}

const brief = "r.id, r.shown, r.workflow";

/** All runs, along the time the list is sorted by. */
export function byTime(db: ReadDatabase, by: "started_at" | "ended_at", range: Range): Candidates {
  const { sql, values } = rangeOf(`r.${by}`, "r.id", range);
  const index = by === "started_at" ? "runs_by_start" : "runs_by_end";
  return rows(
    db,
    `SELECT ${brief}, r.${by} AS at FROM runs r INDEXED BY ${index} WHERE ${sql} ORDER BY r.${by} DESC, r.id DESC`,
    values,
  );
}

/** Runs of one status, of one workflow if it is given, along their start. */
export function byStatus(
  db: ReadDatabase,
  shown: number,
  workflow: string | undefined,
  range: Range,
): Candidates {
  const { sql, values } = rangeOf("r.started_at", "r.id", range);
  const [index, where, first] =
    workflow === undefined
      ? ["runs_by_shown", "r.shown = ?", [shown]]
      : ["runs_by_workflow", "r.workflow = ? AND r.shown = ?", [workflow, shown]];
  return rows(
    db,
    `SELECT ${brief}, r.started_at AS at FROM runs r INDEXED BY ${index}
     WHERE ${where} AND ${sql} ORDER BY r.started_at DESC, r.id DESC`,
    [...first, ...values],
  );
}

/** Runs with a label, along their start. The value is compared in lower case only. */
export function byLabel(db: ReadDatabase, term: string, key: string, range: Range): Candidates {
  const { sql, values } = rangeOf("t.started_at", "t.run", range);
  return rows(
    db,
    `SELECT ${brief}, t.started_at AS at FROM terms t CROSS JOIN runs r ON r.id = t.run
     WHERE t.term = ? AND t.key = ? AND ${sql} ORDER BY t.started_at DESC, t.run DESC`,
    [term, key, ...values],
  );
}

/** Runs found by the beginning of a term, sorted; `undefined` when there are more than `most`. */
export function byPrefix(
  db: ReadDatabase,
  prefix: string,
  range: Range,
  most: number,
): Candidates | undefined {
  // The range of time bounds the answer, not the search: terms are sorted by their text.
  const found = db.all(
    "SELECT run, started_at FROM terms WHERE term >= ? AND term < ? LIMIT ?",
    prefix,
    `${prefix}\u{10ffff}`,
    most + 1,
  );
  if (found.length > most) return undefined;
  const ids = new Map<number, number>();
  for (const row of found) {
    const id = numberOf(row, "run");
    const at = numberOf(row, "started_at");
    if (at < range.from || at >= range.to) continue;
    if (
      range.after !== undefined &&
      (at > range.after.at || (at === range.after.at && id >= range.after.id))
    ) {
      continue;
    }
    ids.set(id, at);
  }
  const sorted = [...ids].sort(([a, atA], [b, atB]) => atB - atA || b - a);
  return lookUp(db, sorted);
}

function* lookUp(db: ReadDatabase, sorted: readonly (readonly [number, number])[]): Candidates {
  for (const [id, at] of sorted) {
    const row = db.get("SELECT shown, workflow FROM runs WHERE id = ?", id);
    if (row !== undefined) yield { id, at, shown: numberOf(row, "shown"), workflow: textOf(row, "workflow") };
  }
}

function* rows(db: ReadDatabase, sql: string, values: SQLInputValue[]): Candidates {
  for (const row of db.iterate(sql, ...values)) yield candidateOf(row);
}

function candidateOf(row: Row): Candidate {
  return {
    id: numberOf(row, "id"),
    at: numberOf(row, "at"),
    shown: numberOf(row, "shown"),
    workflow: textOf(row, "workflow"),
  };
}

/** Several lists as one, without repetitions. */
export function* merged(lists: readonly Candidates[]): Candidates {
  const heads = lists.map((list) => {
    const iterator = list[Symbol.iterator]();
    return { iterator, next: iterator.next() };
  });
  try {
    let last: number | undefined;
    for (;;) {
      let best: (typeof heads)[number] | undefined;
      for (const head of heads) {
        if (head.next.done === true) continue;
        if (
          best === undefined ||
          best.next.done === true ||
          newerFirst(head.next.value, best.next.value) < 0
        ) {
          best = head;
        }
      }
      if (best === undefined || best.next.done === true) return;
      if (best.next.value.id !== last) yield best.next.value;
      last = best.next.value.id;
      best.next = best.iterator.next();
    }
  } finally {
    for (const { iterator } of heads) iterator.return?.();
  }
}
