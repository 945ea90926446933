import { numberOf } from "../rows.ts";
import type { AttentionTotals, CauseMark, CauseStanding } from "../views.ts";
import { countRuns } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import {
  countWaitingRuns,
  countWaits,
  fingerprintOf,
  heldRuns,
  type WaitCause,
  waitPlaces,
} from "./wait-cause.ts";

/** Whether anybody need be told of a cause, from what people said of it and when it last stopped something. */
export function standingOf(
  { mutedUntil = 0, resolvedAt }: Pick<CauseMark, "mutedUntil" | "resolvedAt">,
  lastSeen: number | undefined,
  now: number,
): CauseStanding {
  if (mutedUntil > now) return "muted";
  if (resolvedAt === undefined) return "open";
  return lastSeen === undefined || lastSeen <= resolvedAt ? "resolved" : "cameBack";
}

/** When it last stopped something, whether or not that is still open. */
export function lastSeenOf(
  db: ReadDatabase,
  fingerprint: string,
  waits: readonly WaitCause[],
  now: number,
): number | undefined {
  const wait = waits.find((each) => fingerprintOf(each) === fingerprint);
  if (wait !== undefined) {
    const { count, newest } = countWaits(db, wait, now);
    return count === 0 ? undefined : newest;
  }
  const row = db.get(
    `SELECT max(coalesce((SELECT last_seen FROM causes WHERE fingerprint = ?), -1),
       coalesce((SELECT max(since) FROM open_rows INDEXED BY attention WHERE fingerprint = ?), -1)) AS at`,
    fingerprint,
    fingerprint,
  );
  const at = row === undefined ? -1 : numberOf(row, "at");
  return at < 0 ? undefined : at;
}

/** Causes of which nobody need be told now. */
export function setAsideCauses(
  db: ReadDatabase,
  waits: readonly WaitCause[],
  marks: readonly CauseMark[],
  now: number,
): ReadonlySet<string> {
  const aside = marks.filter((mark) => {
    const { fingerprint, mutedUntil = 0, resolvedAt } = mark;
    if (mutedUntil <= now && resolvedAt === undefined) return false;
    const lastSeen = resolvedAt === undefined ? undefined : lastSeenOf(db, fingerprint, waits, now);
    return ["muted", "resolved"].includes(standingOf(mark, lastSeen, now));
  });
  return new Set(aside.map(({ fingerprint }) => fingerprint));
}

/** Of the run of a row `a`: what stops it besides these causes. */
const isStoppedOtherwise = `EXISTS (SELECT 1 FROM open_rows s
  WHERE s.run = a.run AND s.fingerprint IS NOT NULL AND s.fingerprint NOT IN (SELECT value FROM json_each(?)))`;

/** How many runs nothing stops but these causes. */
export function countStoppedOnlyBy(db: ReadDatabase, aside: ReadonlySet<string>, workflow?: string): number {
  if (aside.size === 0) return 0;
  const list = JSON.stringify([...aside]);
  const row = db.get(
    `SELECT count(DISTINCT a.run) AS n FROM json_each(?) j CROSS JOIN open_rows a INDEXED BY attention ON a.fingerprint = j.value
     WHERE ${workflow === undefined ? "" : "a.workflow = ? AND "}NOT ${isStoppedOtherwise}`,
    list,
    ...(workflow === undefined ? [] : [workflow]),
    list,
  );
  return row === undefined ? 0 : numberOf(row, "n");
}

/** What falls under these causes; of the runs, those that no other cause stops or lets wait. */
export function setAsideTotals(
  db: ReadDatabase,
  waits: readonly WaitCause[],
  aside: ReadonlySet<string>,
  now: number,
): AttentionTotals["setAside"] {
  if (aside.size === 0) return { causes: 0, total: 0, runs: 0 };
  const stopped = db.all(
    `SELECT o.fingerprint, count(*) AS n FROM json_each(?) j CROSS JOIN open_rows o INDEXED BY attention ON o.fingerprint = j.value
     GROUP BY o.fingerprint`,
    JSON.stringify([...aside]),
  );
  const counts = waits
    .filter((wait) => aside.has(fingerprintOf(wait)))
    .map((wait) => countWaits(db, wait, now))
    .filter(({ count }) => count > 0);
  return {
    causes: stopped.length + counts.length,
    total:
      stopped.reduce((sum, row) => sum + numberOf(row, "n"), 0) +
      counts.reduce((sum, { count }) => sum + count, 0),
    runs: countSetAsideRuns(db, waits, aside, now),
  };
}

const waitTable = (name: string) => `${name}(kind, name, status, before) AS MATERIALIZED (
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?))`;

/** Only the rows of these causes are gone through, and of what else their runs have only what is open in them. */
const runsAside = `WITH ${waitTable("muted")}, ${waitTable("other")}
  SELECT count(DISTINCT a.run) AS n FROM (
    SELECT o.run FROM json_each(?) j CROSS JOIN open_rows o INDEXED BY attention ON o.fingerprint = j.value
    UNION ALL
    SELECT o.run FROM muted m CROSS JOIN open_rows o INDEXED BY open_rows_by_name
      ON o.kind = m.kind AND o.name = m.name AND o.status = m.status AND o.since < m.before
    UNION ALL
    SELECT value FROM json_each(?)
  ) a
  WHERE NOT ${isStoppedOtherwise} AND a.run NOT IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM open_rows w CROSS JOIN other c
      ON c.kind = w.kind AND c.name = w.name AND c.status = w.status AND w.since < c.before WHERE w.run = a.run)`;

/** Runs that fall under these causes and under no other one. */
export function countSetAsideRuns(
  db: ReadDatabase,
  waits: readonly WaitCause[],
  aside: ReadonlySet<string>,
  now: number,
): number {
  if (aside.size === 0) return 0;
  const list = JSON.stringify([...aside]);
  const muted = waits.filter((wait) => aside.has(fingerprintOf(wait)));
  const other = waits.filter((wait) => !aside.has(fingerprintOf(wait)));
  const row = db.get(
    runsAside,
    waitPlaces(muted, now),
    waitPlaces(other, now),
    list,
    heldRuns(db, muted, now),
    list,
    heldRuns(db, other, now),
  );
  return row === undefined ? 0 : numberOf(row, "n");
}

/** All of one moment, so that what is left is what needs a person, however fast it grows. */
export interface SetAsideRuns {
  readonly setAside: number;
  readonly stuck: number;
  /** Runs that only wait: counted where any of that is set aside. */
  readonly waiting?: number;
}

export function setAsideRuns(
  db: ReadDatabase,
  waits: readonly WaitCause[],
  marks: readonly CauseMark[],
  now: number,
): SetAsideRuns {
  const aside = setAsideCauses(db, waits, marks, now);
  const isWaitAside = waits.some((wait) => aside.has(fingerprintOf(wait)));
  return {
    setAside: countSetAsideRuns(db, waits, aside, now),
    stuck: countRuns(db).stuck,
    ...(isWaitAside && { waiting: countWaitingRuns(db, waits, now) }),
  };
}
