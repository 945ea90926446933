import type { ErrorFigures, JobFigures, RunFigures } from "../counted-figures.ts";
import type { Step } from "../fold/run-fold.ts";
import type { IgnoredRecord } from "../known-log.ts";

/**
 * What a projection that begins in the midst of the log is given of the time before: a part at a time, as cold history answers. Plain data: it goes from
 * one thread to another.
 */
export type BackfillPart =
  | {
      /** The records before the beginning that don't count: all of them. */
      readonly type: "ignored";
      readonly records: readonly IgnoredRecord[];
    }
  | {
      /** Runs that were open at the beginning. */
      readonly type: "openRuns";
      readonly runs: readonly EarlierRun[];
      /** These were the last. */
      readonly isLast: boolean;
    }
  | {
      /** All that happened before the beginning on these days (UTC, ms since the epoch). */
      readonly type: "figures";
      readonly days: readonly number[];
      readonly figures: CountedElsewhere;
    };

/** A run as far as it had come before the beginning. */
export interface EarlierRun {
  readonly runId: string;
  readonly partition: number;
  /** When the log took the first and the last of it, ms since the epoch. */
  readonly published: { readonly first: number; readonly last: number };
  /** From event 1 on without a gap. */
  readonly steps: readonly Step[];
}

type Encoded<T> = Omit<T, "durations"> & {
  /** A `LatencySketch`, encoded. */ readonly durations: Uint8Array;
};

/** Each row a minute. */
export interface CountedElsewhere {
  readonly runs: readonly Encoded<RunFigures>[];
  readonly jobs: readonly Encoded<JobFigures>[];
  readonly errors: readonly ErrorFigures[];
}

export interface EarlierStatus {
  /** What the log took before this time is not read, ms since the epoch. */
  readonly beginning: number;
  /** Which of the records before it don't count is known. */
  readonly ignoredKnown: boolean;
  /** The runs that were open then are known. */
  readonly openRunsKnown: boolean;
  /** Runs of which something happened since, and what happened before is not known. Some of them had ended before and had a command refused since. */
  readonly orphanRuns: number;
}
