import type { CommitBatch, CompactedRow, StoredRows, StoredState } from "./batch.ts";

/** What the log needs from the disk. Calls take effect in the order they are made. */
export interface Storage {
  readonly state: StoredState;
  /** Called when the storage finds by itself that it can't go on. */
  onBroken?: (error: Error) => void;
  /**
   * Resolves when everything in the batch is durable. Rejects with a `StorageError`: `full`, and the same batch may be committed again, or final, and the
   * storage is not to be used again.
   */
  commit(batch: CommitBatch): Promise<void>;
  /** Messages of `from` to `to`, both included, those that still exist; at most `limit` and about `maxBytes`. */
  read(topic: number, from: number, to: number, limit: number, maxBytes: number): Promise<StoredRows>;
  /** Single messages, those that still exist. */
  fetch(topic: number, entries: readonly number[]): Promise<StoredRows>;
  count(topic: number, from: number, to: number): Promise<number>;
  /** One transaction: all of it, or, when one of the messages is not there or damaged, nothing. Rejects then, and the storage can be used on. */
  compact(topic: number, rows: readonly CompactedRow[]): Promise<void>;
  /** Writes everything that is durable, as it is at one moment, into a new file that is whole by itself. */
  backUp(file: string): Promise<void>;
  close(): Promise<void>;
}
