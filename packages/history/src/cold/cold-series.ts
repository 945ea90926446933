import type { FailureKind } from "@downbeat/domain";
import type { LatencySketch } from "../latency-sketch.ts";
import type { KnownLog } from "./known-log.ts";

/** Figures of a period, in the form of the read model's roll-ups: they can be added to them or drawn as they are. */
export interface ColdSeriesQuery {
  /** ms since the epoch, inclusive, a multiple of `spanMs`. */
  readonly from: number;
  /** Exclusive, a multiple of `spanMs`. */
  readonly to: number;
  /** Length of one bucket. */
  readonly spanMs: number;
  /** Absent: each workflow by itself. */
  readonly workflow?: string | undefined;
  /** As in `ColdListQuery`. Which bucket an event is in is still a matter of its own time. */
  readonly asOf?: number | undefined;
  readonly log: KnownLog;
}

/** Buckets in which nothing happened are left out. Every row is of one workflow; nothing is added up over them. */
export interface ColdSeries {
  readonly spanMs: number;
  readonly runs: readonly RunFigures[];
  readonly jobs: readonly JobFigures[];
  readonly errors: readonly ErrorFigures[];
}

export interface RunFigures {
  readonly workflow: string;
  /** Start of the bucket. */
  readonly at: number;
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Of completed runs, from start to end. */
  readonly durations: LatencySketch;
}

export interface JobFigures {
  readonly workflow: string;
  readonly jobType: string;
  readonly at: number;
  readonly completed: number;
  readonly failedAttempts: number;
  readonly rejected: number;
  readonly stuck: number;
  /** Of completed jobs, from the request of the attempt that completed it. */
  readonly durations: LatencySketch;
}

export interface ErrorFigures {
  readonly workflow: string;
  /** Empty for an error of the workflow's code. */
  readonly jobType: string;
  readonly at: number;
  readonly name: string;
  readonly kind: FailureKind;
  readonly count: number;
}
