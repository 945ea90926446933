import type { CommitBatch, CompactedRow, StoredRows, StoredState } from "../src/storage/batch.ts";
import { InlineStorage } from "../src/storage/inline-storage.ts";
import type { Storage } from "../src/storage/storage.ts";

/** A storage whose commits a test holds back, lets through or makes fail. */
export class GatedStorage implements Storage {
  readonly #inner: InlineStorage;
  readonly batches: CommitBatch[] = [];
  failure: Error | undefined;
  #open = true;
  #waiting: (() => void)[] = [];

  constructor(file: string) {
    this.#inner = new InlineStorage(file);
  }

  get state(): StoredState {
    return this.#inner.state;
  }

  hold(): void {
    this.#open = false;
  }

  release(): void {
    this.#open = true;
    for (const go of this.#waiting.splice(0)) go();
  }

  async commit(batch: CommitBatch): Promise<void> {
    if (!this.#open) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.failure !== undefined) throw this.failure;
    this.batches.push(batch);
    await this.#inner.commit(batch);
  }

  read(topic: number, from: number, to: number, limit: number, maxBytes: number): Promise<StoredRows> {
    return this.#inner.read(topic, from, to, limit, maxBytes);
  }

  fetch(topic: number, entries: readonly number[]): Promise<StoredRows> {
    return this.#inner.fetch(topic, entries);
  }

  count(topic: number, from: number, to: number): Promise<number> {
    return this.#inner.count(topic, from, to);
  }

  compact(topic: number, rows: readonly CompactedRow[]): Promise<void> {
    return this.#inner.compact(topic, rows);
  }

  backUp(file: string): Promise<void> {
    return this.#inner.backUp(file);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
