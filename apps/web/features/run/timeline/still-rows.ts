import type { TimelineRow } from "@downbeat/api/views";

/** A row as pages show it. */
export type ShownRow = TimelineRow & {
  /** It was open at the last event of its run that can be followed: the run is set aside, or how it goes on is not known here. */
  readonly isStill?: "setAside" | "newer";
};

/** Open rows of a run whose history can't be followed go no further than the moment of that. */
export function stillRows(
  rows: readonly TimelineRow[],
  damaged: { readonly since: number; readonly isNewer: boolean } | undefined,
): readonly ShownRow[] {
  if (damaged === undefined) return rows;
  const { since, isNewer } = damaged;
  const isStill = isNewer ? "newer" : "setAside";
  return rows.map((row) => (row.to === undefined ? { ...row, to: Math.max(row.from, since), isStill } : row));
}
