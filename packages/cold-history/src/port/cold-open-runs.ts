import type { KnownLog, RunPlace } from "@downbeat/read-model";

/** Which runs had begun and not ended in what the log took before a time. */
export interface ColdOpenRunsQuery {
  /** ms since the epoch, exclusive: as in `ColdListQuery`. */
  readonly asOf: number;
  readonly log: KnownLog;
}

export interface ColdOpenRuns {
  /** Oldest first, by when the log took their first record; 100,000 at most. */
  readonly places: readonly OpenRunPlace[];
  /** There are more, and they are younger. */
  readonly hasMore: boolean;
}

/** Where a run is as far as it had come: nothing after `asOf` is in it. */
export interface OpenRunPlace extends RunPlace {
  readonly from: number;
  readonly to: number;
  readonly seq: number;
}

export const mostOpenRuns = 100_000;
