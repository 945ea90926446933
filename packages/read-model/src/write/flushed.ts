/** What a flush of the projection has written. */
export interface Flushed {
  /** Number of this change; every flush has the next one. */
  readonly change: number;
  /** Runs that changed. */
  readonly runIds: readonly string[];
  /** Commands to runs that don't exist. */
  readonly refusals: number;
  readonly records: number;
  readonly events: number;
}
