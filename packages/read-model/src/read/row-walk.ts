import type { SQLInputValue } from "node:sqlite";
import { numberOf } from "../rows.ts";
import type { ReadDatabase } from "./database.ts";
import { defaultLimits } from "./run-scan.ts";

/** Open rows in a list's order along an index. */
export interface RowWalk {
  /** `FROM … WHERE …` */
  readonly from: string;
  readonly values: readonly SQLInputValue[];
}

/** How many rows the walks have together, which have none in common. Counting stops at a list's limit, however many walks there are. */
export function countRows(
  db: ReadDatabase,
  walks: readonly RowWalk[],
): { readonly count: number; readonly countIsLowerBound: boolean } {
  const { count: most } = defaultLimits;
  let count = 0;
  for (const walk of walks) {
    if (count > most) break;
    count += lengthOf(db, walk, most + 1 - count);
  }
  return { count: Math.min(count, most), countIsLowerBound: count > most };
}

function lengthOf(db: ReadDatabase, { from, values }: RowWalk, limit: number): number {
  const row = db.get(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ?)`, ...values, limit);
  return row === undefined ? 0 : numberOf(row, "n");
}
