import type { AcceptCursor, Effect, RunState } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import type { RecordedEvent } from "@downbeat/protocol";
import type { RunEntry } from "./run-entry.ts";
import type { Trials } from "./trials.ts";

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

/** A run as it is now, and what its history has in addition to what was saved of it: events are written once. */
export interface RunChange {
  readonly runId: string;
  readonly state: RunState;
  /** So many events were saved of it before. */
  readonly saved: number;
  /** So many of them are still its history; those after them are not. None of a run that is over. */
  readonly kept: number;
  /** Those after them. */
  readonly added: readonly RecordedEvent[];
}

/** There is no room for more. What was saved before is as it was, and saving may be tried again. */
export class NoRoomForSnapshot extends Error {
  override readonly name = "NoRoomForSnapshot";

  constructor(path: string, options?: ErrorOptions) {
    super(
      `The disk that holds the engine's snapshots (${path}) is full. Make room; until then a start takes longer.`,
      options,
    );
  }
}

/** A save on its way: what it writes counts as a whole or not at all. */
export interface Saving {
  /**
   * Goes on until it is done, or until `isOver` says that it has been at it for long enough.
   *
   * @returns whether it is done
   * @throws NoRoomForSnapshot and whatever else makes it fail; it is over then
   */
  goOn(isOver?: () => boolean): boolean;
  /** Undoes what is not done. */
  abandon(): void;
}

/**
 * Where one partition's accepted fold is kept: a cache keyed by log position, which can be deleted at any time. All calls are synchronous, since
 * deciding must not wait; all may throw, and then the processor resets the store and folds the log from its beginning. Only where there is no room to
 * save (`NoRoomForSnapshot`), it goes on with what it has.
 */
export interface StateStore {
  /** Apart from the fold: `reset` leaves them. */
  readonly trials: Trials;
  head(): SnapshotHead | undefined;
  run(runId: string): RunEntry | undefined;
  /** Runs that are not over, with their earliest deadline. */
  openRuns(): Iterable<{ readonly runId: string; readonly dueAt: number | undefined }>;
  /**
   * Begins one transaction: the runs that changed since the last save, and the head they belong to. Until it is done, `run` may give a run as it was
   * before or as it is saved.
   */
  saving(head: SnapshotHead, runs: readonly RunChange[]): Saving;
  reset(): void;
}
