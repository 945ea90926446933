import type { ActionVerb, Freshness } from "@downbeat/read-model/views";

/** What is done to what time alone would do. */
export type TimerVerb = "postponeRetry" | "timeOutJob" | "fireTimer" | "postponeTimer" | "liftTimeout";

/** What is done to many targets at once. */
export type BulkVerb = Exclude<ActionVerb, "startRun" | "runJobNow" | TimerVerb> | "runAgain";

/**
 * What came of one target. `waiting`: not acted on so far. `done`: it happened, and nothing more is to come of it. Of a retry: `recovered`, `failedAgain`, or
 * `underWay` with a worker; `notPickedUp` while no engine has decided or no worker has begun. `lost`: taken out of the inbox before an engine read it.
 */
export type BulkOutcome =
  | "waiting"
  | "recovered"
  | "done"
  | "failedAgain"
  | "refused"
  | "underWay"
  | "notPickedUp"
  | "lost";

/**
 * `held`: by itself, `why` says for what; it goes on when it is resumed `anyway`. `looking`: all is sent, and outcomes are waited for. `done` and `stopped` are its ends;
 * `ended`: the run was ended in another way.
 */
export type BulkState =
  | "listing"
  | "scheduled"
  | "canary"
  | "sending"
  | "paused"
  | "held"
  | "looking"
  | "done"
  | "stopped"
  | "ended";

export interface BulkView {
  /** Of its run, too. */
  readonly bulkId: string;
  readonly verb: BulkVerb;
  /** What is acted on, in words. */
  readonly about: string;
  readonly reason: string;
  readonly startedBy: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly state: BulkState;
  /** Why it holds, or does not go on, in a sentence. */
  readonly why?: string;
  /** Absent until the targets are listed. */
  readonly targets?: number;
  /** So many have been acted on. */
  readonly sent: number;
  /** Of those that were acted on, how many came to what; absent where none did. */
  readonly outcomes: Readonly<Partial<Record<BulkOutcome, number>>>;
  readonly canary?: { readonly size: number; readonly mostFailed: number };
  readonly perMinute?: number;
  /** Not before, ms since the epoch. */
  readonly startAt?: number;
}

export interface BulkList {
  /** Newest first. */
  readonly bulks: readonly BulkView[];
  readonly cursor?: string;
  readonly count: number;
  readonly freshness: Freshness;
}

export interface BulkPreview {
  /** Why another person has to approve it, in a sentence; absent: nobody has to. */
  readonly needsTwo?: string;
  /** Exactly so many are meant now. */
  readonly count: number;
  /** Only the first so many were looked at for refusals; absent: all of them. */
  readonly lookedAt?: number;
  /** Of them, those that would refuse, by why. */
  readonly refusals: readonly { readonly why: string; readonly count: number; readonly example: string }[];
  /** The first of those that would not. */
  readonly first: readonly { readonly runId: string; readonly jobId?: string }[];
  /** Given to `bulk.start`: what comes to be meant after this moment is not acted on, ms since the epoch. */
  readonly asOf: number;
  /** Runs that began before this moment are not among them, though the list may show some, ms since the epoch. */
  readonly notBefore?: number;
  /** Why it can't be started as it is, in a sentence. */
  readonly problem?: string;
}

export interface BulkTargetView {
  /** From 0, in the order in which they are acted on. */
  readonly number: number;
  readonly runId: string;
  readonly jobId?: string;
  readonly outcome: BulkOutcome;
  /** What is to be said of it: why it was refused, how it failed. */
  readonly message?: string;
  /** The run that was started, of `runAgain`. */
  readonly startedRunId?: string;
}

export interface BulkTargetList {
  readonly targets: readonly BulkTargetView[];
  /** Number of the first of the next page; absent on the last. */
  readonly next?: number;
  /** That have the outcome that was asked for. */
  readonly count: number;
  readonly freshness: Freshness;
}
