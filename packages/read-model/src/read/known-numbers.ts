import { exactOf } from "@downbeat/domain";
import { type Amount, pathOfLabel } from "../derive/amounts.ts";
import { optionalText, textOf } from "../rows.ts";
import type { KnownNumbers } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { labelKeys } from "./label-scan.ts";

export interface KnownNumbersQuery {
  readonly workflow?: string | undefined;
}

/** So many of the newest runs are looked at. */
const mostLookedAt = 300;
const mostNumbers = 100;

/** What can be summed up and broken down by: as far as the newest runs tell, and all names of labels. */
export function knownNumbers(db: ReadDatabase, { workflow }: KnownNumbersQuery): KnownNumbers {
  return db.atOnce(() => {
    const [which, values] = workflow === undefined ? ["", []] : [" WHERE r.workflow = ?", [workflow]];
    // Along the order of lists: so many, not a walk through all.
    const newest = `(SELECT r.id FROM runs r${which} ORDER BY r.id DESC LIMIT ${mostLookedAt})`;
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
