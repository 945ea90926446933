import { numberOf } from "../rows.ts";
import type { CauseMark, RunFilter } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { knownClauses, labelled } from "./label-scan.ts";
import { joinsOf } from "./run-scan.ts";
import { setAsideCauses } from "./set-aside.ts";
import type { WaitCause } from "./wait-cause.ts";

export interface StuckSince {
  readonly filter: Pick<RunFilter, "workflow" | "labels">;
  /** Stuck at this time or before, ms since the epoch. */
  readonly before: number;
  /** Runs that are stopped by causes alone of which nobody need be told are not counted. */
  readonly waits: readonly WaitCause[];
  readonly marks: readonly CauseMark[];
}

export interface StuckCount {
  /** Of runs. */
  readonly count: number;
  /** More are stuck than were looked at: there may be more of these. */
  readonly isLowerBound: boolean;
}

/** Of what is stuck, so much is looked at, what is stuck longest first. */
const mostExamined = 50_000;

/** How many runs have been stuck for long. */
export function countStuckSince(
  db: ReadDatabase,
  asked: StuckSince,
  now: number,
  most = mostExamined,
): StuckCount {
  const { filter, before, waits, marks } = asked;
  const aside = JSON.stringify([...setAsideCauses(db, waits, marks, now)]);
  const rest = knownClauses(db, filter).map(labelled);
  const ofWorkflow = filter.workflow === undefined ? "" : "AND workflow = ?";
  const walk = `SELECT run, since FROM open_rows INDEXED BY attention_by_age
    WHERE fingerprint IS NOT NULL AND since <= ? AND fingerprint NOT IN (SELECT value FROM json_each(?)) ${ofWorkflow} LIMIT ?`;
  const values = [before, aside, ...(filter.workflow === undefined ? [] : [filter.workflow])];
  const row = db.get(
    `SELECT count(*) AS n, coalesce(sum(rows), 0) AS examined FROM (SELECT run AS id, count(*) AS rows FROM (${walk}) GROUP BY run) c
     ${joinsOf(rest)} WHERE ${["true", ...rest.map(({ sql }) => sql)].join(" AND ")}`,
    ...values,
    most,
    ...rest.flatMap((part) => part.values),
  );
  const count = row === undefined ? 0 : numberOf(row, "n");
  const isMore = db.get(`${walk} OFFSET ?`, ...values, 1, most) !== undefined;
  return { count, isLowerBound: isMore };
}
