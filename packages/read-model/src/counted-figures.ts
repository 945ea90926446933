import type { FailureKind } from "@downbeat/domain";
import type { LatencySketch } from "./latency-sketch.ts";

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
