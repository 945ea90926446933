import type { SQLInputValue } from "node:sqlite";
import { type Failure, messageWithCause } from "@downbeat/domain";
import { jsonOf, numberOf, optionalText, type Row, textOf } from "../rows.ts";
import type { AttentionItem, AttentionList, AttentionTotals, CauseMark } from "../views.ts";
import { historyOfStopped, historyOfWaits } from "./cause-history.ts";
import { countRuns } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import {
  afterRow,
  afterRowValues,
  byRowPlace,
  decodeRowPlace,
  encodeRowPlace,
  inRowOrder,
  placeOfRow,
} from "./open-row-place.ts";
import type { RunHistories } from "./run-history.ts";
import { lastSeenOf, setAsideCauses, setAsideTotals, standingOf } from "./set-aside.ts";
import {
  countWaitingRuns,
  countWaits,
  errorNameOf,
  fingerprintOf,
  rowsOf,
  sentenceOf,
  subjectOf,
  type WaitCause,
} from "./wait-cause.ts";

export interface AttentionQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly fingerprint?: string | undefined;
  /** What runs wait for that nobody does, besides what has stopped. */
  readonly waits?: readonly WaitCause[];
  /** What people have said of causes. */
  readonly marks?: readonly CauseMark[];
}

type Group = AttentionList["groups"][number];

/** Causes of what has stopped; more of them are counted, not shown. */
const mostGroups = 200;

/** What needs a person, oldest first, and the causes it falls into. */
export function listAttention(
  db: ReadDatabase,
  histories: RunHistories,
  query: AttentionQuery,
  now: number,
): Omit<AttentionList, "freshness"> {
  return db.atOnce(() => {
    const { waits = [], marks = [] } = query;
    const marked = new Map(marks.map((mark) => [mark.fingerprint, mark]));
    const groups = [...waitGroups(db, waits, now), ...stuckGroups(db, now, [...marked.keys()])]
      .map((group) => withMark(group, marked.get(group.fingerprint), now))
      .sort((a, b) => b.count - a.count || a.oldest - b.oldest || (a.fingerprint < b.fingerprint ? -1 : 1));
    const rows = page(db, query, now);
    const items = rows.slice(0, query.limit).flatMap(({ row, wait }) => itemOf(row, wait, histories) ?? []);
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    return {
      items,
      groups,
      ...attentionTotals(db, waits, marks, now),
      ...(more && { cursor: encodeRowPlace(placeOfRow(last.row)) }),
    };
  });
}

/** Where the items are, oldest first, without looking into their runs. */
export interface AttentionPlaces {
  readonly places: readonly {
    readonly kind: AttentionItem["kind"];
    readonly runId: string;
    readonly jobId?: string;
    readonly since: number;
  }[];
  readonly cursor?: string;
}

export function attentionPlaces(db: ReadDatabase, query: AttentionQuery, now: number): AttentionPlaces {
  return db.atOnce(() => {
    const rows = page(db, query, now);
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    return {
      places: rows.slice(0, query.limit).map(({ row, wait }) => ({
        kind: wait?.kind ?? kindOf(row),
        runId: textOf(row, "run_id"),
        since: numberOf(row, "since"),
        ...(textOf(row, "kind") === "job" && { jobId: textOf(row, "row_id") }),
      })),
      ...(more && { cursor: encodeRowPlace(placeOfRow(last.row)) }),
    };
  });
}

function attentionTotals(
  db: ReadDatabase,
  waits: readonly WaitCause[],
  marks: readonly CauseMark[],
  now: number,
): AttentionTotals {
  const stopped = db.get(
    "SELECT count(*) AS n, count(DISTINCT fingerprint) AS causes FROM open_rows INDEXED BY attention WHERE fingerprint IS NOT NULL",
  );
  const counts = waits.map((wait) => countWaits(db, wait, now)).filter(({ count }) => count > 0);
  const { stuck } = countRuns(db);
  const waitingRuns = countWaitingRuns(db, waits, now);
  return {
    total: counts.reduce((sum, { count }) => sum + count, stopped === undefined ? 0 : numberOf(stopped, "n")),
    runs: stuck + waitingRuns,
    stuckRuns: stuck,
    waitingRuns,
    causes: counts.length + (stopped === undefined ? 0 : numberOf(stopped, "causes")),
    setAside: setAsideTotals(db, waits, setAsideCauses(db, waits, marks, now), now),
  };
}

interface AttentionRow {
  readonly row: Row;
  readonly wait: WaitCause | undefined;
}

function page(
  db: ReadDatabase,
  { cursor, limit, fingerprint, waits = [] }: AttentionQuery,
  now: number,
): AttentionRow[] {
  const after = afterRowValues(decodeRowPlace(cursor));
  const along = (from: string, where: string, values: readonly SQLInputValue[]): Row[] =>
    db.all(
      `SELECT o.run, o.row_id, o.kind, o.since, o.failure, o.fingerprint, r.run_id
       FROM ${from} CROSS JOIN runs r ON r.id = o.run
       WHERE ${where} AND ${afterRow} ${inRowOrder} LIMIT ?`,
      ...values,
      ...after,
      limit + 1,
    );
  const rows: AttentionRow[] = [];
  const asked = waits.filter((wait) => fingerprint === undefined || fingerprintOf(wait) === fingerprint);
  for (const wait of asked) {
    const { from, where, values } = rowsOf(wait, now);
    rows.push(...along(from, where, values).map((row) => ({ row, wait })));
  }
  const stopped =
    fingerprint === undefined
      ? along("open_rows o INDEXED BY attention_by_age", "o.fingerprint IS NOT NULL", [])
      : along("open_rows o INDEXED BY attention", "o.fingerprint = ?", [fingerprint]);
  rows.push(...stopped.map((row) => ({ row, wait: undefined })));
  return rows.sort((a, b) => byRowPlace(a.row, b.row));
}

