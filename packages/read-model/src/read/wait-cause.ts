import type { SQLInputValue } from "node:sqlite";
import { openStatuses, shownStatuses } from "../derive/shown-status.ts";
import { durationWords } from "../derive/time-words.ts";
import { numberOf } from "../rows.ts";
import type { ReadDatabase } from "./database.ts";

/**
 * Why runs wait though nothing in them has failed: nobody is there who does a job (`noWorker`) or hosts a workflow (`noHost`), or those who are don't get
 * round to it (`backlog`).
 */
export interface AbsenceCause {
  readonly kind: "noWorker" | "noHost" | "backlog";
  /** What is waited for: a job of a type, or what the code of a workflow says. */
  readonly on: "job" | "code";
  /** Of the job type, or of the workflow. */
  readonly name: string;
  /** Of a backlog, how long a wait belongs to it, ms. */
  readonly longerThanMs?: number;
}

/** A run that holds by itself until a person has looked at it. */
interface HeldCause {
  readonly kind: "held";
  readonly on: "run";
  /** Of the run. */
  readonly name: string;
  readonly workflow: string;
  /** What is held, and for what, in a sentence. */
  readonly says: string;
}

export type WaitCause = AbsenceCause | HeldCause;

export function fingerprintOf({ kind, on, name }: WaitCause): string {
  return `${kind}:${on}:${name}`;
}

export function errorNameOf({ kind }: WaitCause): string {
  return { noWorker: "NoWorker", noHost: "NoHost", backlog: "Backlog", held: "Held" }[kind];
}

export function sentenceOf(cause: WaitCause): string {
  if (cause.kind === "held") return cause.says;
  const { kind, on, name, longerThanMs = 0 } = cause;
  if (kind === "noWorker") return `No worker for ${name} is connected.`;
  if (kind === "noHost") return `No worker that hosts ${name} is connected.`;
  const long = durationWords(longerThanMs);
  return on === "job"
    ? `Workers for ${name} are connected, but its jobs wait for longer than ${long}.`
    : `Workers that host ${name} are connected, but its runs wait for their answers for longer than ${long}.`;
}

/** What a cause is about, as its group says it. */
export function subjectOf(cause: WaitCause): {
  readonly jobType?: string;
  readonly workflow?: string;
  readonly heldRunId?: string;
} {
  if (cause.kind === "held") return { workflow: cause.workflow, heldRunId: cause.name };
  return cause.on === "job" ? { jobType: cause.name } : { workflow: cause.name };
}

/** Where the rows that wait for it are, as `o`, in the order of their age. */
export interface WaitRows {
  readonly from: string;
  readonly where: string;
  readonly values: SQLInputValue[];
}

const open = openStatuses.map((status) => shownStatuses.indexOf(status));

/** A run as a row of what is open, since it was last heard of. Its own code, which may be stuck besides since that moment, is the row ''. */
const runAsRow = `(
  SELECT id AS run, 'held' AS row_id, 'run' AS kind, updated_at AS since, NULL AS failure, NULL AS fingerprint, workflow, run_id, shown
  FROM runs
) o`;

/** What the rows that wait for it are. */
function waitPlace({ on, name }: AbsenceCause) {
  return on === "job"
    ? { kind: "job", name, status: "scheduled" }
    : { kind: "answer", name, status: "awaited" };
}

/** Of those for which somebody is absent, JSON: of each the kind, name and status of its rows, and before when they began to wait. */
export function waitPlaces(causes: readonly WaitCause[], now: number): string {
  const places = causes.flatMap((cause) => {
    if (cause.kind === "held") return [];
    const { kind, name, status } = waitPlace(cause);
    const { longerThanMs } = cause;
    return [[kind, name, status, longerThanMs === undefined ? Number.MAX_SAFE_INTEGER : now - longerThanMs]];
  });
  return JSON.stringify(places);
}

/** Of those that hold by themselves, JSON. */
export function heldRuns(db: ReadDatabase, causes: readonly WaitCause[], now: number): string {
  const runs = causes.flatMap((cause) => {
    if (cause.kind !== "held") return [];
    const { from, where, values } = rowsOf(cause, now);
    return db.all(`SELECT o.run FROM ${from} WHERE ${where}`, ...values).map((row) => numberOf(row, "run"));
  });
  return JSON.stringify(runs);
}

export function rowsOf(cause: WaitCause, now: number, workflow?: string): WaitRows {
  const ofWorkflow = workflow === undefined ? "" : "o.workflow = ? AND ";
  const workflows = workflow === undefined ? [] : [workflow];
  if (cause.kind === "held") {
    const where = `${ofWorkflow}o.run_id = ? AND o.shown IN (${open.join(", ")})`;
    return { from: runAsRow, where, values: [...workflows, cause.name] };
  }
  const { kind, name, status } = waitPlace(cause);
  const { longerThanMs } = cause;
  const since = longerThanMs === undefined ? "" : " AND o.since < ?";
  return {
    from: `open_rows o INDEXED BY ${workflow === undefined ? "open_rows_by_name" : "open_rows_by_workflow"}`,
    where: `${ofWorkflow}o.kind = ? AND o.name = ? AND o.status = ?${since}`,
    values: [...workflows, kind, name, status, ...(longerThanMs === undefined ? [] : [now - longerThanMs])],
  };
}

export interface WaitCounts {
  readonly count: number;
  readonly runs: number;
  readonly oldest: number;
  readonly newest: number;
}

export function countWaits(db: ReadDatabase, cause: WaitCause, now: number, workflow?: string): WaitCounts {
  const { from, where, values } = rowsOf(cause, now, workflow);
  const row = db.get(
    `SELECT count(*) AS n, count(DISTINCT o.run) AS runs, coalesce(min(o.since), 0) AS oldest,
       coalesce(max(o.since), 0) AS newest
     FROM ${from} WHERE ${where}`,
    ...values,
  );
  if (row === undefined) return { count: 0, runs: 0, oldest: 0, newest: 0 };
  return {
    count: numberOf(row, "n"),
    runs: numberOf(row, "runs"),
    oldest: numberOf(row, "oldest"),
    newest: numberOf(row, "newest"),
  };
}

/** SQLite takes 500 parts of a compound query. */
const mostParts = 100;

/** Runs that wait for one of these and are not stuck besides: those are counted already. */
export function countWaitingRuns(db: ReadDatabase, causes: readonly WaitCause[], now: number): number {
  const runs = new Set<number>();
  for (let first = 0; first < causes.length; first += mostParts) {
    const parts = causes.slice(first, first + mostParts).map((cause) => rowsOf(cause, now));
    const rows = db.all(
      `SELECT DISTINCT w.run AS run FROM (
         ${parts.map(({ from, where }) => `SELECT o.run FROM ${from} WHERE ${where}`).join(" UNION ")}
       ) w WHERE NOT EXISTS (SELECT 1 FROM open_rows s WHERE s.run = w.run AND s.fingerprint IS NOT NULL)`,
      ...parts.flatMap(({ values }) => values),
    );
    for (const row of rows) runs.add(numberOf(row, "run"));
  }
  return runs.size;
}
