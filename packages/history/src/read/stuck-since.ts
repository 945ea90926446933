import { numberOf } from "../rows.ts";
import type { CauseMark, RunFilter } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { knownClauses, labelled } from "./label-scan.ts";
import { ofWorkflow } from "./run-scan.ts";
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

/** More are not counted. */
export const mostStuckCounted = 10_000;

/** How many runs have been stuck for long, up to `mostStuckCounted`. */
export function countStuckSince(db: ReadDatabase, asked: StuckSince, now: number): number {
  const { filter, before, waits, marks } = asked;
  const aside = setAsideCauses(db, waits, marks, now);
  const rest = [
    ...(filter.workflow === undefined ? [] : [ofWorkflow(filter.workflow)]),
    ...knownClauses(db, filter).map(labelled),
  ];
  const details = rest.some(({ sql }) => sql.includes("d.")) ? "CROSS JOIN run_details d ON d.id = c.id" : "";
  const row = db.get(
    `SELECT count(*) AS n FROM (SELECT DISTINCT run AS id FROM open_rows INDEXED BY attention_by_age
       WHERE fingerprint IS NOT NULL AND since <= ? AND fingerprint NOT IN (SELECT value FROM json_each(?))
       LIMIT ${mostStuckCounted}) c
     CROSS JOIN runs r ON r.id = c.id ${details} WHERE ${["true", ...rest.map(({ sql }) => sql)].join(" AND ")}`,
    before,
    JSON.stringify([...aside]),
    ...rest.flatMap(({ values }) => values),
  );
  return row === undefined ? 0 : numberOf(row, "n");
}
