import type { TimelineRow } from "@downbeat/api/views";

/** Of rows in the order of their ends, the last one that ended before an event. */
export function lastBefore(ended: readonly TimelineRow[], seq: number): TimelineRow | undefined {
  let low = 0;
  let high = ended.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = ended[middle];
    if (row !== undefined && row.lastSeq < seq) low = middle + 1;
    else high = middle;
  }
  return ended[low - 1];
}

/** Those whose ends woke the code, in that order. What a step was asked for because of is the last of them before its own first event. */
export function wakers(rows: readonly TimelineRow[]): readonly TimelineRow[] {
  return rows.filter(wakesCode).sort((one, other) => one.lastSeq - other.lastSeq);
}

function wakesCode(row: TimelineRow): boolean {
  if (row.to === undefined || isUnasked(row)) return false;
  switch (row.kind) {
    case "job":
      return (
        row.status === "completed" ||
        row.status === "rejected" ||
        row.status === "failed" ||
        row.endedBy !== undefined
      );
    case "timer":
      return row.status === "fired";
    case "signal":
      return row.status === "delivered" || row.status === "passedOver" || row.status === "timedOut";
    default:
      return false;
  }
}

/** A signal that nobody waited for when it came is no step of the code. */
export function isUnasked(row: TimelineRow): boolean {
  return row.kind === "signal" && row.rowId.startsWith("s:");
}
