import { numberOf } from "../rows.ts";
import type { AttentionTotals, CauseMark, CauseStanding } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { countWaits, fingerprintOf, mostParts, rowsOf, type WaitCause } from "./wait-cause.ts";

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

const isStoppedOtherwise = `EXISTS (SELECT 1 FROM open_rows s
  WHERE s.run = o.run AND s.fingerprint IS NOT NULL AND s.fingerprint NOT IN (SELECT value FROM json_each(?)))`;

/** Runs that nothing stops but these causes. */
export function runsStoppedOnlyBy(
  db: ReadDatabase,
  aside: ReadonlySet<string>,
  workflow?: string,
): ReadonlySet<number> {
  if (aside.size === 0) return new Set();
  const list = JSON.stringify([...aside]);
  const rows = db.all(
    `SELECT DISTINCT o.run AS run FROM json_each(?) j CROSS JOIN open_rows o INDEXED BY attention ON o.fingerprint = j.value
     WHERE ${workflow === undefined ? "" : "o.workflow = ? AND "}NOT ${isStoppedOtherwise}`,
    list,
    ...(workflow === undefined ? [] : [workflow]),
    list,
  );
  return new Set(rows.map((row) => numberOf(row, "run")));
}

/** What falls under these causes; of the runs, those that no other cause stops or lets wait. */
export function setAsideTotals(
  db: ReadDatabase,
  waits: readonly WaitCause[],
  aside: ReadonlySet<string>,
  now: number,
): AttentionTotals["setAside"] {
  if (aside.size === 0) return { causes: 0, total: 0, runs: 0 };
  const list = JSON.stringify([...aside]);
  const stopped = db.all(
    `SELECT o.fingerprint, count(*) AS n FROM json_each(?) j CROSS JOIN open_rows o INDEXED BY attention ON o.fingerprint = j.value
     GROUP BY o.fingerprint`,
    list,
  );
  const waitsAside = waits.filter((wait) => aside.has(fingerprintOf(wait)));
  const counts = waitsAside.map((wait) => countWaits(db, wait, now)).filter(({ count }) => count > 0);
  const runs = new Set(runsStoppedOnlyBy(db, aside));
  for (const { from, where, values } of waitsAside.map((wait) => rowsOf(wait, now))) {
    const waiting = db.all(
      `SELECT DISTINCT o.run AS run FROM ${from} WHERE ${where} AND NOT ${isStoppedOtherwise}`,
      ...values,
      list,
    );
    for (const row of waiting) runs.add(numberOf(row, "run"));
  }
  for (const run of runsWaitingFor(
    db,
    waits.filter((wait) => !aside.has(fingerprintOf(wait))),
    now,
  ))
    runs.delete(run);
  return {
    causes: stopped.length + counts.length,
    total:
      stopped.reduce((sum, row) => sum + numberOf(row, "n"), 0) +
      counts.reduce((sum, { count }) => sum + count, 0),
    runs: runs.size,
  };
}

function* runsWaitingFor(db: ReadDatabase, waits: readonly WaitCause[], now: number): Generator<number> {
  for (let first = 0; first < waits.length; first += mostParts) {
    const parts = waits.slice(first, first + mostParts).map((wait) => rowsOf(wait, now));
    const rows = db.all(
      parts.map(({ from, where }) => `SELECT o.run AS run FROM ${from} WHERE ${where}`).join(" UNION "),
      ...parts.flatMap(({ values }) => values),
    );
    for (const row of rows) yield numberOf(row, "run");
  }
}
