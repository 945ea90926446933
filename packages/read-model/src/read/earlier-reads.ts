import { type BeginningOfCache, beginningFrom, earliestOf } from "../beginning-of-cache.ts";
import { dayMs, dayOf } from "../day.ts";
import { numberOf, textOf } from "../rows.ts";
import type { ReadDatabase } from "./database.ts";

/** Since when the cache holds what the log took; `undefined`: from the beginning on. */
export function beginningOf(db: ReadDatabase): BeginningOfCache | undefined {
  const rows = db.all("SELECT key, value FROM meta WHERE key >= 'beginning' AND key < 'beginning0'");
  return beginningFrom(new Map(rows.map((row) => [textOf(row, "key"), textOf(row, "value")])));
}

/**
 * Days (UTC) of the period, oldest first, whose figures are not all in the cache: what happened on them before its beginning is missing.
 *
 * @param from ms since the epoch
 * @param to exclusive
 */
export function unfilledDays(db: ReadDatabase, from: number, to: number): number[] {
  const beginning = beginningOf(db);
  if (beginning === undefined) return [];
  const first = dayOf(Math.max(from, earliestOf(beginning)));
  const filled = new Set(
    db.all("SELECT day FROM filled_days WHERE day >= ?", first).map((row) => numberOf(row, "day")),
  );
  const days: number[] = [];
  for (let day = first; day < Math.min(to, beginning.at); day += dayMs) if (!filled.has(day)) days.push(day);
  return days;
}
