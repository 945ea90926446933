import type { LabelClause } from "@downbeat/domain";
import type { Freshness } from "./answer-views.ts";
import type { RunFilter, ShownStatus } from "./views.ts";

/** `version`: the build of the code that answered last. `error`: the name of why it failed or is stuck. */
export type FacetName = "workflow" | "version" | "error";

/** One of these values, or none of them. '' is that there is no such thing. */
export interface RunFacet {
  readonly by: FacetName;
  readonly values: readonly string[];
  readonly not?: boolean;
}

/** From the start of a run to its end, ms. */
export interface DurationRange {
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly to?: number;
}

export type BreakDownBy =
  | { readonly by: FacetName }
  | {
      readonly by: "label";
      /** Its name; case is ignored. */
      readonly key: string;
    };

/** Of some runs: how many, how they stand, how long those took that completed, and a number of theirs. */
export interface MeasuredRuns {
  readonly runs: number;
  readonly byStatus: Readonly<Partial<Record<ShownStatus, number>>>;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  /** Said where a number was asked for. */
  readonly number?: MeasuredNumber;
}

/** All in digits, none lost; the average is rounded to six digits after the point. */
export interface MeasuredNumber {
  /** Runs that have a number there. */
  readonly runs: number;
  /** Runs that have something else there, or nothing. */
  readonly without: number;
  /** Runs that hold more numbers than are kept, this one not among those: left out, though they may have one. */
  readonly cut?: number;
  readonly sum: string;
  /** Absent where no run has one. */
  readonly average?: string;
  readonly least?: string;
  readonly most?: string;
}

/** What opens exactly these runs, laid over what the break-down was asked for. */
export type GroupFilter = Pick<RunFilter, "facets"> & { readonly where?: readonly LabelClause[] };

export interface MeasuredGroup extends MeasuredRuns {
  /** Absent for runs without such a label; '' for those without an error or a version. */
  readonly value?: string;
  readonly filter: GroupFilter;
}

export interface BreakDown {
  /** The whole buckets that were asked for. */
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly timeZone: string;
  readonly total: MeasuredRuns;
  /** The largest first: by the number, where one was asked for, else by runs. */
  readonly groups: readonly MeasuredGroup[];
  /** All that are not among `groups`; absent where there are no more. */
  readonly others?: MeasuredRuns & { readonly values: number; readonly filter: GroupFilter };
  /** There are more values than are told apart: which are the largest is known of those of the newest runs only. */
  readonly isCut?: boolean;
  readonly buckets: readonly MeasuredBucket[];
  /** Where the bands of durations begin, ms, from 0 on. The last has no end. */
  readonly bands: readonly number[];
  readonly slowest: readonly ExtremeRun[];
  /** With the largest numbers. */
  readonly dearest?: readonly ExtremeRun[];
  /** Runs that ended before this time, ms since the epoch, are not in it: the read model begins there. */
  readonly beginsAt?: number;
  readonly freshness: Freshness;
}

export interface MeasuredBucket {
  readonly at: number;
  /** Exclusive. */
  readonly to: number;
  readonly runs: number;
  readonly sum?: string;
  /** Completed runs by their durations: of each band of `bands`. */
  readonly byDuration: readonly number[];
}

export interface ExtremeRun {
  readonly runId: string;
  readonly workflow: string;
  /** ms since the epoch */
  readonly startedAt: number;
  readonly durationMs?: number;
  readonly number?: string;
}

/** What numbers runs have, each by its path: `label.amount`, `run.seats`, `output.price.total`. */
export interface KnownNumbers {
  readonly numbers: readonly string[];
  /** Names of labels, to break down by. */
  readonly labels: readonly string[];
}
