import type { TimelineRow } from "@downbeat/api/views";

export interface PlacedRow {
  readonly row: TimelineRow;
  /** It undoes the row above it. */
  readonly isUndo: boolean;
}

/** In the order of their first events, but each compensation under what it undoes. */
export function placeRows(rows: readonly TimelineRow[]): readonly PlacedRow[] {
  const undoing = new Map<string, TimelineRow[]>();
  const known = new Set(rows.map(({ rowId }) => rowId));
  for (const row of rows) {
    if (row.kind !== "job" || row.undoes === undefined || !known.has(row.undoes) || row.undoes === row.rowId)
      continue;
    undoing.set(row.undoes, [...(undoing.get(row.undoes) ?? []), row]);
  }
  if (undoing.size === 0) return rows.map((row) => ({ row, isUndo: isUndo(row) }));
  const moved = new Set([...undoing.values()].flat());
  return rows.flatMap((row) =>
    moved.has(row)
      ? []
      : [
          { row, isUndo: isUndo(row) },
          ...(undoing.get(row.rowId) ?? []).map((undo) => ({ row: undo, isUndo: true })),
        ],
  );
}

function isUndo(row: TimelineRow): boolean {
  return row.kind === "job" && (row.undoes !== undefined || row.compensationId !== undefined);
}
