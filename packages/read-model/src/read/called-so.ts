import { foldedLabel } from "@downbeat/domain";
import { numberOf } from "../rows.ts";
import type { RunSummary } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { labelKeys } from "./label-scan.ts";
import { summariesByNumber } from "./summaries.ts";

export interface CalledSo {
  readonly value: string;
  /** Of all of them, the newest. */
  readonly limit: number;
  /** More keys are not looked at, in the order of their characters. */
  readonly mostKeys: number;
}

/** Runs that have the value under any key, newest first: a step along the index for each key, however many runs there are. */
export function runsCalledSo(
  db: ReadDatabase,
  { value, limit, mostKeys }: CalledSo,
  now: number,
): { readonly runs: readonly RunSummary[]; readonly keysLeftOut: boolean } {
  return db.atOnce(() => {
    const keys = labelKeys(db);
    const folded = foldedLabel(value);
    const found = keys
      .slice(0, mostKeys)
      .flatMap((key) =>
        db
          .all(
            "SELECT run FROM labels WHERE key = ? AND folded = ? ORDER BY run DESC LIMIT ?",
            key,
            folded,
            limit,
          )
          .map((row) => numberOf(row, "run")),
      );
    const newest = [...new Set(found)].sort((one, other) => other - one).slice(0, limit);
    return { runs: summariesByNumber(db, newest, now), keysLeftOut: keys.length > mostKeys };
  });
}
