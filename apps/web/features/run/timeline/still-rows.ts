import type { TimelineRow } from "@downbeat/api/views";

/** A row as pages show it. */
export type ShownRow = TimelineRow & {
  /** It was open when its run was set aside: nothing goes on in it, and how it ends is not known. */
  readonly isSetAside?: boolean;
};

/** Open rows of a run that is set aside go no further than the moment of that. */
export function stillRows(rows: readonly TimelineRow[], since: number | undefined): readonly ShownRow[] {
  if (since === undefined) return rows;
  return rows.map((row) =>
    row.to === undefined ? { ...row, to: Math.max(row.from, since), isSetAside: true } : row,
  );
}
