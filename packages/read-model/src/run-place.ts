/** Where in the log a run is. Each bound that is known saves reading the rest of the log. */
export interface RunPlace {
  readonly runId: string;
  readonly partition: number;
  /** When the log took its first record, ms since the epoch. Absent: read from the beginning. */
  readonly from?: number | undefined;
  /** When the log took its last record. Absent: read to the end. */
  readonly to?: number | undefined;
  /** Number of its last event. When it is known, the answer is searched for until it is whole, whatever the times say. */
  readonly seq?: number | undefined;
}
