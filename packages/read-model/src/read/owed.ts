import type { SQLInputValue } from "node:sqlite";
import { z } from "zod";
import type { Amount } from "../derive/amounts.ts";
import { failureOf, jsonOf, numberOf, type Row, type RunDetails, textOf } from "../rows.ts";
import type { OwedList, OwedStanding, OwedView } from "../views.ts";
import { decodePlace, encodePlace } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import type { RowWalk } from "./row-walk.ts";

export const owedStandings = ["undoing", "left", "failed"] as const satisfies OwedStanding[];

export interface OwedQuery {
  readonly standing?: readonly OwedStanding[] | undefined;
  /** That would undo it. */
  readonly jobType?: string | undefined;
  readonly workflow?: string | undefined;
  /** Path of a number that is told of each. */
  readonly amount?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What should have been undone and is not, one by one, what is owed longest first. */
export function listOwed(db: ReadDatabase, query: OwedQuery): Omit<OwedList, "freshness"> {
  return db.atOnce(() => {
    const after = decodeOwedPlace(query.cursor);
    const walks = walksOf(db, query);
    const rows = walks.flatMap((walk) => oldest(db, walk, after, query.limit + 1)).sort(byPlace);
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    return {
      owed: rows.slice(0, query.limit).map((row) => owedView(row, query.amount)),
      count: countOwed(db, query),
      countIsLowerBound: false,
      ...(more && { cursor: encodePlace(["owed", ...placeOf(last)]) }),
    };
  });
}

/** Of the totals: they are what the rows are, and need not be counted. */
function countOwed(db: ReadDatabase, { standing = [], jobType, workflow }: OwedQuery): number {
  const asked: { readonly sql: string; readonly values: readonly string[] }[] = [
    ...(workflow === undefined ? [] : [{ sql: "workflow = ?", values: [workflow] }]),
    ...(jobType === undefined ? [] : [{ sql: "job_type = ?", values: [jobType] }]),
    ...(standing.length === 0
      ? []
      : [{ sql: `standing IN (${standing.map(() => "?").join(", ")})`, values: standing }]),
  ];
  const where = ["path = ''", ...asked.map(({ sql }) => sql)].join(" AND ");
  const row = db.get(
    `SELECT total(n) AS n FROM owed_totals WHERE ${where}`,
    ...asked.flatMap(({ values }) => values),
  );
  return row === undefined ? 0 : numberOf(row, "n");
}

/** Standing by standing, and in a workflow job type by job type, so that each is read along an index. */
function walksOf(db: ReadDatabase, { standing, jobType, workflow }: OwedQuery): RowWalk[] {
  const chosen = standing === undefined || standing.length === 0 ? owedStandings : [...new Set(standing)];
  if (workflow !== undefined) {
    const types = jobType === undefined ? jobTypesIn(db, workflow) : [jobType];
    return types.flatMap((type) =>
      chosen.map((one) =>
        walk("owed_by_workflow", "o.workflow = ? AND o.job_type = ? AND o.standing = ?", [
          workflow,
          type,
          one,
        ]),
      ),
    );
  }
  if (jobType === undefined) return chosen.map((one) => walk("owed_by_standing", "o.standing = ?", [one]));
  return chosen.map((one) => walk("owed_by_type", "o.job_type = ? AND o.standing = ?", [jobType, one]));
}

function walk(index: string, where: string, values: readonly SQLInputValue[]): RowWalk {
  const tables = `owed o INDEXED BY ${index} CROSS JOIN runs r ON r.id = o.run CROSS JOIN run_details d ON d.id = o.run`;
  return { from: `FROM ${tables} WHERE ${where}`, values };
}

function jobTypesIn(db: ReadDatabase, workflow: string): string[] {
  return db
    .all("SELECT DISTINCT job_type FROM owed_totals WHERE path = '' AND workflow = ?", workflow)
    .map((row) => textOf(row, "job_type"));
}

function oldest(db: ReadDatabase, { from, values }: RowWalk, after: OwedPlace, limit: number): Row[] {
  return db.all(
    `SELECT o.run, o.compensation_id, o.job_type, o.standing, o.since, o.row_id, o.failure, o.amounts, r.run_id, r.workflow, d.json
     ${from} AND (o.since, o.run, o.compensation_id) > (?, ?, ?) ORDER BY o.since, o.run, o.compensation_id LIMIT ?`,
    ...values,
    ...after,
    limit,
  );
}

/** All that the list is sorted by: of one moment by run and id. */
type OwedPlace = readonly [since: number, run: number, compensationId: string];

const shape = z.tuple([z.literal("owed"), z.number().int(), z.number().int(), z.string()]);

function placeOf(row: Row): OwedPlace {
  return [numberOf(row, "since"), numberOf(row, "run"), textOf(row, "compensation_id")];
}

function decodeOwedPlace(cursor: string | undefined): OwedPlace {
  if (cursor === undefined) return [-1, -1, ""];
  const [, since, run, compensationId] = decodePlace(cursor, shape);
  return [since, run, compensationId];
}

function byPlace(a: Row, b: Row): number {
  const [one, other] = [placeOf(a), placeOf(b)];
  return one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : 1);
}

function owedView(row: Row, path: string | undefined): OwedView {
  const failure = failureOf(row);
  const rowId = textOf(row, "row_id");
  const amount = jsonOf<Amount[]>(row, "amounts").find(([each]) => each === path)?.[1];
  return {
    runId: textOf(row, "run_id"),
    workflow: textOf(row, "workflow"),
    labels: jsonOf<RunDetails>(row).labels,
    compensationId: textOf(row, "compensation_id"),
    jobType: textOf(row, "job_type"),
    standing: standingOf(textOf(row, "standing")),
    since: numberOf(row, "since"),
    ...(rowId !== "" && { rowId }),
    ...(failure !== undefined && { failure }),
    ...(amount !== undefined && { amount }),
  };
}

export function standingOf(text: string): OwedStanding {
  const standing = owedStandings.find((each) => each === text);
  if (standing === undefined) throw new TypeError(`Nothing that is owed stands as ${text}.`);
  return standing;
}
