import type { AcceptCursor, Effect } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import type { RunEntry } from "./run-entry.ts";

/** Effects of an accepted record that are not known to be published. */
export interface Undispatched {
  /** The record's place among the accepted ones of its partition, from 1. */
  readonly ordinal: number;
  readonly effects: readonly Effect[];
}

/** The accepted fold of a partition at one position of its history, without its runs. */
export interface SnapshotHead {
  /** Position of the last record that was read, counted or not. */
  readonly position: Position;
  readonly cursor: AcceptCursor;
  /** Accepted claims since the last accepted decision record. */
  readonly barrenClaims: number;
  /** Time of the last decision record, ms. */
  readonly at: number;
  readonly dispatchedUpTo: number;
  readonly undispatched: readonly Undispatched[];
}

/**
 * Where one partition's accepted fold is kept: a cache keyed by log position, which can be deleted at any time. All calls are synchronous, since
 * deciding must not wait; all may throw, and then the processor resets the store and folds the log from its beginning.
 */
export interface StateStore {
  head(): SnapshotHead | undefined;
  run(runId: string): RunEntry | undefined;
  /** Runs that are not over, with their earliest deadline. */
  openRuns(): Iterable<{ readonly runId: string; readonly dueAt: number | undefined }>;
  /**
   * Notes that a command is about to be decided which the process may not survive. Kept at once, so that it outlives the process, and apart from
   * the fold: `reset` leaves it.
   *
   * @returns how often that was begun before, and not survived
   */
  beginTrial(commandId: string): number;
  /** What was begun is over, and in the log. */
  endTrial(commandId: string): void;
  /** Something was begun and is not over: a process did not survive it. */
  hasTrials(): boolean;
  /** What was begun and is not over has not come again: somebody else has decided it. */
  forgetTrials(): void;
  /** One transaction: the runs that changed since the last save, and the head they belong to. */
  save(head: SnapshotHead, runs: Iterable<readonly [string, RunEntry]>): void;
  reset(): void;
}
