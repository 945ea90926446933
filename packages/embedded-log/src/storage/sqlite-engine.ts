import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  AppendBatch,
  CommitBatch,
  ProducerRow,
  SegmentRow,
  StoredRows,
  StoredState,
  SubscriptionRow,
  TopicRow,
} from "./batch.ts";
import { openDatabase } from "./open-database.ts";
import { createMessageTable, messageTable } from "./schema.ts";

interface TopicStatements {
  readonly insert: StatementSync;
  readonly erase: StatementSync;
  readonly read: StatementSync;
  readonly fetch: StatementSync;
  readonly count: StatementSync;
}

const producersKept = 10_000;

/** The SQLite file itself, synchronously. Runs in the storage thread, or in process for a log in memory. */
export class SqliteEngine {
  readonly state: StoredState;
  readonly #database: DatabaseSync;
  readonly #topics = new Map<number, TopicStatements>();
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(file: string) {
    this.#database = openDatabase(file);
    this.state = loadState(this.#database);
    this.#statements = prepareStatements(this.#database);
  }

  commit(batch: CommitBatch): void {
    const { begin, commit } = this.#statements;
    begin.run();
    try {
      this.#write(batch);
      commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  read(topic: number, from: number, to: number, limit: number, maxBytes: number): StoredRows {
    const rows = new RowCollector();
    for (const row of this.#of(topic).read.iterate(from, to, limit)) {
      rows.add(row);
      if (rows.size >= maxBytes) break;
    }
    return rows.rows();
  }

  fetch(topic: number, entries: readonly number[]): StoredRows {
    const rows = new RowCollector();
    const { fetch } = this.#of(topic);
    for (const entry of entries) {
      const row = fetch.get(entry);
      if (row !== undefined) rows.add(row);
    }
    return rows.rows();
  }

  count(topic: number, from: number, to: number): number {
    return Number(this.#of(topic).count.get(from, to)?.n);
  }

  /** Moves what was committed from the WAL into the file. SQLite does it by itself too, in the midst of a commit. */
  checkpoint(): void {
    this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }

  close(): void {
    this.#database.close();
  }

  #write(batch: CommitBatch): void {
    const statements = this.#statements;
    for (const { id, name } of batch.topics) {
      statements.insertTopic.run(id, name);
      this.#database.exec(createMessageTable(id));
    }
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
      statements.upsertProducer.run(topic, name, sequence, usedAt);
    }
    for (const { subscription, entries } of batch.acked) {
      for (const entry of entries) statements.insertAcked.run(subscription, entry);
    }
    for (const { subscription, markDelete } of batch.cursors) {
      statements.updateCursor.run(markDelete, subscription);
      statements.trimAcked.run(subscription, markDelete);
    }
    for (const { topic, first, last } of batch.deletions) {
      this.#of(topic).erase.run(first, last);
      // A message that is gone is acknowledged; who acknowledged it when says nothing more.
      statements.eraseAcked.run(topic, first, last);
    }
  }

  #insert({ topics, entries, ends, bytes }: AppendBatch): void {
    let start = 0;
    for (const [i, end] of ends.entries()) {
      this.#of(topics[i] ?? 0).insert.run(entries[i] ?? 0, bytes.subarray(start, end));
      start = end;
    }
  }

  #of(topic: number): TopicStatements {
    let statements = this.#topics.get(topic);
    if (statements === undefined) {
      const table = messageTable(topic);
      const prepare = (sql: string) => this.#database.prepare(sql);
      statements = {
        insert: prepare(`INSERT INTO ${table} (entry, message) VALUES (?, ?)`),
        erase: prepare(`DELETE FROM ${table} WHERE entry BETWEEN ? AND ?`),
        read: prepare(
          `SELECT entry, message FROM ${table} WHERE entry BETWEEN ? AND ? ORDER BY entry LIMIT ?`,
        ),
        fetch: prepare(`SELECT entry, message FROM ${table} WHERE entry = ?`),
        count: prepare(`SELECT count(*) AS n FROM ${table} WHERE entry BETWEEN ? AND ?`),
      };
      this.#topics.set(topic, statements);
    }
    return statements;
  }
}

class RowCollector {
  size = 0;
  readonly #entries: number[] = [];
  readonly #ends: number[] = [];
  readonly #chunks: Uint8Array[] = [];

