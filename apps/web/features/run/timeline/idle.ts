import type { TimelineRow } from "@downbeat/api/views";
import type { Fold } from "./scale.ts";
import { segmentsOf } from "./segments.ts";

/** A gap is worth folding when it takes this share of the picture. */
const leastShare = 0.12;
const leastMs = 1_000;

/**
 * Stretches in which nobody works: sleeps, waits for a signal or a person, back-offs. What happens at their edges stays visible with
 * a little room around it.
 */
export function idleFolds(
  rows: readonly TimelineRow[],
  from: number,
  to: number,
  now: number,
): readonly Fold[] {
  const busy: [number, number][] = [];
  for (const row of rows) {
    busy.push([row.from, row.from]);
    if (row.to !== undefined) busy.push([row.to, row.to]);
    for (const segment of segmentsOf(row, now)) {
      if (segment.kind === "attempt") busy.push([segment.from, segment.to]);
      else busy.push([segment.from, segment.from]);
    }
    if (row.kind === "signal" && row.receivedAt !== undefined) busy.push([row.receivedAt, row.receivedAt]);
  }
  busy.push([from, from], [to, to]);
  busy.sort((one, other) => one[0] - other[0]);

  const gaps: Fold[] = [];
  let reached = from;
  for (const [start, end] of busy) {
    if (start > reached) gaps.push({ from: reached, to: start });
    reached = Math.max(reached, end);
  }
  const least = Math.max(leastMs, (to - from) * leastShare);
  const long = gaps.filter((gap) => gap.to - gap.from >= least);
  const shown = to - from - long.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const margin = Math.max(20, shown * 0.04);
  return long
    .map((gap) => ({ from: gap.from + margin, to: gap.to - margin }))
    .filter((gap) => gap.to - gap.from > least / 2);
}
