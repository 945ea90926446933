import type { SQLInputValue } from "node:sqlite";
import { durationWords } from "../derive/time-words.ts";
import { numberOf } from "../rows.ts";
import type { ReadDatabase } from "./database.ts";

/**
 * Why runs wait though nothing in them has failed: nobody is there who does a job (`noWorker`) or hosts a workflow (`noHost`), or those who are don't get
 * round to it (`backlog`).
 */
export interface WaitCause {
  readonly kind: "noWorker" | "noHost" | "backlog";
  /** What is waited for: a job of a type, or what the code of a workflow says. */
  readonly on: "job" | "code";
  /** Of the job type, or of the workflow. */
  readonly name: string;
  /** Of a backlog, how long a wait belongs to it, ms. */
  readonly longerThanMs?: number;
}

export function fingerprintOf({ kind, on, name }: WaitCause): string {
  return `${kind}:${on}:${name}`;
}

export function errorNameOf({ kind }: WaitCause): string {
  return { noWorker: "NoWorker", noHost: "NoHost", backlog: "Backlog" }[kind];
}

export function sentenceOf({ kind, on, name, longerThanMs = 0 }: WaitCause): string {
  if (kind === "noWorker") return `No worker for ${name} is connected.`;
  if (kind === "noHost") return `No worker that hosts ${name} is connected.`;
  const long = durationWords(longerThanMs);
  return on === "job"
    ? `Workers for ${name} are connected, but its jobs wait for longer than ${long}.`
    : `Workers that host ${name} are connected, but its runs wait for their answers for longer than ${long}.`;
}

/** The rows of `open_rows o` that wait for it, in the order of their age. */
export function rowsOf(
  { on, name, longerThanMs }: WaitCause,
  now: number,
  workflow?: string,
): { readonly index: string; readonly where: string; readonly values: SQLInputValue[] } {
  const [kind, status] = on === "job" ? ["job", "scheduled"] : ["answer", "awaited"];
  const since = longerThanMs === undefined ? "" : " AND o.since < ?";
  return {
    index: workflow === undefined ? "open_rows_by_name" : "open_rows_by_workflow",
    where: `${workflow === undefined ? "" : "o.workflow = ? AND "}o.kind = ? AND o.name = ? AND o.status = ?${since}`,
    values: [
      ...(workflow === undefined ? [] : [workflow]),
      kind,
      name,
      status,
      ...(longerThanMs === undefined ? [] : [now - longerThanMs]),
    ],
  };
}

export interface WaitCounts {
  readonly count: number;
  readonly runs: number;
  readonly oldest: number;
}

export function countWaits(db: ReadDatabase, cause: WaitCause, now: number, workflow?: string): WaitCounts {
  const { index, where, values } = rowsOf(cause, now, workflow);
  const row = db.get(
    `SELECT count(*) AS n, count(DISTINCT o.run) AS runs, coalesce(min(o.since), 0) AS oldest
     FROM open_rows o INDEXED BY ${index} WHERE ${where}`,
    ...values,
  );
  if (row === undefined) return { count: 0, runs: 0, oldest: 0 };
  return { count: numberOf(row, "n"), runs: numberOf(row, "runs"), oldest: numberOf(row, "oldest") };
}

/** SQLite takes 500 parts of a compound query. */
const mostParts = 100;

/** Runs that wait for one of these and are not stuck besides: those are counted already. */
export function countWaitingRuns(db: ReadDatabase, causes: readonly WaitCause[], now: number): number {
  const runs = new Set<number>();
  for (let from = 0; from < causes.length; from += mostParts) {
    const parts = causes.slice(from, from + mostParts).map((cause) => rowsOf(cause, now));
    const rows = db.all(
      `SELECT DISTINCT w.run AS run FROM (
         ${parts.map(({ index, where }) => `SELECT o.run FROM open_rows o INDEXED BY ${index} WHERE ${where}`).join(" UNION ")}
       ) w WHERE NOT EXISTS (SELECT 1 FROM open_rows s WHERE s.run = w.run AND s.fingerprint IS NOT NULL)`,
      ...parts.flatMap(({ values }) => values),
    );
    for (const row of rows) runs.add(numberOf(row, "run"));
  }
  return runs.size;
}
