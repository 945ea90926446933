import { numberOf } from "../rows.ts";
import { trendFrame, trendOf } from "../trend.ts";
import type { AttentionList } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { rowsOf, type WaitCause, type WaitCounts } from "./wait-cause.ts";

type CauseHistory = Required<Pick<AttentionList["groups"][number], "firstSeen" | "lastSeen" | "trend">>;

/** Of what has stopped. What is open of it may be older than the figures of this cache. */
export function historyOfStopped(
  db: ReadDatabase,
  fingerprint: string,
  open: { readonly oldest: number; readonly newest: number },
  now: number,
): CauseHistory {
  const seen = db.get("SELECT first_seen, last_seen FROM causes WHERE fingerprint = ?", fingerprint);
  const firstSeen = Math.min(open.oldest, seen === undefined ? open.oldest : numberOf(seen, "first_seen"));
  const lastSeen = Math.max(open.newest, seen === undefined ? open.newest : numberOf(seen, "last_seen"));
  const frame = trendFrame(firstSeen, now);
  const rows = db.all(
    "SELECT at, n FROM cause_figures WHERE fingerprint = ? AND span = ? AND at >= ?",
    fingerprint,
    frame.span,
    frame.from,
  );
  const figures = rows.map((row) => ({ at: numberOf(row, "at"), n: numberOf(row, "n") }));
  return { firstSeen, lastSeen, trend: trendOf(frame, figures) };
}

/** Of what only waits: when those began that wait now. */
export function historyOfWaits(
  db: ReadDatabase,
  cause: WaitCause,
  { oldest, newest }: WaitCounts,
  now: number,
): CauseHistory {
  const frame = trendFrame(oldest, now);
  const { from, where, values } = rowsOf(cause, now);
  const rows = db.all(
    `SELECT o.since - o.since % ${frame.bucketMs} AS at, count(*) AS n FROM ${from}
     WHERE ${where} AND o.since >= ? GROUP BY 1`,
    ...values,
    frame.from,
  );
  const figures = rows.map((row) => ({ at: numberOf(row, "at"), n: numberOf(row, "n") }));
  return { firstSeen: oldest, lastSeen: newest, trend: trendOf(frame, figures) };
}
