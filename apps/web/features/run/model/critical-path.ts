import type { TimelineRow } from "@downbeat/api/views";
import { isUnasked, lastBefore, wakers } from "./causes.ts";

interface CriticalStep {
  readonly rowId: string;
  readonly from: number;
  readonly to: number;
}

export interface CriticalPath {
  /** One after the other, from the run's start to its end. */
  readonly steps: readonly CriticalStep[];
  /** What these took together. The rest of the run's time went by between them: its code was asked. */
  readonly tookMs: number;
  readonly longest?: CriticalStep;
}

/**
 * What the run's time went by with: any of these steps shorter, and the run would have been. Each one was asked for when the one before it ended, that is,
 * it is what ended last before. What ended without waking the code (the loser of a race, what a failing run takes away) held nothing up.
 *
 * @param now where an open run has got to
 */
export function criticalPath(rows: readonly TimelineRow[], now: number): CriticalPath {
  const ended = wakers(rows);
  const steps: CriticalStep[] = [];
  let row = awaited(rows) ?? ended.at(-1);
  while (row !== undefined) {
    steps.push({ rowId: row.rowId, from: row.from, to: Math.max(row.from, row.to ?? now) });
    row = lastBefore(ended, row.firstSeq);
  }
  steps.reverse();
  let longest: CriticalStep | undefined;
  for (const step of steps) if (longest === undefined || lengthOf(step) > lengthOf(longest)) longest = step;
  const tookMs = steps.reduce((sum, step) => sum + lengthOf(step), 0);
  return { steps, tookMs, ...(longest !== undefined && { longest }) };
}

const lengthOf = ({ from, to }: CriticalStep): number => to - from;

/** What an open run is held up by: what needs a person before all, then work, then the longest wait. */
function awaited(rows: readonly TimelineRow[]): TimelineRow | undefined {
  const open = rows.filter((row) => row.to === undefined && !isUnasked(row));
  const rank = (row: TimelineRow): number => (row.kind !== "job" ? 2 : row.status === "stuck" ? 0 : 1);
  return open.sort((one, other) => rank(one) - rank(other) || one.from - other.from)[0];
}
