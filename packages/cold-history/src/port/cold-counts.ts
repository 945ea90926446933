import type { KnownLog } from "@downbeat/read-model";
import type { ShownStatus } from "@downbeat/read-model/views";

/** Counts of the runs that started in a period. */
export interface ColdCountsQuery {
  /** ms since the epoch, inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** As in `ColdListQuery`. */
  readonly asOf?: number | undefined;
  readonly log: KnownLog;
}

export interface ColdCounts {
  readonly workflows: readonly {
    readonly workflow: string;
    readonly counts: Readonly<Record<ShownStatus, number>>;
  }[];
}
