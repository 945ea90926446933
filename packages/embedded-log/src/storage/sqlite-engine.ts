import type { DatabaseSync, StatementSync } from "node:sqlite";
import { backUp } from "./back-up.ts";
import type { AppendBatch, CommitBatch, CompactedRow, StoredRows, StoredState } from "./batch.ts";
import { checksumOf, rowChecksum } from "./checksum.ts";
import { compact } from "./compact.ts";
import { FileWatch } from "./file-watch.ts";
import { loadState, moveIntoFile } from "./load-state.ts";
import { MessageReader } from "./message-reader.ts";
import { explained, openDatabase, walPages } from "./open-database.ts";
import { createMessageTable, messageTable, type Table, tables } from "./schema.ts";
import { isFull, storageError } from "./storage-error.ts";
import { putSum, Sums } from "./sums.ts";

// 4 MiB.
const fewestFreePages = 1_024;
// 8 MiB: some tens of ms, in which a message may wait.
const pagesAtOnce = 2_048;
const pageBytes = 4_096;
/** Of tables and of their edges, beside the messages. */
const pagesACommit = 8;
/** What SQLite calls it. */
const incremental = 2;

export interface OpenOptions {
  /** Open the file although what was stored last is missing. */
  readonly acceptLoss?: boolean;
}

interface TopicStatements {
  readonly table: string;
  readonly insert: StatementSync;
  readonly erase: StatementSync;
}

/** The SQLite file itself, synchronously. Runs in the storage thread, or in process for a log in memory. */
export class SqliteEngine {
  readonly state: StoredState;
  readonly #database: DatabaseSync;
  readonly #topics = new Map<number, TopicStatements>();
  readonly #reader: MessageReader;
  readonly #watch: FileWatch;
  readonly #sums: Sums;
  readonly #statements: ReturnType<typeof prepareStatements>;
  /** About so many are in the WAL. */
  #pages = 0;

