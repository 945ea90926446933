import type { SQLInputValue } from "node:sqlite";
import { failureOf, numberOf, optionalNumber, type Row, textOf } from "../rows.ts";
import type { OpenJobList, OpenJobView } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import {
  afterRow,
  afterRowValues,
  byRowPlace,
  decodeRowPlace,
  encodeRowPlace,
  inRowOrder,
  type OpenRowPlace,
  placeOfRow,
} from "./open-row-place.ts";
import { countRows, type RowWalk } from "./row-walk.ts";

type OpenJobStatus = OpenJobView["status"];
const statuses: readonly OpenJobStatus[] = ["scheduled", "running", "backingOff", "stuck"];

export interface OpenJobsQuery {
  readonly status?: readonly OpenJobStatus[] | undefined;
  readonly jobType?: string | undefined;
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Jobs that are not over, those that have been in their status for longest first. */
export function listOpenJobs(db: ReadDatabase, query: OpenJobsQuery): Omit<OpenJobList, "freshness"> {
  return db.atOnce(() => {
    const after = decodeRowPlace(query.cursor);
    const walks = walksOf(db, query);
    const rows = walks.flatMap((walk) => oldest(db, walk, after, query.limit + 1)).sort(byRowPlace);
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    return {
      jobs: rows.slice(0, query.limit).map(jobOf),
      ...countRows(db, walks),
      ...(more && { cursor: encodeRowPlace(placeOfRow(last)) }),
    };
  });
}

/** Status by status, and in a workflow job type by job type, so that none of them looks at a row in vain. */
function walksOf(db: ReadDatabase, { status, jobType, workflow, runId }: OpenJobsQuery): RowWalk[] {
  const chosen = status === undefined || status.length === 0 ? statuses : [...new Set(status)];
  if (runId !== undefined) return chosen.map((one) => ofRun(runId, one, jobType, workflow));
  if (workflow !== undefined) {
    const types = jobType === undefined ? openJobTypes(db, workflow) : [jobType];
    return types.flatMap((type) =>
      chosen.map((one) =>
        walk("open_rows_by_workflow", "o.workflow = ? AND o.kind = 'job' AND o.name = ? AND o.status = ?", [
          workflow,
          type,
          one,
        ]),
      ),
    );
  }
  if (jobType === undefined)
    return chosen.map((one) => walk("open_rows_by_status", "o.kind = 'job' AND o.status = ?", [one]));
  return chosen.map((one) =>
    walk("open_rows_by_name", "o.kind = 'job' AND o.name = ? AND o.status = ?", [jobType, one]),
  );
}

function walk(index: string, where: string, values: readonly SQLInputValue[]): RowWalk {
  return {
    from: `FROM open_rows o INDEXED BY ${index} CROSS JOIN runs r ON r.id = o.run WHERE ${where}`,
    values,
  };
}

/** A run's own jobs are few: from the run to them. */
function ofRun(
  runId: string,
  status: OpenJobStatus,
  jobType: string | undefined,
  workflow: string | undefined,
): RowWalk {
  const type = jobType === undefined ? "" : " AND o.name = ?";
  const ofWorkflow = workflow === undefined ? "" : " AND o.workflow = ?";
  return {
    from: `FROM runs r CROSS JOIN open_rows o ON o.run = r.id
      WHERE r.run_id = ? AND o.kind = 'job' AND o.status = ?${type}${ofWorkflow}`,
    values: [runId, status, jobType, workflow].filter((value) => value !== undefined),
  };
}

/** Of a workflow, found by leaping along the index from one to the next. */
function openJobTypes(db: ReadDatabase, workflow: string): string[] {
  const next =
    "SELECT min(name) FROM open_rows INDEXED BY open_rows_by_workflow WHERE workflow = ? AND kind = 'job'";
  return db
    .all(
      `WITH RECURSIVE types (name) AS (
         SELECT (${next}) UNION ALL SELECT (${next} AND name > types.name) FROM types WHERE types.name IS NOT NULL
       ) SELECT name FROM types WHERE name IS NOT NULL`,
      workflow,
      workflow,
    )
    .map((row) => textOf(row, "name"));
}

function oldest(db: ReadDatabase, { from, values }: RowWalk, after: OpenRowPlace, limit: number): Row[] {
  return db.all(
    `SELECT o.run, o.row_id, o.name, o.status, o.since, o.due_at, o.attempt, o.max_attempts, o.failure,
       r.run_id, r.workflow ${from} AND ${afterRow} ${inRowOrder} LIMIT ?`,
    ...values,
    ...afterRowValues(after),
    limit,
  );
}

function jobOf(row: Row): OpenJobView {
  const status = statusOf(textOf(row, "status"));
  const retryAt = status === "backingOff" ? optionalNumber(row, "due_at") : undefined;
  const failure = failureOf(row);
  return {
    runId: textOf(row, "run_id"),
    workflow: textOf(row, "workflow"),
    jobId: textOf(row, "row_id"),
    jobType: textOf(row, "name"),
    status,
    since: numberOf(row, "since"),
    attempt: numberOf(row, "attempt"),
    maxAttempts: numberOf(row, "max_attempts"),
    ...(retryAt !== undefined && { retryAt }),
    ...(failure !== undefined && { failure }),
  };
}

function statusOf(text: string): OpenJobStatus {
  const status = statuses.find((known) => known === text);
  if (status === undefined) throw new TypeError(`There is no open job that is ${text}.`);
  return status;
}
