export interface ProjectionOptions {
  /** Open runs kept in memory; others are read from the cache again when something happens to them. */
  readonly maxOpenRuns?: number;
  /** Told what was left out of history, and why. */
  readonly onOddity?: (sentence: string) => void;
  readonly now?: () => number;
}
