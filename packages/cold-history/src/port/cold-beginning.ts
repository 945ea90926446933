import type { Asked } from "./asked.ts";
import type { ColdAnswer } from "./cold-answer.ts";
import type { ColdHeads, ColdHeadsQuery } from "./cold-heads.ts";
import type { ColdIgnored, ColdIgnoredQuery } from "./cold-ignored.ts";
import type { ColdOpenRuns, ColdOpenRunsQuery } from "./cold-open-runs.ts";

/**
 * What a projection asks that begins in the midst of the log. The log is cut at a time, `asOf`: of the records that it took before, these questions
 * tell; those that it took at that time or after, the projection reads. Every record is on one side of the cut, whatever the order of their times in a partition.
 */
export interface ColdBeginning {
  /** Records before the cut that do not count. Reads everything before the cut, a part after another. */
  ignored(query: ColdIgnoredQuery, asked: Asked): Promise<ColdAnswer<ColdIgnored>>;

  /** Runs that straddle the cut or were open at it. Reads everything before the cut, a part after another. */
  openRuns(query: ColdOpenRunsQuery, asked: Asked): Promise<ColdAnswer<ColdOpenRuns>>;

  /** The part of such runs that lies before the cut. */
  heads(query: ColdHeadsQuery, asked: Asked): Promise<ColdAnswer<ColdHeads>>;
}
