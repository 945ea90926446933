import { foldedLabel } from "@downbeat/domain";
import { textOf } from "../rows.ts";
import type { ReadDatabase } from "./database.ts";
import { labelKeys } from "./label-scan.ts";

export interface LabelsBeginning {
  /** Values of this one are wanted; without it, keys are. */
  readonly key?: string | undefined;
  /** Case is ignored. */
  readonly beginning?: string | undefined;
  readonly limit?: number;
}

/** What labels there are, in the order of the alphabet. One step along an index each, however many runs have them. */
export function suggestLabels(
  db: ReadDatabase,
  { key, beginning = "", limit = 20 }: LabelsBeginning,
): string[] {
  const keys = labelKeys(db);
  const begins = foldedLabel(beginning);
  if (key === undefined)
    return keys
      .filter((own) => foldedLabel(own).startsWith(begins))
      .sort(byAlphabet)
      .slice(0, limit);
  const wanted = foldedLabel(key);
  const found = keys
    .filter((own) => foldedLabel(own) === wanted)
    .flatMap((own) => valuesOf(db, own, begins, limit));
  return [...new Map(found.map((value) => [foldedLabel(value), value])).values()]
    .sort(byAlphabet)
    .slice(0, limit);
}

function valuesOf(db: ReadDatabase, key: string, begins: string, limit: number): string[] {
  const least = "SELECT min(folded) FROM labels WHERE key = ?1";
  return db
    .all(
      `WITH RECURSIVE each (folded) AS (
        SELECT (${least} AND folded >= ?2)
        UNION ALL SELECT (${least} AND folded > each.folded AND folded < ?3) FROM each WHERE each.folded IS NOT NULL
      ) SELECT (SELECT value FROM labels WHERE key = ?1 AND folded = each.folded LIMIT 1) AS value
      FROM each WHERE each.folded IS NOT NULL AND each.folded < ?3 LIMIT ?4`,
      key,
      begins,
      `${begins}\u{10ffff}`,
      limit,
    )
    .map((row) => textOf(row, "value"));
}

function byAlphabet(one: string, other: string): number {
  return foldedLabel(one).localeCompare(foldedLabel(other), "en") || (one < other ? 1 : -1);
}
