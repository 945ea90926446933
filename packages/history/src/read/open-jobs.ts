import type { SQLInputValue } from "node:sqlite";
import { failureOf, numberOf, optionalNumber, type Row, textOf } from "../rows.ts";
import type { OpenJobList, OpenJobView } from "../views.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { defaultLimits } from "./run-scan.ts";

const countLimit = defaultLimits.count;

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
    const after = query.cursor === undefined ? { at: 0, id: 0 } : decodeCursor(query.cursor);
    const chosen = query.status === undefined || query.status.length === 0 ? statuses : query.status;
    const rows = chosen
      .flatMap((status) => oldest(db, query, status, after))
      .sort((a, b) => numberOf(a, "since") - numberOf(b, "since") || numberOf(a, "run") - numberOf(b, "run"));
    const count = chosen.reduce((sum, status) => sum + countOpen(db, query, status), 0);
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    return {
      jobs: rows.slice(0, query.limit).map(jobOf),
      count: Math.min(count, countLimit),
      countIsLowerBound: count > countLimit,
      ...(more && { cursor: encodeCursor({ at: numberOf(last, "since"), id: numberOf(last, "run") }) }),
    };
  });
}

/** Status by status, so that each is read along an index. */
function oldest(db: ReadDatabase, query: OpenJobsQuery, status: OpenJobStatus, after: Cursor): Row[] {
  const { from, values } = source(query, status);
  return db.all(
    `SELECT o.run, o.row_id, o.name, o.status, o.since, o.due_at, o.attempt, o.max_attempts, o.failure,
       r.run_id, r.workflow ${from} AND o.since >= ? AND (o.since > ? OR o.run > ?) ORDER BY o.since, o.run LIMIT ?`,
    ...values,
    after.at,
    after.at,
    after.id,
    query.limit + 1,
  );
}

function countOpen(db: ReadDatabase, query: OpenJobsQuery, status: OpenJobStatus): number {
  const { from, values } = source(query, status);
  const row = db.get(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ?)`, ...values, countLimit + 1);
  return row === undefined ? 0 : numberOf(row, "n");
}

function source(
  { jobType, workflow, runId }: OpenJobsQuery,
  status: OpenJobStatus,
): { from: string; values: SQLInputValue[] } {
  const index = jobType === undefined ? "open_rows_by_status" : "open_rows_by_name";
  const parts = ["o.kind = 'job'", "o.status = ?"];
  const values: SQLInputValue[] = [status];
  const also = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    parts.push(`${column} = ?`);
    values.push(value);
  };
  also("o.name", jobType);
  also("r.workflow", workflow);
  also("r.run_id", runId);
  // A run's own jobs are few: from the run to them.
  const tables =
    runId === undefined
      ? `open_rows o INDEXED BY ${index} CROSS JOIN runs r ON r.id = o.run`
      : "runs r CROSS JOIN open_rows o ON o.run = r.id";
  return { from: `FROM ${tables} WHERE ${parts.join(" AND ")}`, values };
}

function jobOf(row: Row): OpenJobView {
  const retryAt = optionalNumber(row, "due_at");
  const failure = failureOf(row);
  return {
    runId: textOf(row, "run_id"),
    workflow: textOf(row, "workflow"),
    jobId: textOf(row, "row_id"),
    jobType: textOf(row, "name"),
    status: statusOf(textOf(row, "status")),
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
