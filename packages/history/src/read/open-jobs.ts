import type { SQLInputValue } from "node:sqlite";
import { failureOf, numberOf, optionalNumber, type Row, textOf } from "../rows.ts";
import type { OpenJobList, OpenJobView } from "../views.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { countLimit } from "./list-runs.ts";

export type OpenJobStatus = OpenJobView["status"];
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
    const { sql, values } = where(query);
    const { at, id } = query.cursor === undefined ? { at: 0, id: 0 } : decodeCursor(query.cursor);
    const rows = db.all(
      `SELECT o.run, o.row_id, o.name, o.status, o.since, o.due_at, o.attempt, o.max_attempts, o.failure,
         r.run_id, r.workflow
       FROM open_rows o JOIN runs r ON r.id = o.run
       WHERE ${sql} AND o.since >= ? AND (o.since > ? OR o.run > ?) ORDER BY o.since, o.run LIMIT ?`,
      ...values,
      at,
      at,
      id,
      query.limit + 1,
    );
    const counted = db.get(
      `SELECT count(*) AS n FROM (SELECT 1 FROM open_rows o JOIN runs r ON r.id = o.run WHERE ${sql} LIMIT ?)`,
      ...values,
      countLimit + 1,
    );
    const count = counted === undefined ? 0 : numberOf(counted, "n");
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

function where({ status, jobType, workflow, runId }: OpenJobsQuery): {
  sql: string;
  values: SQLInputValue[];
} {
  const chosen = status === undefined || status.length === 0 ? statuses : status;
  const parts = [`o.kind = 'job' AND o.status IN (${chosen.map(() => "?").join(", ")})`];
  const values: SQLInputValue[] = [...chosen];
  const also = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    parts.push(`${column} = ?`);
    values.push(value);
  };
  also("o.name", jobType);
  also("r.workflow", workflow);
  also("r.run_id", runId);
  return { sql: parts.join(" AND "), values };
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
