import type { CommitBatch, CompactedRow, StoredRows, StoredState } from "./batch.ts";
import { type OpenOptions, SqliteEngine } from "./sqlite-engine.ts";
import type { Storage } from "./storage.ts";
import { storageError } from "./storage-error.ts";

/** The file in this thread: every commit blocks it for the time of an fsync. For logs in memory and for comparison. */
export class InlineStorage implements Storage {
  readonly state: StoredState;
  readonly #engine: SqliteEngine;

  constructor(file: string, options: OpenOptions = {}) {
    this.#engine = new SqliteEngine(file, options);
    this.state = this.#engine.state;
  }

  async commit(batch: CommitBatch): Promise<void> {
    try {
      this.#engine.commit(batch);
    } catch (error) {
      throw storageError(error);
    }
  }

  async read(topic: number, from: number, to: number, limit: number, maxBytes: number): Promise<StoredRows> {
    return this.#engine.read(topic, from, to, limit, maxBytes);
  }

  async fetch(topic: number, entries: readonly number[]): Promise<StoredRows> {
    return this.#engine.fetch(topic, entries);
  }

  async count(topic: number, from: number, to: number): Promise<number> {
    return this.#engine.count(topic, from, to);
  }

  async compact(topic: number, rows: readonly CompactedRow[]): Promise<void> {
    try {
      this.#engine.compact(topic, rows);
    } catch (error) {
      throw storageError(error);
    }
  }

  backUp(file: string): Promise<void> {
    return this.#engine.backUp(file);
  }

  async close(): Promise<void> {
    this.#engine.close();
  }
}
