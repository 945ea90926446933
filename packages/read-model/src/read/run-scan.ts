import type { SQLInputValue } from "node:sqlite";
import { foldedLabel } from "@downbeat/domain";
import { shownStatuses } from "../derive/shown-status.ts";
import { numberOf } from "../rows.ts";
import { firstNumber } from "../run-number.ts";
import { folded, idBeginsFunction } from "../terms.ts";
import type { ShownStatus } from "../views.ts";
import type { Cursor } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";

/** SQL with the values for its question marks. */
export interface Part {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * A walk along one index, newest first, which gives candidates in the list's order, and the conditions that the index doesn't decide. A walk
 * without such conditions is exact. One with them looks at so many candidates and no more (`ListLimits`), so that no filter can hold up the server; what
 * it did not come to is on the next page.
 */
export interface RunScan {
  /** `SELECT id, at FROM …` */
  readonly walk: Part;
  readonly order: string;
  readonly rest: readonly Part[];
  /** When all of its candidates have one. */
  readonly status?: ShownStatus;
}

/** How much work one list may be. */
export interface ListLimits {
  /** Candidates that a scan with conditions looks at for a page. */
  readonly examined: number;
  /** And for a count, which is worth less. */
  readonly examinedToCount: number;
  /** Counting stops here: "more than 10,000". */
  readonly count: number;
  /** Runs with a text that are sorted: so many take some 15 ms. A text that more runs have is likely to be found among the newest ones. */
  readonly sorted: number;
  /** And when none of the newest has it. */
  readonly sortedThoroughly: number;
}

/** Where the events of each candidate are looked into: a page ends at so many of them, or after so much, which takes some 50 ms. */
export const contentLimits = { examined: 5_000, characters: 4_000_000 } as const;

export const defaultLimits: ListLimits = {
  examined: 20_000,
  examinedToCount: 10_000,
  count: 10_000,
  sorted: 50_000,
  sortedThoroughly: 150_000,
};

/** `at` is the time the list is sorted by. */
export interface Found {
  readonly id: number;
  readonly at: number;
}

export interface Range {
  /** ms, inclusive. */
  readonly from: number;
  /** ms, exclusive. */
  readonly to: number;
  readonly after: Cursor | undefined;
}

export const byId = "ORDER BY id DESC";
export const byEnd = "ORDER BY at DESC, id DESC";

/** Walks by start need no time of their own: it is in the number. */
export function byNumber(column: string, { from, to, after }: Range): Part {
  const last = Math.min(firstNumber(to), after?.id ?? Number.MAX_SAFE_INTEGER);
  return { sql: `${column} >= ? AND ${column} < ?`, values: [firstNumber(from), last] };
}

/** Of a run r. */
export function byEndTime({ from, to, after }: Range): Part {
  const until = Math.min(to - 1, after?.at ?? Number.MAX_SAFE_INTEGER);
  const sql = "r.ended_at >= ? AND r.ended_at <= ?";
  if (after === undefined) return { sql, values: [from, until] };
  return { sql: `${sql} AND (r.ended_at < ? OR r.id < ?)`, values: [from, until, after.at, after.id] };
}

export function everyRun(range: Range): RunScan {
  const { sql, values } = byNumber("id", range);
  return { walk: { sql: `SELECT id, id AS at FROM runs WHERE ${sql}`, values }, order: byId, rest: [] };
}

export function ofStatus(status: ShownStatus, workflow: string | undefined, range: Range): RunScan {
  const { sql, values } = byNumber("id", range);
  const shown = shownStatuses.indexOf(status);
  if (workflow === undefined) {
    const walk = `SELECT id, id AS at FROM runs INDEXED BY runs_by_shown WHERE shown = ? AND ${sql}`;
    return { walk: { sql: walk, values: [shown, ...values] }, order: byId, rest: [], status };
  }
  const walk = `SELECT id, id AS at FROM runs INDEXED BY runs_by_workflow
    WHERE workflow = ? AND shown = ? AND ${sql}`;
  return { walk: { sql: walk, values: [workflow, shown, ...values] }, order: byId, rest: [], status };
}

export function endedAs(status: ShownStatus, workflow: string | undefined, range: Range): RunScan {
  const [index, ofWhich, which] =
    workflow === undefined
      ? ["runs_by_end", "", []]
      : ["runs_by_workflow_and_end", "workflow = ? AND ", [workflow]];
  const ends = byEndTime(range);
  const walk = `SELECT r.id AS id, r.ended_at AS at FROM runs r INDEXED BY ${index}
    WHERE ${ofWhich}shown = ? AND ${ends.sql}`;
  const values = [...which, shownStatuses.indexOf(status), ...ends.values];
  return { walk: { sql: walk, values }, order: byEnd, rest: [], status };
}

/** Runs with a term that begins so. Sorted at each question, so only for texts that few runs have. */
export function withTerm(beginning: string, range: Range): RunScan {
  const { sql, values } = byNumber("run", range);
  const walk = `SELECT DISTINCT run AS id, run AS at FROM terms WHERE term >= ? AND term < ? AND ${sql}`;
  return { walk: { sql: walk, values: [...termRange(beginning), ...values] }, order: byId, rest: [] };
}

/** Counted up to `limit`; a run counts once for each of its terms. */
export function termCount(db: ReadDatabase, beginning: string, limit: number): number {
  const row = db.get(
    "SELECT count(*) AS n FROM (SELECT 1 FROM terms WHERE term >= ? AND term < ? LIMIT ?)",
    ...termRange(beginning),
    limit,
  );
  return row === undefined ? 0 : numberOf(row, "n");
}

function termRange(beginning: string): [string, string] {
  return [folded(beginning), `${folded(beginning)}\u{10ffff}`];
}

// Conditions on a candidate c, its run r and details d.

export function shownAs(statuses: readonly ShownStatus[]): Part {
  return {
    sql: `r.shown IN (${statuses.map(() => "?").join(", ")})`,
    values: statuses.map((status) => shownStatuses.indexOf(status)),
  };
}

export function ofWorkflow(workflow: string): Part {
  return { sql: "r.workflow = ?", values: [workflow] };
}

export function notOfWorkflows(workflows: readonly string[]): Part {
  return { sql: `r.workflow NOT IN (${workflows.map(() => "?").join(", ")})`, values: workflows };
}

export function hasTerm(beginning: string): Part {
  return { sql: "instr(d.terms, ?) > 0", values: [`\n${folded(beginning)}`] };
}

/**
 * Of a run of these workflows, which has the term: not only within a label. Who finds by the beginning of what they don't see learns it, a letter at a time; whoever
 * knows a whole value finds its runs.
 */
export function foundWithoutLabels(workflows: readonly string[], beginning: string): Part {
  return {
    sql: `(r.workflow NOT IN (SELECT value FROM json_each(?)) OR ${idBeginsFunction}(r.run_id, ?)
      OR EXISTS (SELECT 1 FROM labels INDEXED BY labels_by_run WHERE run = c.id AND folded = ?))`,
    values: [JSON.stringify(workflows), beginning, foldedLabel(beginning)],
  };
}

/** Along with what the walk decides. */
export function narrowed(scan: RunScan, rest: readonly Part[]): RunScan {
  return { ...scan, rest: [...scan.rest, ...rest] };
}

export interface ScanResult {
  readonly found: readonly Found[];
  /** Where it stopped looking though there was more to look at. */
  readonly stoppedAt: Found | undefined;
}

/** The first `limit` that pass. */
export function runScan(db: ReadDatabase, scan: RunScan, limit: number, limits: ListLimits): ScanResult {
  if (scan.rest.length === 0) {
    const rows = db.all(`${scan.walk.sql} ${scan.order} LIMIT ?`, ...scan.walk.values, limit);
    return { found: rows.map(foundOf), stoppedAt: undefined };
  }
  // No ORDER BY outside: the walk's order is kept by the join, and sorting would mean to look at everything first.
  const rows = db.all(
    `SELECT c.id, c.at FROM (${scan.walk.sql} ${scan.order} LIMIT ${limits.examined}) c ${joinsOf(scan.rest)} WHERE ${all(scan.rest)} LIMIT ?`,
    ...scan.walk.values,
    ...scan.rest.flatMap(({ values }) => values),
    limit,
  );
  const found = rows.map(foundOf);
  if (found.length === limit) return { found, stoppedAt: undefined };
  const last = db.get(
    `${scan.walk.sql} ${scan.order} LIMIT 1 OFFSET ${limits.examined - 1}`,
    ...scan.walk.values,
  );
  return { found, stoppedAt: last === undefined ? undefined : foundOf(last) };
}

/** How many of the candidates that a page looked at pass, down to where it stopped. */
export function passedCount(
  db: ReadDatabase,
  scan: RunScan,
  limits: ListLimits,
  downTo: Found | undefined,
): number {
  const until = downTo === undefined ? "" : "AND (c.at > ? OR (c.at = ? AND c.id >= ?))";
  const row = db.get(
    `SELECT count(*) AS n FROM (${scan.walk.sql} ${scan.order} LIMIT ${limits.examined}) c ${joinsOf(scan.rest)} WHERE ${all(scan.rest)} ${until}`,
    ...scan.walk.values,
    ...scan.rest.flatMap(({ values }) => values),
    ...(downTo === undefined ? [] : [downTo.at, downTo.at, downTo.id]),
  );
  return row === undefined ? 0 : numberOf(row, "n");
}

export interface ScanCount {
  readonly counts: ReadonlyMap<ShownStatus, number>;
  readonly stopped: boolean;
}

/** Per status, counting up to the limit, in whatever order is quickest. */
export function countScan(db: ReadDatabase, scan: RunScan, limits: ListLimits): ScanCount {
  const { count: limit } = limits;
  if (scan.rest.length === 0 && scan.status !== undefined) {
    const n = lengthOf(db, scan, limit + 1);
    return { counts: new Map([[scan.status, Math.min(n, limit)]]), stopped: n > limit };
  }
  const examined = scan.rest.length === 0 ? limit + 1 : limits.examinedToCount;
  const rows = db.all(
    `SELECT shown, count(*) AS n FROM (
       SELECT r.shown FROM (${scan.walk.sql} LIMIT ${examined}) c ${joinsOf(scan.rest)} WHERE ${all(scan.rest)} LIMIT ?
     ) GROUP BY shown`,
    ...scan.walk.values,
    ...scan.rest.flatMap(({ values }) => values),
    limit + 1,
  );
  const counts = new Map<ShownStatus, number>();
  let counted = 0;
  for (const row of rows) {
    const status = shownStatuses[numberOf(row, "shown")];
    // The one too many only says that there are more.
    const n = Math.min(numberOf(row, "n"), limit - counted);
    counted += numberOf(row, "n");
    if (status !== undefined) counts.set(status, n);
  }
  if (counted > limit) return { counts, stopped: true };
  return {
    counts,
    stopped: db.get(`${scan.walk.sql} LIMIT 1 OFFSET ${examined}`, ...scan.walk.values) !== undefined,
  };
}

/** How many candidates an exact walk has, counted up to `limit`. */
export function lengthOf(db: ReadDatabase, scan: RunScan, limit: number): number {
  const row = db.get(`SELECT count(*) AS n FROM (${scan.walk.sql} LIMIT ?)`, ...scan.walk.values, limit);
  return row === undefined ? 0 : numberOf(row, "n");
}

/** To the run of a candidate, and to its details where a condition asks for them. */
export function joinsOf(rest: readonly Part[]): string {
  const details = rest.some(({ sql }) => sql.includes("d."))
    ? " CROSS JOIN run_details d ON d.id = c.id"
    : "";
  return `CROSS JOIN runs r ON r.id = c.id${details}`;
}

function all(rest: readonly Part[]): string {
  return rest.length === 0 ? "true" : rest.map(({ sql }) => sql).join(" AND ");
}

function foundOf(row: Parameters<typeof numberOf>[0]): Found {
  return { id: numberOf(row, "id"), at: numberOf(row, "at") };
}
