import type { Position } from "@downbeat/message-log";
import { encodeHistoryRecord, type HistoryRecord, recordProperties } from "@downbeat/protocol";
import type { Fold } from "../src/fold.ts";

/** @returns whether the record counts */
export function take(fold: Fold, record: HistoryRecord, at: string): boolean {
  const payload = encodeHistoryRecord(record);
  const properties = { ...recordProperties(record.id, payload) };
  const message = { payload, properties, publishTime: record.at };
  return fold.read(message, at as Position).type !== "leftOut";
}
