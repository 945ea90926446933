import type { RunList, ShownStatus } from "@downbeat/api/views";
import { plural } from "../../lib/number.ts";

export interface CountedRuns {
  readonly head: Pick<RunList, "count" | "countIsLowerBound">;
  /** Rows that are loaded. */
  readonly loaded: number;
  /** There are no further pages. */
  readonly isWhole: boolean;
  /** Per status under the list's other filters, and whether all of them are counted. */
  readonly counts: Readonly<Record<ShownStatus, number>> | undefined;
  readonly isLowerBound: boolean;
  readonly status: readonly ShownStatus[];
}

/** How many runs the list has: exact where that is known, which it is at the latest when all of them are loaded. */
export function countWords({ head, loaded, isWhole, counts, isLowerBound, status }: CountedRuns): string {
  if (counts !== undefined && !isLowerBound) {
    const wanted = status.length === 0 ? (Object.keys(counts) as ShownStatus[]) : status;
    return plural(
      wanted.reduce((sum, one) => sum + counts[one], 0),
      "run",
    );
  }
  if (isWhole) return plural(loaded, "run");
  if (head.countIsLowerBound) {
    const known = Math.max(head.count, loaded);
    return known === 0 ? "no run found so far" : `at least ${plural(known, "run")}`;
  }
  return plural(head.count, "run");
}
