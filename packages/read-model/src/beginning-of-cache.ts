import type { DatabaseSync } from "node:sqlite";
import { readMeta } from "./cache.ts";

/** Since when a cache holds what the log took, and what it knows of the time before. Kept in its table `meta`. */
export interface BeginningOfCache {
  /** ms since the epoch. */
  readonly at: number;
  /** When the log took the first record that it holds, ms since the epoch: earlier than this there is nothing to look for. */
  readonly logFrom: number;
  readonly ignoredKnown: boolean;
  readonly openRunsKnown: boolean;
}

/** Between the clocks of the log, and of the engines whose times events have. */
export const clocksApartMs = 600_000;

/** Nothing in the log has happened before this time, ms since the epoch. */
export function earliestOf({ logFrom }: Pick<BeginningOfCache, "logFrom">): number {
  return Math.max(0, logFrom - clocksApartMs);
}

const at = "beginning";
const logFrom = "beginning/log-from";
const ignoredKnown = "beginning/ignored-known";
const openRunsKnown = "beginning/open-runs-known";

/** `undefined`: it holds everything from the beginning of the log on. */
export function readBeginning(db: DatabaseSync): BeginningOfCache | undefined {
  return beginningFrom(readMeta(db));
}

export function beginningFrom(meta: ReadonlyMap<string, string>): BeginningOfCache | undefined {
  const time = meta.get(at);
  if (time === undefined) return undefined;
  return {
    at: Number(time),
    logFrom: Number(meta.get(logFrom) ?? 0),
    ignoredKnown: meta.has(ignoredKnown),
    openRunsKnown: meta.has(openRunsKnown),
  };
}

export function writeBeginning(db: DatabaseSync, beginning: BeginningOfCache): void {
  const set = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  set.run(at, String(beginning.at));
  set.run(logFrom, String(beginning.logFrom));
  if (beginning.ignoredKnown) set.run(ignoredKnown, "1");
  if (beginning.openRunsKnown) set.run(openRunsKnown, "1");
}
