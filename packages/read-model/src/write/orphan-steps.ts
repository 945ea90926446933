import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Step } from "../fold/run-fold.ts";
import { jsonOf, numberOf } from "../rows.ts";

/** What happened in a run since the beginning of the cache. */
export interface OrphanStep {
  readonly step: Step;
  /** When the log took it, ms since the epoch. */
  readonly publishedAt: number;
}

interface Kept extends OrphanStep {
  readonly runId: string;
  readonly partition: number;
}

/** Steps of runs that began before the cache does: kept until somebody says how the runs began. */
export class OrphanSteps {
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #delete: StatementSync;
  readonly #runIds: Set<string>;
  #pending: Kept[] = [];

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      "INSERT OR IGNORE INTO orphan_steps (run_id, seq, partition, published_at, json) VALUES (?, ?, ?, ?, ?)",
    );
    this.#select = db.prepare("SELECT published_at, json FROM orphan_steps WHERE run_id = ? ORDER BY seq");
    this.#delete = db.prepare("DELETE FROM orphan_steps WHERE run_id = ?");
    const rows = db.prepare("SELECT DISTINCT run_id FROM orphan_steps").all();
    this.#runIds = new Set(rows.map((row) => String(row.run_id)));
  }

  get count(): number {
    return this.#runIds.size;
  }

  keep(runId: string, partition: number, kept: OrphanStep): void {
    this.#runIds.add(runId);
    this.#pending.push({ runId, partition, ...kept });
  }

  /** Within a transaction. */
  write(): void {
    for (const { runId, partition, publishedAt, step } of this.#pending)
      this.#insert.run(runId, step.seq, partition, publishedAt, JSON.stringify(step));
    this.#pending = [];
  }

  /** In their order; everything must be written. */
  of(runId: string): OrphanStep[] {
    if (!this.#runIds.has(runId)) return [];
    return this.#select
      .all(runId)
      .map((row) => ({ step: jsonOf<Step>(row), publishedAt: numberOf(row, "published_at") }));
  }

  /** Within a transaction: the run has its head now. */
  remove(runId: string): void {
    if (this.#runIds.delete(runId)) this.#delete.run(runId);
  }
}