  constructor(file: string, options: OpenOptions = {}) {
    this.#database = openDatabase(file, options.acceptLoss);
    try {
      this.#sums = new Sums(this.#database);
      this.state = loadState(this.#database, file, this.#sums);
      this.#statements = prepareStatements(this.#database);
    } catch (error) {
      this.#database.close();
      throw explained(error, file);
    }
    this.#reader = new MessageReader(this.#database);
    this.#watch = new FileWatch(file === ":memory:" ? [] : [file, `${file}-wal`]);
  }

  /** @throws Error when the file is no longer where it was opened */
  checkPlace(): void {
    this.#watch.check();
  }

  commit(batch: CommitBatch): void {
    this.#transact(() => this.#write(batch));
    this.#pages += pagesACommit + batch.appends.bytes.length / pageBytes;
    if (this.#pages > walPages) this.#checkpointWhereThereIsRoom();
  }

  /** See `Storage`. */
  compact(topic: number, rows: readonly CompactedRow[]): void {
    this.#transact(() => compact(this.#database, this.#sums, topic, rows));
  }

  #transact(write: () => void): void {
    this.#sums.transact(write);
    this.#watch.check();
  }

  read(topic: number, from: number, to: number, limit: number, maxBytes: number): StoredRows {
    return this.#reader.read(topic, from, to, limit, maxBytes);
  }

  fetch(topic: number, entries: readonly number[]): StoredRows {
    return this.#reader.fetch(topic, entries);
  }

  count(topic: number, from: number, to: number): number {
    return this.#reader.count(topic, from, to);
  }

  /** Moves what was committed from the WAL into the file. After many commits it comes by itself. */
  checkpoint(): void {
    moveIntoFile(this.#database, this.#sums);
    this.#pages = 0;
  }

  /** What was committed is, with room for this or without: whoever tried it again would write it twice. Without, the next commit tries. */
  #checkpointWhereThereIsRoom(): void {
    try {
      this.checkpoint();
    } catch (error) {
      if (!isFull(storageError(error))) throw error;
    }
  }

  /**
   * Gives free pages at the end of the file back to the disk, a bounded number. A tenth of the file stays free, for what comes next.
   *
   * @returns whether there are more
   */
  shrink(): boolean {
    const pragma = (name: string) => Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[name]);
    const excess = pragma("freelist_count") - Math.max(fewestFreePages, pragma("page_count") / 10);
    if (excess <= 0 || pragma("auto_vacuum") !== incremental) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${Math.min(Math.ceil(excess), pagesAtOnce)})`);
    return excess > pagesAtOnce;
  }

  backUp(file: string): Promise<void> {
    return backUp(this.#database, file);
  }

  close(): void {
    this.#database.close();
  }

  #write(batch: CommitBatch): void {
    const statements = this.#statements;
    for (const { id, name, whole } of batch.topics) {
      statements.insertTopic.run(id, name, -1, whole ? 1 : 0);
      this.#database.exec(createMessageTable(id));
      putSum(this.#database, messageTable(id), 0);
    }
    for (const topic of batch.noLongerWhole) statements.noLongerWhole.run(topic);
    for (const { topic, ledger, firstEntry } of batch.segments)
      statements.insertSegment.run(topic, ledger, firstEntry);
    for (const { name, partitions } of batch.partitioned) statements.insertPartitioned.run(name, partitions);
    for (const { id, topic, name, markDelete } of batch.subscriptions) {
      statements.insertSubscription.run(id, topic, name, markDelete);
    }
    for (const id of batch.removedSubscriptions) {
      statements.removeSubscription.run(id);
      statements.removeAcked.run(id);
    }
    this.#insert(batch.appends);
    for (const { topic, entry } of batch.lastEntries) statements.updateLastEntry.run(entry, topic);
    for (const { topic, name, sequence, usedAt } of batch.producers) {
      statements.putProducer.run(topic, name, sequence, usedAt);
    }
    for (const { subscription, entries } of batch.acked) {
      for (const entry of entries) statements.insertAcked.run(subscription, entry);
    }
    for (const { subscription, markDelete } of batch.cursors) {
      statements.updateCursor.run(markDelete, subscription);
      statements.trimAcked.run(subscription, markDelete);
    }
    for (const { topic, first, last } of [...batch.deletions, ...batch.erased]) {
      const { changes } = this.#of(topic).erase.run(first, last);
      this.#sums.note(messageTable(topic), -Number(changes));
      // A message that is gone is acknowledged; who acknowledged it when says nothing more.
      statements.eraseAcked.run(topic, first, last);
    }
  }

  #insert({ topics, entries, ends, bytes }: AppendBatch): void {
    let start = 0;
    for (const [i, end] of ends.entries()) {
      const topic = topics[i] ?? 0;
      const entry = entries[i] ?? 0;
      const message = bytes.subarray(start, end);
      const { table, insert } = this.#of(topic);
      insert.run(entry, message, checksumOf(topic, entry, message));
      this.#sums.note(table, 1);
      start = end;
    }
  }

  #of(topic: number): TopicStatements {
    let statements = this.#topics.get(topic);
    if (statements === undefined) {
      const table = messageTable(topic);
      const prepare = (sql: string) => this.#database.prepare(sql);
      statements = {
        table,
        insert: prepare(`INSERT INTO ${table} (entry, message, checksum) VALUES (?, ?, ?)`),
        erase: prepare(`DELETE FROM ${table} WHERE entry BETWEEN ? AND ?`),
      };
      this.#topics.set(topic, statements);
    }
    return statements;
  }
}

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  const insert = (table: Table, verb = "INSERT") => {
    const columns = tables[table];
    const places = columns.map((_, i) => `?${i + 1}`);
    const changed = Object.fromEntries(columns.map((column, i) => [column, `?${i + 1}`]));
    return `${verb} INTO ${table} (${columns.join(", ")}, checksum) VALUES (${places.join(", ")}, ${rowChecksum(table, changed)})`;
  };
  return {
    insertTopic: prepare(insert("topics")),
    noLongerWhole: prepare(
      `UPDATE topics SET whole = 0, checksum = ${rowChecksum("topics", { whole: "0" })} WHERE id = ?`,
    ),
    insertSegment: prepare(insert("segments")),
    insertPartitioned: prepare(insert("partitioned")),
    insertSubscription: prepare(insert("subscriptions")),
    removeSubscription: prepare("DELETE FROM subscriptions WHERE id = ?"),
    removeAcked: prepare("DELETE FROM acked WHERE subscription = ?"),
    updateLastEntry: prepare(
      `UPDATE topics SET last_entry = ?1, checksum = ${rowChecksum("topics", { last_entry: "?1" })} WHERE id = ?2`,
    ),
    putProducer: prepare(insert("producers", "INSERT OR REPLACE")),
    insertAcked: prepare(insert("acked", "INSERT OR IGNORE")),
    eraseAcked: prepare(
      "DELETE FROM acked WHERE subscription IN (SELECT id FROM subscriptions WHERE topic = ?) AND entry BETWEEN ? AND ?",
    ),
    updateCursor: prepare(
      `UPDATE subscriptions SET mark_delete = ?1, checksum = ${rowChecksum("subscriptions", { mark_delete: "?1" })} WHERE id = ?2`,
    ),
    trimAcked: prepare("DELETE FROM acked WHERE subscription = ? AND entry <= ?"),
  };
}
