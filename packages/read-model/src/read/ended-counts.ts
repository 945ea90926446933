import { openStatuses, shownStatuses, zeroCounts } from "../derive/shown-status.ts";
import { numberOf } from "../rows.ts";
import type { RunFilter } from "../views.ts";
import type { Counts } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import { knownClauses, labelled, walksOf } from "./label-scan.ts";
import { pieces } from "./pieces.ts";
import { endedAs, joinsOf, lengthOf, ofWorkflow, type Part, type RunScan } from "./run-scan.ts";

export interface EndsAsked {
  readonly filter: Pick<RunFilter, "workflow" | "labels">;
  /** ms since the epoch */
  readonly from: number;
  readonly to: number;
}

export interface EndedCounts {
  readonly counts: Counts;
  /** All that ended from then on are counted, ms since the epoch: later than what was asked for where they are too many to look at. */
  readonly since: number;
}

/** Of each status so many are looked at, or of the runs with a label. */
const mostExamined = 20_000;

const endStatuses = shownStatuses.filter((status) => !openStatuses.includes(status));

/** How runs ended in a period, by status. Those with labels are looked at one by one; of the others, whole minutes are counted. */
export function countEnded(db: ReadDatabase, asked: EndsAsked, most = mostExamined): EndedCounts {
  return db.atOnce(() => {
    if (Object.keys(asked.filter.labels ?? {}).length === 0) return byMinutes(db, asked);
    return alongLabel(db, asked, most) ?? alongEnds(db, asked, most);
  });
}

function byMinutes(db: ReadDatabase, { filter, from, to }: EndsAsked): EndedCounts {
  const counts = zeroCounts();
  for (const { span, from: start, to: end } of pieces(from, to)) {
    const row = db.get(
      `SELECT coalesce(sum(completed), 0) AS completed, coalesce(sum(failed), 0) AS failed, coalesce(sum(cancelled), 0) AS cancelled
       FROM run_figures WHERE span = ? AND workflow = ? AND at >= ? AND at < ?`,
      span,
      filter.workflow ?? "",
      start,
      end,
    );
    if (row === undefined) continue;
    for (const status of ["completed", "failed", "cancelled"] as const)
      counts[status] += numberOf(row, status);
  }
  return { counts, since: from };
}

/** Where few runs have one of the labels, those are looked at. */
function alongLabel(
  db: ReadDatabase,
  { filter, from, to }: EndsAsked,
  most: number,
): EndedCounts | undefined {
  const clauses = knownClauses(db, filter);
  const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, after: undefined };
  for (const [index, clause] of clauses.entries()) {
    const walks = walksOf(clause, everything);
    if (walks === undefined) continue;
    const length = walks.reduce((sum, walk) => sum + lengthOf(db, walk, most + 1), 0);
    if (length > most) continue;
    const rest = [...conditionsOf(filter.workflow, clauses.toSpliced(index, 1)), endedWithin(from, to)];
    const counts = zeroCounts();
    for (const walk of walks) for (const { status, n } of counted(db, walk, rest)) counts[status] += n;
    return { counts, since: from };
  }
  return undefined;
}

/** The newest ends of each status; all are counted from where the first of them stopped. */
function alongEnds(db: ReadDatabase, { filter, from, to }: EndsAsked, most: number): EndedCounts {
  const clauses = knownClauses(db, filter);
  const scans = endStatuses.map((status) => endedAs(status, filter.workflow, { from, to, after: undefined }));
  const stops = scans.map(({ walk, order }) =>
    db.get(`${walk.sql} ${order} LIMIT 1 OFFSET ${most}`, ...walk.values),
  );
  // What ended at the very moment at which it stopped may be missing some.
  const since = Math.max(from, ...stops.map((row) => (row === undefined ? 0 : numberOf(row, "at") + 1)));
  const counts = zeroCounts();
  const within = { from: since, to, after: undefined };
  for (const status of endStatuses)
    for (const { n } of counted(
      db,
      endedAs(status, filter.workflow, within),
      conditionsOf(undefined, clauses),
    ))
      counts[status] += n;
  return { counts, since };
}

function conditionsOf(workflow: string | undefined, clauses: Parameters<typeof labelled>[0][]): Part[] {
  return [...(workflow === undefined ? [] : [ofWorkflow(workflow)]), ...clauses.map(labelled)];
}

function endedWithin(from: number, to: number): Part {
  return { sql: "r.ended_at >= ? AND r.ended_at < ?", values: [from, to] };
}

function counted(db: ReadDatabase, { walk }: RunScan, rest: readonly Part[]) {
  const where = ["true", ...rest.map(({ sql }) => sql)].join(" AND ");
  const rows = db.all(
    `SELECT r.shown AS shown, count(*) AS n FROM (${walk.sql}) c ${joinsOf(rest)} WHERE ${where} GROUP BY r.shown`,
    ...walk.values,
    ...rest.flatMap(({ values }) => values),
  );
  return rows.flatMap((row) => {
    const status = shownStatuses[numberOf(row, "shown")];
    return status === undefined ? [] : [{ status, n: numberOf(row, "n") }];
  });
}
