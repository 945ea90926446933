import type { Failure } from "@downbeat/domain";
import type { Freshness } from "./answer-views.ts";
import type { jobOutcomes } from "./job-outcome.ts";

/** A job that is not over, or code that can't decide. */
export interface OpenJobView {
  readonly runId: string;
  readonly workflow: string;
  readonly jobId: string;
  readonly jobType: string;
  readonly status: "scheduled" | "running" | "backingOff" | "stuck";
  /** How long it has been in this status. */
  readonly since: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly retryAt?: number;
  readonly failure?: Failure;
}

export interface OpenJobList {
  readonly jobs: readonly OpenJobView[];
  readonly count: number;
  readonly countIsLowerBound: boolean;
  readonly cursor?: string;
  readonly freshness: Freshness;
}

/** What ended an attempt or a job. `stuck`: out of attempts. `code`: the code of the run could not go on, which is no job's, and counts among the errors. */
export type JobOutcome = (typeof jobOutcomes)[number];

export interface JobOutcomeView {
  readonly runId: string;
  readonly workflow: string;
  readonly what: JobOutcome;
  /** Empty for what the code of the run did. */
  readonly jobType: string;
  readonly at: number;
  /** Number of the event. */
  readonly seq: number;
  /** Absent, as is what follows, when the run's events are not all there. */
  readonly jobId?: string;
  readonly attempt?: number;
  /** From the request of the attempt to its end, ms. */
  readonly tookMs?: number;
  readonly failure?: Failure;
}

export interface JobOutcomeList {
  /** The newest first. */
  readonly outcomes: readonly JobOutcomeView[];
  readonly count: number;
  readonly countIsLowerBound: boolean;
  /** What happened before is counted in figures, and its rows are not kept; ms since the epoch. Absent: all rows of the period are here. */
  readonly wholeFrom?: number;
  readonly cursor?: string;
  readonly freshness: Freshness;
}

/**
 * What time alone will do. `sleep`: the code goes on. `signal`: the wait for it ends without one. `backOff`: the job's next attempt is made. `deadline`: the
 * attempt has failed, since no worker began it, finished it or was heard of in time.
 */
export type TimerKind = "sleep" | "signal" | "backOff" | "deadline";

export interface TimerView {
  readonly runId: string;
  readonly workflow: string;
  readonly kind: TimerKind;
  /** Of the timer, the wait or the job: `t1`, `w1`, `j1`. */
  readonly id: string;
  /** Of the signal, or the job's type. */
  readonly name?: string;
  /** Since when it waits. */
  readonly since: number;
  readonly dueAt: number;
  /** Of a job: the last one, of at most so many. */
  readonly attempt?: number;
  readonly maxAttempts?: number;
  /** Of a deadline: no worker has begun the attempt. */
  readonly unbegun?: boolean;
  /** Of the job's last failed attempt. */
  readonly failure?: Failure;
}

export interface TimerList {
  /** What is due next comes first. */
  readonly timers: readonly TimerView[];
  readonly count: number;
  readonly countIsLowerBound: boolean;
  readonly cursor?: string;
  readonly freshness: Freshness;
}