function itemOf(row: Row, wait: WaitCause | undefined, histories: RunHistories): AttentionItem | undefined {
  const runId = textOf(row, "run_id");
  const history = histories.get(runId);
  if (history === undefined) return undefined;
  const { fold } = history;
  const job = fold.rows.get(textOf(row, "row_id"));
  const about = {
    runId,
    workflow: fold.workflow,
    labels: fold.labels,
    since: numberOf(row, "since"),
    ...(job?.kind === "job" && { job }),
  };
  if (wait !== undefined)
    return { ...about, kind: wait.kind, failure: failureOf(wait), fingerprint: fingerprintOf(wait) };
  const kind = kindOf(row);
  const failure = kind === "code" ? fold.stuck?.failure : job?.kind === "job" ? job.failure : undefined;
  return {
    ...about,
    kind,
    failure: failure ?? jsonOf<Failure>(row, "failure"),
    fingerprint: textOf(row, "fingerprint"),
  };
}

function failureOf(wait: WaitCause): Failure {
  return { kind: "technical", name: errorNameOf(wait), message: sentenceOf(wait) };
}

function kindOf(row: Row): "job" | "code" | "history" {
  const kind = textOf(row, "kind");
  return kind === "code" || kind === "history" ? kind : "job";
}

function waitGroups(db: ReadDatabase, waits: readonly WaitCause[], now: number, workflow?: string): Group[] {
  return waits.flatMap((wait) => {
    const counts = countWaits(db, wait, now, workflow);
    if (counts.count === 0) return [];
    const { newest: _, ...shown } = counts;
    return [
      {
        fingerprint: fingerprintOf(wait),
        kind: wait.kind,
        ...subjectOf(wait),
        errorName: errorNameOf(wait),
        message: sentenceOf(wait),
        ...shown,
        ...historyOfWaits(db, wait, counts, now),
        standing: "open" as const,
      },
    ];
  });
}

/** What waits for each of them; of the workflow alone, when one is given, but as the cause stands for all. */
export function markedWaitGroups(
  db: ReadDatabase,
  waits: readonly WaitCause[],
  marks: readonly CauseMark[],
  now: number,
  workflow?: string,
): Group[] {
  return waitGroups(db, waits, now, workflow).map((group) => {
    const mark = marks.find(({ fingerprint }) => fingerprint === group.fingerprint);
    if (mark === undefined) return group;
    return { ...group, standing: standingOf(mark, lastSeenOf(db, mark.fingerprint, waits, now), now), mark };
  });
}

function withMark(group: Group, mark: CauseMark | undefined, now: number): Group {
  return mark === undefined ? group : { ...group, standing: standingOf(mark, group.lastSeen, now), mark };
}

/** @param always causes that are shown however few items they have, if any */
function stuckGroups(db: ReadDatabase, now: number, always: readonly string[]): Group[] {
  const rows = db.all(
    `SELECT g.fingerprint, g.n, g.runs, g.oldest, g.newest,
      (SELECT o.name FROM open_rows o WHERE o.fingerprint = g.fingerprint AND o.since = g.oldest LIMIT 1) AS job_type,
      (SELECT o.kind FROM open_rows o WHERE o.fingerprint = g.fingerprint AND o.since = g.oldest LIMIT 1) AS kind,
      (SELECT o.failure FROM open_rows o WHERE o.fingerprint = g.fingerprint AND o.since = g.oldest LIMIT 1) AS failure
    FROM (
      SELECT fingerprint, count(*) AS n, count(DISTINCT run) AS runs, min(since) AS oldest, max(since) AS newest
      FROM open_rows INDEXED BY attention
      WHERE fingerprint IS NOT NULL GROUP BY fingerprint
    ) g ORDER BY g.fingerprint IN (SELECT value FROM json_each(?)) DESC, g.n DESC, g.oldest, g.fingerprint LIMIT ?`,
    JSON.stringify(always),
    mostGroups + always.length,
  );
  return rows.map((row) => {
    const failure = jsonOf<Failure>(row, "failure");
    const jobType = optionalText(row, "job_type") ?? "";
    const fingerprint = textOf(row, "fingerprint");
    const open = { oldest: numberOf(row, "oldest"), newest: numberOf(row, "newest") };
    return {
      fingerprint,
      kind: kindOf(row),
      ...(jobType !== "" && { jobType }),
      errorName: failure.name,
      message: messageWithCause(failure),
      count: numberOf(row, "n"),
      runs: numberOf(row, "runs"),
      oldest: open.oldest,
      ...historyOfStopped(db, fingerprint, open, now),
      standing: "open" as const,
    };
  });
}
