import type { SQLInputValue } from "node:sqlite";
import { z } from "zod";
import { failureOf, numberOf, type Row, textOf } from "../rows.ts";
import type { TimerKind, TimerList, TimerView } from "../views.ts";
import { decodePlace, encodePlace } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { countRows, type RowWalk } from "./row-walk.ts";

export const timerKinds = ["sleep", "signal", "backOff", "deadline"] as const satisfies TimerKind[];

export interface TimersQuery {
  readonly kind?: readonly TimerKind[] | undefined;
  readonly workflow?: string | undefined;
  /** Of back-offs and deadlines. */
  readonly jobType?: string | undefined;
  readonly runId?: string | undefined;
  /** Due from this time, ms since the epoch. */
  readonly from?: number | undefined;
  /** Due until just before this time. */
  readonly to?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What time alone will do to open runs, in the order in which it is due. */
export function listTimers(db: ReadDatabase, query: TimersQuery): Omit<TimerList, "freshness"> {
  return db.atOnce(() => {
    const after = decodeDuePlace(query.cursor);
    const walks = walksOf(query);
    const rows = walks.flatMap((walk) => earliest(db, walk, after, query.limit + 1)).sort(byDuePlace);
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    return {
      timers: rows.slice(0, query.limit).map(timerOf),
      ...countRows(db, walks),
      ...(more && { cursor: encodeDuePlace(last) }),
    };
  });
}

interface Kept {
  readonly kind: "timer" | "signal" | "job";
  readonly status: string;
}

/** How each kind is written down. */
const kept: Readonly<Record<TimerKind, readonly Kept[]>> = {
  sleep: [{ kind: "timer", status: "waiting" }],
  signal: [{ kind: "signal", status: "awaited" }],
  backOff: [{ kind: "job", status: "backingOff" }],
  deadline: [
    { kind: "job", status: "scheduled" },
    { kind: "job", status: "running" },
  ],
};

function walksOf(query: TimersQuery): RowWalk[] {
  const { kind, jobType } = query;
  const chosen = kind === undefined || kind.length === 0 ? timerKinds : [...new Set(kind)];
  return chosen
    .flatMap((one) => kept[one])
    .filter((one) => jobType === undefined || one.kind === "job")
    .map((one) => walk(query, one));
}

function walk({ workflow, jobType, runId, from, to }: TimersQuery, { kind, status }: Kept): RowWalk {
  const conditions: [string, SQLInputValue | undefined][] = [
    ["o.status = ?", status],
    ["o.workflow = ?", workflow],
    ["o.name = ?", jobType],
    ["r.run_id = ?", runId],
    ["o.due_at >= ?", from],
    ["o.due_at < ?", to],
  ];
  const asked = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  // Not bound: it says to SQLite which of the indexes hold such rows.
  const where = ["o.due_at IS NOT NULL", `o.kind = '${kind}'`, ...asked.map(({ sql }) => sql)].join(" AND ");
  const tables =
    runId === undefined
      ? `open_rows o INDEXED BY ${indexFor(workflow, jobType)} CROSS JOIN runs r ON r.id = o.run`
      : "runs r CROSS JOIN open_rows o ON o.run = r.id";
  return { from: `FROM ${tables} WHERE ${where}`, values: asked.map(({ value }) => value) };
}

function indexFor(workflow: string | undefined, jobType: string | undefined): string {
  if (jobType !== undefined)
    return workflow === undefined ? "open_rows_by_due_of_type" : "open_rows_by_due_of_type_in_workflow";
  return workflow === undefined ? "open_rows_by_due" : "open_rows_by_due_of_workflow";
}

const columns = `o.run, o.row_id, o.kind, o.name, o.status, o.since, o.due_at, o.attempt, o.max_attempts, o.failure,
  r.run_id, r.workflow`;

function earliest(db: ReadDatabase, { from, values }: RowWalk, after: DuePlace, limit: number): Row[] {
  return db.all(
    `SELECT ${columns} ${from} AND (o.due_at, o.run, o.row_id) > (?, ?, ?)
     ORDER BY o.due_at, o.run, o.row_id LIMIT ?`,
    ...values,
    ...after,
    limit,
  );
}

/** All that the list is sorted by: of one moment by run and id. */
type DuePlace = readonly [dueAt: number, run: number, rowId: string];

const shape = z.tuple([z.literal("due"), z.number().int(), z.number().int(), z.string()]);

function placeOf(row: Row): DuePlace {
  return [numberOf(row, "due_at"), numberOf(row, "run"), textOf(row, "row_id")];
}

function encodeDuePlace(row: Row): string {
  return encodePlace(["due", ...placeOf(row)]);
}

function decodeDuePlace(cursor: string | undefined): DuePlace {
  if (cursor === undefined) return [-1, -1, ""];
  const [, dueAt, run, rowId] = decodePlace(cursor, shape);
  return [dueAt, run, rowId];
}

function byDuePlace(a: Row, b: Row): number {
  const [one, other] = [placeOf(a), placeOf(b)];
  return one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : 1);
}

function timerOf(row: Row): TimerView {
  const [kind, status, name] = [textOf(row, "kind"), textOf(row, "status"), textOf(row, "name")];
  const failure = failureOf(row);
  const isJob = kind === "job";
  const shown = kindOf(kind, status);
  return {
    runId: textOf(row, "run_id"),
    workflow: textOf(row, "workflow"),
    kind: shown,
    id: textOf(row, "row_id"),
    ...(name !== "" && { name }),
    since: numberOf(row, "since"),
    dueAt: numberOf(row, "due_at"),
    ...(isJob && { attempt: numberOf(row, "attempt"), maxAttempts: numberOf(row, "max_attempts") }),
    ...(shown === "deadline" && status === "scheduled" && { unbegun: true }),
    ...(failure !== undefined && { failure }),
  };
}

function kindOf(kind: string, status: string): TimerKind {
  const found = timerKinds.find((one) =>
    kept[one].some((each) => each.kind === kind && each.status === status),
  );
  if (found === undefined) throw new TypeError(`Nothing is due of a ${kind} that is ${status}.`);
  return found;
}
