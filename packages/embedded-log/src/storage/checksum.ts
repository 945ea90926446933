import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { crc32 } from "node:zlib";
import { type Table, tables } from "./schema.ts";

/**
 * Of a stored message, everything that is given back of it included: its place too, so that a message that turns up elsewhere doesn't fit. Signed, as
 * SQLite stores it shortest.
 */
export function checksumOf(topic: number, entry: number, message: Uint8Array): number {
  return crc32(message, placeOf(topic, entry)) | 0;
}

// Any number for a place does, as long as those nearby differ.
function placeOf(topic: number, entry: number): number {
  return (Math.imul(topic, 0x9e3779b1) ^ entry) >>> 0;
}

/** Gives SQL the function `row_checksum`, of the values of a row. */
export function addRowChecksum(database: DatabaseSync): void {
  const options = { deterministic: true, directOnly: true, varargs: true };
  database.function(
    "row_checksum",
    options,
    (...values: SQLOutputValue[]) => crc32(JSON.stringify(values)) | 0,
  );
}

/** SQL for the checksum of a row, with `?` and the like for columns that change. */
export function rowChecksum(table: Table, changed: Readonly<Record<string, string>> = {}): string {
  return `row_checksum(${tables[table].map((column) => changed[column] ?? column).join(", ")})`;
}

export function putMeta(database: DatabaseSync, name: string, value: number): void {
  const checksum = rowChecksum("meta", { name: "?1", value: "?2" });
  database
    .prepare(`INSERT OR REPLACE INTO meta (name, value, checksum) VALUES (?1, ?2, ${checksum})`)
    .run(name, value);
}
