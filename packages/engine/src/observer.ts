import type { AcceptCursor } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import type { Stray } from "./log-time.ts";

/** Where a claim stands in its partition's history, as far as its engine knows: after this message, and what counted up to there. */
export interface ClaimPlace {
  readonly id: string;
  readonly after: Position | undefined;
  readonly cursor: AcceptCursor;
}

/** What the engine tells about itself, for logs and metrics. Calls must not throw. */
export interface EngineObserver {
  claimed?(partition: number, epoch: number, place: ClaimPlace): void;
  /** A record of this process goes into history. */
  appended?(partition: number, recordId: string): void;
  owning?(partition: number, epoch: number): void;
  /** The partition's sessions and state were given up; it connects again after a wait. */
  dropped?(partition: number, reason: string): void;
  /** A record was read back as accepted. */
  accepted?(partition: number, commands: number, events: number): void;
  /** A record of someone else did not count: a zombie wrote it. */
  ignoredRecord?(partition: number): void;
  /** A message of history can't be used, whole or in part: it is damaged, or no engine wrote it. Told again when history is read again. */
  leftOut?(partition: number, position: Position, reason: string): void;
  /** A newer version has decided in the partition, so this engine doesn't. Told once for each time that it follows the partition. */
  heldBack?(partition: number, reason: string): void;
  /** Of the partition's history, what was before this time is gone from the log, ms since the epoch: runs without their beginning are set aside. */
  beginsLate?(partition: number, at: number): void;
  quarantined?(topic: string, reason: string): void;
  dispatched?(jobType: string): void;
  /** Attempts that waited for a worker were in no queue any more, and were handed over again. */
  handedOverAgain?(jobType: string, attempts: number): void;
  /** An effect could not be published to the topic: it is tried again. */
  topicRefuses?(topic: string, reason: string): void;
  /** What is for a topic that can't be had goes to another one, which serves as well. */
  topicReplaced?(topic: string, by: string, reason: string): void;
  /** It could again. */
  topicTakes?(topic: string): void;
  /** There is no room for it: the last one stays, and it is tried again. */
  snapshotNotSaved?(partition: number, reason: string): void;
  /** It could be saved again. */
  snapshotSaved?(partition: number): void;
  /**
   * The log's clock jumped ahead and is not followed (`ahead`), is where it was (`over`), has stayed there and is followed now (`followed`), was set back
   * (`back`), or is behind what was recorded (`behind`).
   */
  clockStrayed?(partition: number, what: Stray | "behind", byMs: number): void;
  snapshotDiscarded?(partition: number, reason: string): void;
}
