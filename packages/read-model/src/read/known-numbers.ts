import { exactOf } from "@downbeat/domain";
import { type Amount, pathOfLabel } from "../derive/amounts.ts";
import { shownStatuses } from "../derive/shown-status.ts";
import { numberOf, optionalText, textOf } from "../rows.ts";
import type { KnownNumbers } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { labelKeys } from "./label-scan.ts";
import { everyRun, ofStatus } from "./run-scan.ts";

export interface KnownNumbersQuery {
  readonly workflow?: string | undefined;
}

/** So many of the newest runs are looked at. */
const mostLookedAt = 300;
const mostNumbers = 100;

/** What can be summed up and broken down by: as far as the newest runs tell, and all names of labels. */
export function knownNumbers(db: ReadDatabase, { workflow }: KnownNumbersQuery): KnownNumbers {
  return db.atOnce(() => {
    const newest = "(SELECT value AS id FROM json_each(?))";
    const values = [JSON.stringify(newestRuns(db, workflow))];
    const numbers = new Set<string>();
    for (const row of db.all(
      `SELECT n.given, n.gave FROM ${newest} c JOIN run_numbers n ON n.run = c.id`,
      ...values,
    ))
      for (const text of [optionalText(row, "given"), optionalText(row, "gave")])
        for (const [path] of text === undefined ? [] : (JSON.parse(text) as Amount[])) numbers.add(path);
    for (const row of db.all(
      `SELECT l.key, l.value FROM ${newest} c JOIN labels l INDEXED BY labels_by_run ON l.run = c.id WHERE l.kind = 'number'`,
      ...values,
    ))
      if (exactOf(textOf(row, "value").trim()) !== undefined) numbers.add(pathOfLabel(textOf(row, "key")));
    return { numbers: [...numbers].sort().slice(0, mostNumbers), labels: labelKeys(db).sort() };
  });
}

/** Along the order of lists: so many of each status, not a walk through all. */
function newestRuns(db: ReadDatabase, workflow: string | undefined): number[] {
  const range = { from: 0, to: Number.MAX_SAFE_INTEGER, after: undefined };
  const walks =
    workflow === undefined
      ? [everyRun(range)]
      : shownStatuses.map((status) => ofStatus(status, workflow, range));
  return walks
    .flatMap(({ walk, order }) => db.all(`${walk.sql} ${order} LIMIT ${mostLookedAt}`, ...walk.values))
    .map((row) => numberOf(row, "id"))
    .sort((a, b) => b - a)
    .slice(0, mostLookedAt);
}
