import { setImmediate } from "node:timers/promises";
import { numberOf } from "../rows.ts";
import type { GoalEnds, RunFilter, ShownStatus } from "../views.ts";
import type { Cursor } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { missedPart } from "./facet.ts";
import { type KnownClause, knownClauses, labelled } from "./label-scan.ts";
import { endedAs, joinsOf, type Part, type RunScan } from "./run-scan.ts";

export interface GoalAsked {
  readonly filter: Pick<RunFilter, "workflow" | "labels">;
  /** Of those that completed, the ones that took longer are late, ms. Absent: none is. */
  readonly withinMs?: number | undefined;
  /** ms since the epoch */
  readonly from: number;
  /** exclusive */
  readonly to: number;
  /** Runs that ended from then on are counted by themselves as well. */
  readonly recentFrom: number;
}

export interface GoalCounts {
  readonly whole: GoalEnds;
  readonly recent: GoalEnds;
}

/** So many runs are looked at without a pause where each has to be, and so many where the index knows: some 20 ms. */
const looksAtOnce = 5_000;
const countsAtOnce = 100_000;

/**
 * Every run that a list by end would have, by how it ended. Counted part by part, each of one moment; others of the server's work go on in between.
 *
 * @throws AbortSignal's reason, when nobody waits for it any more
 */
export async function countForGoal(
  db: ReadDatabase,
  asked: GoalAsked,
  signal: AbortSignal,
  atOnce?: number,
): Promise<GoalCounts> {
  const clauses = knownClauses(db, asked.filter);
  const count = (status: ShownStatus): Promise<Walked> => walk(db, asked, status, clauses, signal, atOnce);
  const completed = await count("completed");
  const failed = await count("failed");
  const cancelled = await count("cancelled");
  const terminated = await count("terminated");
  const ends = (of: "whole" | "recent"): GoalEnds => ({
    completedInTime: completed[of].runs - completed[of].late,
    completedLate: completed[of].late,
    failed: failed[of].runs,
    cancelled: cancelled[of].runs + terminated[of].runs,
  });
  return { whole: ends("whole"), recent: ends("recent") };
}

interface Walked {
  readonly whole: { runs: number; late: number };
  readonly recent: { runs: number; late: number };
}

async function walk(
  db: ReadDatabase,
  { filter: { workflow }, withinMs, from, to, recentFrom }: GoalAsked,
  status: ShownStatus,
  clauses: readonly KnownClause[],
  signal: AbortSignal,
  atOnce: number | undefined,
): Promise<Walked> {
  const conditions = clauses.map(labelled);
  const late = status === "completed" && withinMs !== undefined ? missedPart(withinMs) : undefined;
  const isLookedAt = conditions.length > 0 || late !== undefined;
  const most = atOnce ?? (isLookedAt ? looksAtOnce : countsAtOnce);
  const walked: Walked = { whole: { runs: 0, late: 0 }, recent: { runs: 0, late: 0 } };
  let after: Cursor | undefined;
  do {
    signal.throwIfAborted();
    after = db.atOnce(() => {
      const scan = endedAs(status, workflow, { from, to, after });
      const row = db.get(...countStatement(scan, conditions, late, recentFrom, most));
      if (row === undefined) return undefined;
      walked.whole.runs += numberOf(row, "runs");
      walked.whole.late += numberOf(row, "late");
      walked.recent.runs += numberOf(row, "recent");
      walked.recent.late += numberOf(row, "recentLate");
      const last = db.get(`${scan.walk.sql} ${scan.order} LIMIT 1 OFFSET ${most - 1}`, ...scan.walk.values);
      return last === undefined ? undefined : { id: numberOf(last, "id"), at: numberOf(last, "at") };
    });
    await setImmediate();
  } while (after !== undefined);
  return walked;
}

function countStatement(
  { walk, order }: RunScan,
  conditions: readonly Part[],
  late: Part | undefined,
  recentFrom: number,
  most: number,
): Parameters<ReadDatabase["get"]> {
  const parts = [...(late === undefined ? [] : [late]), ...conditions];
  const joins = parts.length === 0 ? "" : joinsOf(parts);
  const where = conditions.length === 0 ? "true" : conditions.map(({ sql }) => sql).join(" AND ");
  const sql = `SELECT count(*) AS runs, coalesce(sum(late), 0) AS late,
      coalesce(sum(is_recent), 0) AS recent, coalesce(sum(late AND is_recent), 0) AS recentLate
    FROM (SELECT c.at >= ? AS is_recent, ${late?.sql ?? "0"} AS late
      FROM (${walk.sql} ${order} LIMIT ${most}) c ${joins} WHERE ${where})`;
  return [
    sql,
    recentFrom,
    ...(late?.values ?? []),
    ...walk.values,
    ...conditions.flatMap(({ values }) => values),
  ];
}
