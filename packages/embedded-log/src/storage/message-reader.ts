import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredRows } from "./batch.ts";
import { checksumOf } from "./checksum.ts";
import { messageTable, named } from "./schema.ts";

interface TopicStatements {
  readonly read: StatementSync;
  readonly fetch: StatementSync;
  readonly count: StatementSync;
}

/** Reads messages and compares them with their checksums. */
export class MessageReader {
  readonly #database: DatabaseSync;
  readonly #topics = new Map<number, TopicStatements>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  read(topic: number, from: number, to: number, limit: number, maxBytes: number): StoredRows {
    const rows = new RowCollector(topic);
    for (const row of this.#of(topic).read.iterate(from, to, limit)) {
      rows.add(row);
      if (rows.size >= maxBytes) break;
    }
    return rows.rows();
  }

  fetch(topic: number, entries: readonly number[]): StoredRows {
    const rows = new RowCollector(topic);
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

  #of(topic: number): TopicStatements {
    let statements = this.#topics.get(topic);
    if (statements === undefined) {
      const table = messageTable(topic);
      const columns = named(["entry", "message", "checksum"]);
      const prepare = (sql: string) => this.#database.prepare(sql);
      statements = {
        read: prepare(`SELECT ${columns} FROM ${table} WHERE entry BETWEEN ? AND ? ORDER BY entry LIMIT ?`),
        fetch: prepare(`SELECT ${columns} FROM ${table} WHERE entry = ?`),
        count: prepare(`SELECT count(*) AS n FROM ${table} WHERE entry BETWEEN ? AND ?`),
      };
      this.#topics.set(topic, statements);
    }
    return statements;
  }
}

class RowCollector {
  size = 0;
  readonly #topic: number;
  readonly #entries: number[] = [];
  readonly #ends: number[] = [];
  readonly #chunks: Uint8Array[] = [];
  readonly #damaged: number[] = [];

  constructor(topic: number) {
    this.#topic = topic;
  }

  add(row: Record<string, unknown>): void {
    const { entry, checksum } = row;
    if (typeof entry !== "number") throw new TypeError("Unexpected row in the log file");
    const message = bytesOf(row.message);
    if (checksum !== checksumOf(this.#topic, entry, message)) this.#damaged.push(entry);
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
    return { entries: this.#entries, ends: this.#ends, bytes, damaged: this.#damaged };
  }
}

/** Damage can make another type of it, whatever the table says. */
function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value ?? ""));
}
