import type { FailureKind } from "@downbeat/domain";
import type { FiguresMissing, Freshness } from "./answer-views.ts";
import type { AttentionList, OpenRunCounts } from "./attention-views.ts";
import type { ShownStatus } from "./views.ts";

export interface Overview {
  /** Length of one bucket, ms; those of days or hours in which clocks are changed differ. */
  readonly bucketMs: number;
  /** Whose days and hours the buckets are. */
  readonly timeZone: string;
  readonly buckets: readonly OverviewBucket[];
  readonly totals: OverviewTotals;
  readonly byWorkflow: readonly ({ readonly workflow: string } & OverviewTotals)[];
  readonly byJobType: readonly JobTypeFigures[];
  readonly topErrors: readonly {
    readonly jobType: string;
    readonly name: string;
    readonly kind: FailureKind;
    readonly count: number;
  }[];
  /** Runs, now. */
  readonly open: OpenRunCounts;
  /** Beside an earlier period, when that was asked for. */
  readonly comparison?: Comparison;
  /** Why open runs wait for what nobody does, now; of the workflow, when one was asked for. */
  readonly waits?: AttentionList["groups"];
  /** Days of the period whose figures are being asked for: the charts lack them. */
  readonly missing?: FiguresMissing;
  readonly freshness: Freshness;
}

/** The period of the same length that ends where this one begins, or the same days and hours a week ago. */
export type ComparedWith = "before" | "week";

export interface PeriodTotals {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly totals: OverviewTotals;
}

/** Like with like: of a period that is not over, its whole minutes that are known are compared with the same part of the earlier one. */
export interface Comparison {
  readonly with: ComparedWith;
  readonly current: PeriodTotals;
  readonly earlier: PeriodTotals;
  /** The period is not over, or not read to its end: `current` and `earlier` are its part until what is known and the same part of the earlier one. */
  readonly isPart: boolean;
  /** The period is over, but not all of it has been read yet. */
  readonly isBehind?: boolean;
  /** Those with runs in either of the periods. */
  readonly byWorkflow: readonly {
    readonly workflow: string;
    readonly current: OverviewTotals;
    readonly earlier: OverviewTotals;
  }[];
  /** Days of the earlier period whose figures are being asked for. */
  readonly missing?: FiguresMissing;
}

export interface OverviewBucket {
  /** Start of the bucket. */
  readonly at: number;
  /** Its end, exclusive. */
  readonly to: number;
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

export interface OverviewTotals {
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Completed of all that ended, 0 to 1; absent when none ended. */
  readonly successRate?: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** Jobs that are open now, whenever they were asked for. */
export interface OpenJobCounts {
  /** Attempts that no worker has begun. */
  readonly waiting: number;
  /** Since when the oldest of these waits, ms since the epoch. */
  readonly waitingSince?: number;
  readonly running: number;
  readonly backingOff: number;
  readonly stuck: number;
}

/** What happened to jobs of a type in the range; and `open`, which is now. */
export interface JobTypeFigures {
  readonly jobType: string;
  readonly completed: number;
  readonly failedAttempts: number;
  readonly rejected: number;
  /** So often one got stuck. */
  readonly stuck: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly open: OpenJobCounts;
  /** The same as `open.waiting`. */
  readonly backlog?: number;
  /** That are connected; absent when nobody can say. */
  readonly workers?: number;
}

export interface WorkflowList {
  readonly workflows: readonly {
    readonly workflow: string;
    readonly counts: Readonly<Record<ShownStatus, number>>;
  }[];
  readonly freshness: Freshness;
}
