import type { DatabaseSync, StatementSync } from "node:sqlite";
import { capitalised } from "@downbeat/domain";

/** A record, with why it can't be used. */
export interface LeftOutEntry {
  readonly partition: number;
  readonly position: string;
  /** When the log took it, ms since the epoch. */
  readonly at: number;
  /** A sentence; what is missing now, and why. */
  readonly reason: string;
  /** Whose events it held, as far as that can be read. */
  readonly runIds: readonly string[];
}

/** As much as helps a person: what is written by whoever damaged the log must not fill the cache. */
const longestReason = 500;
const mostRunIds = 20;

/** Records that should count and can't be used, whole or in part. Kept for people: nothing is folded from them. */
export class LeftOut {
  readonly #insert: StatementSync;
  readonly #known: StatementSync;
  readonly #pending = new Map<string, LeftOutEntry>();
  #count: number;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      "INSERT OR IGNORE INTO left_out (partition, position, at, reason, run_ids) VALUES (?, ?, ?, ?, ?)",
    );
    this.#known = db.prepare("SELECT 1 FROM left_out WHERE partition = ? AND position = ?");
    this.#count = Number(db.prepare("SELECT count(*) AS n FROM left_out").get()?.n ?? 0);
  }

  /** Those not written yet included. */
  get count(): number {
    return this.#count;
  }

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  /** Of a record, what is said first stays. */
  add({ partition, position, at, reason, runIds }: LeftOutEntry): void {
    const key = `${partition} ${position}`;
    if (this.#pending.has(key) || this.#known.get(partition, position) !== undefined) return;
    this.#pending.set(key, {
      partition,
      position,
      at,
      reason: shortened(reason),
      runIds: runIds.slice(0, mostRunIds),
    });
    this.#count++;
  }

  /** Within the flush's transaction. */
  write(): void {
    for (const { partition, position, at, reason, runIds } of this.#pending.values())
      this.#insert.run(partition, position, at, reason, JSON.stringify(runIds));
    this.#pending.clear();
  }
}

/** @param reason as readers of history say it: without its stop */
export function sentenceOf(reason: string): string {
  return `${capitalised(reason)}.`;
}

function shortened(text: string): string {
  return text.length <= longestReason ? text : `${text.slice(0, longestReason - 1)}…`;
}
