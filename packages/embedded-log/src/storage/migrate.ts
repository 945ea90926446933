import type { DatabaseSync } from "node:sqlite";
import { checksumOf, rowChecksum } from "./checksum.ts";
import { formatVersion, messageTable, named, type Table, tables } from "./schema.ts";

// A transaction's worth: what a crash in between has to do again, and what the WAL grows by.
const rowsAtOnce = 2_000;

/**
 * Brings a file of format 1 to this one: gives every message and row its checksum, as it is now. What is done stays done when it is interrupted; the version
 * changes last, so that the next opening goes on.
 */
export function addChecksums(database: DatabaseSync): void {
  addColumn(database, "topics", "whole INTEGER NOT NULL DEFAULT 0");
  for (const row of database.prepare(`SELECT ${named(["id", "last_entry"])} FROM topics`).all()) {
    const id = Number(row.id);
    addColumn(database, messageTable(id), "checksum INTEGER");
    const isWhole = fill(database, id) === Number(row.last_entry) + 1;
    database.prepare("UPDATE topics SET whole = ? WHERE id = ?").run(isWhole ? 1 : 0, id);
  }
  const all = Object.keys(tables) as Table[];
  for (const table of all) addColumn(database, table, "checksum INTEGER");
  database.exec("BEGIN IMMEDIATE");
  for (const table of all) database.exec(`UPDATE ${table} SET checksum = ${rowChecksum(table)}`);
  database.exec(`PRAGMA user_version = ${formatVersion}; COMMIT`);
}

/** @returns how many messages the topic has */
function fill(database: DatabaseSync, topic: number): number {
  const table = messageTable(topic);
  const read = database.prepare(
    `SELECT ${named(["entry", "message", "checksum"])} FROM ${table} WHERE entry > ? ORDER BY entry LIMIT ${rowsAtOnce}`,
  );
  const write = database.prepare(`UPDATE ${table} SET checksum = ? WHERE entry = ?`);
  let count = 0;
  for (let last = -1; ; ) {
    const rows = read.all(last);
    if (rows.length === 0) return count;
    database.exec("BEGIN IMMEDIATE");
    for (const { entry, message, checksum } of rows) {
      last = Number(entry);
      if (checksum === null && message instanceof Uint8Array)
        write.run(checksumOf(topic, last, message), last);
    }
    database.exec("COMMIT");
    count += rows.length;
  }
}

function addColumn(database: DatabaseSync, table: string, column: string): void {
  const [name] = column.split(" ");
  const columns = database.prepare(`PRAGMA table_info(${table})`).all();
  if (!columns.some((one) => one.name === name)) database.exec(`ALTER TABLE ${table} ADD COLUMN ${column}`);
}
