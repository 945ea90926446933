import type { RunState, TimelineRow } from "@downbeat/api/views";

/** What was going on, or waited for. A signal that lies there until somebody wants it is neither. */
export function openRows({ rows }: Pick<RunState, "rows">): readonly TimelineRow[] {
  return Object.values(rows).filter((row) => row.to === undefined && row.status !== "buffered");
}
