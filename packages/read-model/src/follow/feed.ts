import type { PartitionSight } from "@downbeat/domain";
import type { Freshness } from "../views.ts";
import type { Flushed } from "../write/flushed.ts";
import type { BackfillPart, EarlierStatus } from "./backfill-part.ts";

/** What the projection tells those who answer questions, whatever thread it runs in. */
export interface ProjectionFeed {
  /** Names the build of the cache that change numbers belong to. */
  readonly generation: string;
  /** Number of the last change that is in the cache. */
  readonly change: number;
  freshness(): Freshness;
  status(): ProjectionStatus;
  onFlushed(listener: (flushed: Flushed) => void): () => void;
  /** The cache file was replaced: connections to it have to be opened again. */
  onRebuilt(listener: (reason: string) => void): () => void;
  /** Gives it what happened before its beginning. Resolves when that is in the cache. */
  backfill(part: BackfillPart): Promise<void>;
}

export interface ProjectionStatus {
  readonly connected: boolean;
  /** It has been at the end of the log at least once. */
  readonly caughtUp: boolean;
  readonly partitions: number;
  readonly records: number;
  readonly events: number;
  readonly flushMs: number;
  /** Records that should count and can't be used. */
  readonly leftOut: number;
  /** Records of history are signed, and nobody here has keys to check them by. */
  readonly isSignedUnchecked?: boolean;
  /** Of each partition, once it is known. */
  readonly writeSide: readonly PartitionStatus[];
  /** Absent when it began at the beginning of the log. */
  readonly earlier?: EarlierStatus;
}

export interface PartitionStatus extends PartitionSight {
  readonly partition: number;
  /** Who is connected, or claimed it last. */
  readonly owner?: string;
}
