import type { DatabaseSync } from "node:sqlite";
import type { StoredMessage } from "../stored-message.ts";
import type { CompactedRow } from "./batch.ts";
import { checksumOf } from "./checksum.ts";
import { decodeMessage, encodeMessage, propertiesJson, sizeBound } from "./message-codec.ts";
import { messageTable, named } from "./schema.ts";
import type { Sums } from "./sums.ts";

/**
 * Puts messages in the place of stored ones, within a transaction. When the log took them, and their keys, stay what they were.
 *
 * @throws Error when one is not there or damaged
 */
export function compact(
  database: DatabaseSync,
  sums: Sums,
  topic: number,
  rows: readonly CompactedRow[],
): void {
  const table = messageTable(topic);
  const select = database.prepare(`SELECT ${named(["message", "checksum"])} FROM ${table} WHERE entry = ?`);
  const update = database.prepare(`UPDATE ${table} SET message = ?, checksum = ? WHERE entry = ?`);
  const erase = database.prepare(`DELETE FROM ${table} WHERE entry > ? AND entry < ?`);
  const stored = (entry: number): Buffer => {
    const row = select.get(entry);
    if (!(row?.message instanceof Uint8Array) || row.checksum !== checksumOf(topic, entry, row.message))
      throw new Error(`Message ${entry} is not there, or damaged: nothing is compacted around it`);
    return Buffer.from(row.message.buffer, row.message.byteOffset, row.message.byteLength);
  };
  for (const { entry, after, properties, payload } of rows) {
    if (!(after < entry)) throw new RangeError(`Message ${entry} does not come after ${after}`);
    const { covers: _, ...old } = decodeMessage(stored(entry), entry, "" as StoredMessage["position"]);
    const covers = entry - after - 1;
    const message: StoredMessage = { ...old, payload, properties, ...(covers > 0 && { covers }) };
    const json = propertiesJson(message);
    const target = Buffer.allocUnsafe(sizeBound(message, json));
    const bytes = target.subarray(0, encodeMessage(message, json, target, 0));
    update.run(bytes, checksumOf(topic, entry, bytes), entry);
    sums.note(table, -Number(erase.run(after, entry).changes));
  }
}
