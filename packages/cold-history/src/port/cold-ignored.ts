import type { IgnoredRecord, KnownLog } from "@downbeat/read-model";

/** Which records that the log took before a time the accept rule leaves out. */
export interface ColdIgnoredQuery {
  /** ms since the epoch, exclusive: as in `ColdListQuery`. */
  readonly asOf: number;
  readonly log: Pick<KnownLog, "partitions">;
}

/** By partition and position. */
export type ColdIgnored = readonly IgnoredRecord[];
