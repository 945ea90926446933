import type { HistoryReading } from "./read-history.ts";

/** Whether the first record of a partition that counts is not the one with which history began: what was before it is gone from the log. */
export function isCutFront(reading: HistoryReading): boolean {
  return reading.type === "decisions" || (reading.type === "claim" && reading.record.epoch > 1);
}
