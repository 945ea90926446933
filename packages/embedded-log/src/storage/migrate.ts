import type { DatabaseSync } from "node:sqlite";
import { checksumOf, rowChecksum } from "./checksum.ts";
import {
  checksummedVersion,
  formatVersion,
  messageTable,
  named,
  summedTables,
  summedVersion,
  sumsTable,
} from "./schema.ts";
import { fillSum, putSum } from "./sums.ts";

// A transaction's worth: what a crash in between has to do again, and what the WAL grows by.
const rowsAtOnce = 2_000;

/** Brings a file of an earlier format to this one, as it is now. */
export function bringUpToDate(database: DatabaseSync): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version < checksummedVersion) addChecksums(database);
  if (version < summedVersion) addSums(database);
}

/** Each table's number of rows. What was lost before is not known. */
function addSums(database: DatabaseSync): void {
  database.exec(`BEGIN IMMEDIATE; ${sumsTable}`);
  for (const table of summedTables) fillSum(database, table);
  for (const { id } of database.prepare("SELECT id AS id FROM topics").all()) {
    const table = messageTable(Number(id));
    putSum(database, table, Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n));
  }
  database.exec(`PRAGMA user_version = ${formatVersion}; COMMIT`);
}

/**
 * Gives every message and row of a file of format 1 its checksum. What is done stays done when it is interrupted; the version changes last, so that the next
 * opening goes on.
 */
function addChecksums(database: DatabaseSync): void {
  addColumn(database, "topics", "whole INTEGER NOT NULL DEFAULT 0");
  for (const row of database.prepare(`SELECT ${named(["id", "last_entry"])} FROM topics`).all()) {
    const id = Number(row.id);
    addColumn(database, messageTable(id), "checksum INTEGER");
    const isWhole = fill(database, id) === Number(row.last_entry) + 1;
    database.prepare("UPDATE topics SET whole = ? WHERE id = ?").run(isWhole ? 1 : 0, id);
  }
  for (const table of summedTables) addColumn(database, table, "checksum INTEGER");
  database.exec("BEGIN IMMEDIATE");
  for (const table of summedTables) database.exec(`UPDATE ${table} SET checksum = ${rowChecksum(table)}`);
  database.exec(`PRAGMA user_version = ${checksummedVersion}; COMMIT`);
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
