import type { Position } from "@downbeat/message-log";

/** What the projection knows of the log, so that cold history need not find it out. */
export interface KnownLog {
  /** Of the history topic. */
  readonly partitions: number;
  /**
   * Records that the accept rule leaves out. By place: a record that was appended twice counts once, under one id. Absent: not known yet. Then every
   * record counts, and the note of an answer says so; a run of which two records say something else about one event is not guessed.
   */
  readonly ignored?: readonly IgnoredRecord[] | undefined;
}

export interface IgnoredRecord {
  readonly partition: number;
  readonly position: Position;
}