  add(row: Record<string, unknown>): void {
    const { entry, message } = row;
    if (typeof entry !== "number" || !(message instanceof Uint8Array))
      throw new TypeError("Unexpected row in the log file");
    this.size += message.byteLength;
    this.#entries.push(entry);
    this.#ends.push(this.size);
    this.#chunks.push(message);
  }

  rows(): StoredRows {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return { entries: this.#entries, ends: this.#ends, bytes };
  }
}

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    begin: prepare("BEGIN IMMEDIATE"),
    commit: prepare("COMMIT"),
    insertTopic: prepare("INSERT INTO topics (id, name, last_entry) VALUES (?, ?, -1)"),
    insertSegment: prepare("INSERT INTO segments (topic, ledger, first_entry) VALUES (?, ?, ?)"),
    insertPartitioned: prepare("INSERT INTO partitioned (name, partitions) VALUES (?, ?)"),
    insertSubscription: prepare(
      "INSERT INTO subscriptions (id, topic, name, mark_delete) VALUES (?, ?, ?, ?)",
    ),
    removeSubscription: prepare("DELETE FROM subscriptions WHERE id = ?"),
    removeAcked: prepare("DELETE FROM acked WHERE subscription = ?"),
    updateLastEntry: prepare("UPDATE topics SET last_entry = ? WHERE id = ?"),
    upsertProducer: prepare(
      "INSERT INTO producers (topic, name, sequence, used_at) VALUES (?, ?, ?, ?) " +
        "ON CONFLICT (topic, name) DO UPDATE SET sequence = excluded.sequence, used_at = excluded.used_at",
    ),
    insertAcked: prepare("INSERT OR IGNORE INTO acked (subscription, entry) VALUES (?, ?)"),
    eraseAcked: prepare(
      "DELETE FROM acked WHERE subscription IN (SELECT id FROM subscriptions WHERE topic = ?) AND entry BETWEEN ? AND ?",
    ),
    updateCursor: prepare("UPDATE subscriptions SET mark_delete = ? WHERE id = ?"),
    trimAcked: prepare("DELETE FROM acked WHERE subscription = ? AND entry <= ?"),
  };
}

function loadState(database: DatabaseSync): StoredState {
  const ledger =
    Number(database.prepare("SELECT value FROM meta WHERE name = 'ledger'").get()?.value ?? 0) + 1;
  database.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('ledger', ?)").run(ledger);
  database
    .prepare(
      "DELETE FROM producers WHERE (topic, name) IN (SELECT topic, name FROM producers ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
    )
    .run(producersKept);

  const acked = new Map<number, number[]>();
  for (const { subscription, entry } of database.prepare("SELECT subscription, entry FROM acked").iterate()) {
    const entries = acked.get(Number(subscription));
    if (entries === undefined) acked.set(Number(subscription), [Number(entry)]);
    else entries.push(Number(entry));
  }
  return {
    ledger,
    topics: rows(
      database,
      "SELECT id, name, last_entry FROM topics",
      (row): TopicRow => ({
        id: Number(row.id),
        name: String(row.name),
        lastEntry: Number(row.last_entry),
      }),
    ),
    segments: rows(
      database,
      "SELECT topic, ledger, first_entry FROM segments ORDER BY topic, ledger",
      (row): SegmentRow => ({
        topic: Number(row.topic),
        ledger: Number(row.ledger),
        firstEntry: Number(row.first_entry),
      }),
    ),
    partitioned: rows(database, "SELECT name, partitions FROM partitioned", (row) => ({
      name: String(row.name),
      partitions: Number(row.partitions),
    })),
    subscriptions: rows(
      database,
      "SELECT id, topic, name, mark_delete FROM subscriptions",
      (row): SubscriptionRow => ({
        id: Number(row.id),
        topic: Number(row.topic),
        name: String(row.name),
        markDelete: Number(row.mark_delete),
      }),
    ),
    acked: [...acked].map(([subscription, entries]) => ({ subscription, entries })),
    producers: rows(
      database,
      "SELECT topic, name, sequence, used_at FROM producers",
      (row): ProducerRow => ({
        topic: Number(row.topic),
        name: String(row.name),
        sequence: Number(row.sequence),
        usedAt: Number(row.used_at),
      }),
    ),
  };
}

function rows<T>(database: DatabaseSync, sql: string, map: (row: Record<string, unknown>) => T): T[] {
  return database.prepare(sql).all().map(map);
}
