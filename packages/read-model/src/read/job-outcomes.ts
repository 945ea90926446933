import type { SQLInputValue } from "node:sqlite";
import type { FailureKind, RunEvent } from "@downbeat/domain";
import { z } from "zod";
import { brief } from "../derive/run-details.ts";
import type { Step } from "../fold/run-fold.ts";
import { jobOutcomes, outcomesFromKey } from "../job-outcome.ts";
import { numberOf, optionalNumber, type Row, stepsOf, textOf } from "../rows.ts";
import type { JobOutcome, JobOutcomeList, JobOutcomeView } from "../views.ts";
import { decodePlace, encodePlace } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { beginningOf } from "./earlier-reads.ts";
import { countRows, type RowWalk } from "./row-walk.ts";

/** What a figure of jobs counts, or of errors: an error as those name it, whose job type is empty where it is none of a job. Absent: of any. */
type OutcomesOf =
  | { readonly what: JobOutcome; readonly jobType?: string | undefined }
  | { readonly error: string; readonly kind: FailureKind; readonly jobType?: string | undefined };

export interface JobOutcomesQuery {
  readonly of: OutcomesOf;
  readonly workflow?: string | undefined;
  /** ms since the epoch */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The rows behind a figure of jobs or of errors, the newest first. */
export function listJobOutcomes(
  db: ReadDatabase,
  query: JobOutcomesQuery,
): Omit<JobOutcomeList, "freshness"> {
  return db.atOnce(() => {
    const after = decodeOutcomePlace(query.cursor);
    const walks = walksOf(db, query);
    const rows = walks.flatMap((walk) => newest(db, walk, after, query.limit + 1)).sort(byPlace);
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    const wholeFrom = keptFrom(db);
    return {
      outcomes: outcomesOf(db, rows.slice(0, query.limit)),
      ...countRows(db, walks),
      ...((query.from ?? 0) < wholeFrom && { wholeFrom }),
      ...(more && { cursor: encodePlace(["outcome", ...placeOf(last)]) }),
    };
  });
}

function keptFrom(db: ReadDatabase): number {
  const left = db.get("SELECT value FROM meta WHERE key = ?", outcomesFromKey);
  return Math.max(left === undefined ? 0 : Number(textOf(left, "value")), beginningOf(db)?.at ?? 0);
}

/** The beginning of an index, which says what rows are: the column of the workflow comes next. */
interface Range {
  readonly table: string;
  readonly where: string;
  readonly values: readonly SQLInputValue[];
}

const ofErrors = "job_outcomes o INDEXED BY job_outcomes_by_error";

function rangesOf(db: ReadDatabase, of: OutcomesOf): Range[] {
  const all: Range =
    "error" in of
      ? { table: ofErrors, where: "o.error IS NOT NULL", values: [] }
      : { table: "job_outcomes o", where: "o.what = ?", values: [jobOutcomes.indexOf(of.what)] };
  const types = of.jobType === undefined ? next(db, all, "job_type") : [of.jobType];
  return types.map((type) => {
    const ofType = { ...all, where: `${all.where} AND o.job_type = ?`, values: [...all.values, type] };
    if (!("error" in of)) return ofType;
    const where = `${ofType.where} AND o.error = ? AND o.kind = ?`;
    return { ...ofType, where, values: [...ofType.values, of.error, of.kind] };
  });
}

/** Type by type and workflow by workflow, so that none of them looks at a row in vain. */
function walksOf(db: ReadDatabase, query: JobOutcomesQuery): RowWalk[] {
  const { workflow, from = 0, to = Number.MAX_SAFE_INTEGER } = query;
  return rangesOf(db, query.of).flatMap((range) =>
    (workflow === undefined ? next(db, range, "workflow") : [workflow]).map((one) => ({
      from: `FROM ${range.table} CROSS JOIN runs r ON r.id = o.run
        WHERE ${range.where} AND o.workflow = ? AND o.at >= ? AND o.at < ?`,
      values: [...range.values, one, from, to],
    })),
  );
}

/** Values of the index's next column, found by leaping from one to the next. */
function next(db: ReadDatabase, { table, where, values }: Range, column: string): string[] {
  const first = `SELECT min(o.${column}) FROM ${table} WHERE ${where}`;
  return db
    .all(
      `WITH RECURSIVE found (name) AS (
         SELECT (${first}) UNION ALL SELECT (${first} AND o.${column} > found.name) FROM found WHERE found.name IS NOT NULL
       ) SELECT name FROM found WHERE name IS NOT NULL`,
      ...values,
      ...values,
    )
    .map((row) => textOf(row, "name"));
}

function newest(db: ReadDatabase, { from, values }: RowWalk, after: OutcomePlace, limit: number): Row[] {
  return db.all(
    `SELECT o.what, o.job_type, o.workflow, o.at, o.run, o.seq, o.took, r.run_id ${from}
       AND (o.at, o.run, o.seq) < (?, ?, ?) ORDER BY o.at DESC, o.run DESC, o.seq DESC LIMIT ?`,
    ...values,
    ...after,
    limit,
  );
}

/** All that the list is sorted by. */
type OutcomePlace = readonly [at: number, run: number, seq: number];

const shape = z.tuple([z.literal("outcome"), z.number().int(), z.number().int(), z.number().int()]);
const afterAll = Number.MAX_SAFE_INTEGER;

function placeOf(row: Row): OutcomePlace {
  return [numberOf(row, "at"), numberOf(row, "run"), numberOf(row, "seq")];
}

function decodeOutcomePlace(cursor: string | undefined): OutcomePlace {
  if (cursor === undefined) return [afterAll, afterAll, afterAll];
  const [, at, run, seq] = decodePlace(cursor, shape);
  return [at, run, seq];
}

function byPlace(a: Row, b: Row): number {
  const [one, other] = [placeOf(a), placeOf(b)];
  return other[0] - one[0] || other[1] - one[1] || other[2] - one[2];
}

function outcomesOf(db: ReadDatabase, rows: readonly Row[]): JobOutcomeView[] {
  const events = eventsOf(db, rows);
  return rows.map((row) => outcomeOf(row, events.get(row)));
}

function outcomeOf(row: Row, event: RunEvent | undefined): JobOutcomeView {
  const what = jobOutcomes[numberOf(row, "what")];
  if (what === undefined) throw new TypeError(`No outcome of a job has the number ${row.what}.`);
  const tookMs = optionalNumber(row, "took");
  return {
    runId: textOf(row, "run_id"),
    workflow: textOf(row, "workflow"),
    what,
    jobType: textOf(row, "job_type"),
    at: numberOf(row, "at"),
    seq: numberOf(row, "seq"),
    ...(event !== undefined && "jobId" in event && { jobId: event.jobId }),
    ...(event !== undefined && "attempt" in event && { attempt: event.attempt }),
    ...(tookMs !== undefined && { tookMs }),
    ...(event !== undefined && "failure" in event && { failure: brief(event.failure) }),
  };
}

/** A row of steps may hold thousands of events: run by run from the last event on, each is parsed once. */
function eventsOf(db: ReadDatabase, rows: readonly Row[]): ReadonlyMap<Row, RunEvent> {
  const events = new Map<Row, RunEvent>();
  let parsed: { readonly run: number; readonly from: number; readonly steps: readonly Step[] } | undefined;
  for (const row of rows.toSorted(byEvent)) {
    const [run, seq] = [numberOf(row, "run"), numberOf(row, "seq")];
    if (parsed === undefined || parsed.run !== run || seq < parsed.from) {
      const found = db.get(
        "SELECT seq, json FROM steps WHERE run = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
        run,
        seq,
      );
      parsed = found && { run, from: numberOf(found, "seq"), steps: stepsOf(found) };
    }
    const step = parsed?.steps.findLast((each) => each.seq <= seq);
    const event = step?.events[seq - step.seq];
    if (event !== undefined) events.set(row, event);
  }
  return events;
}

function byEvent(a: Row, b: Row): number {
  return numberOf(b, "run") - numberOf(a, "run") || numberOf(b, "seq") - numberOf(a, "seq");
}
