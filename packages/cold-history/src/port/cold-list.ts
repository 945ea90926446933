import type { KnownLog } from "@downbeat/read-model";
import type { RunFilter, RunSummary, ShownStatus } from "@downbeat/read-model/views";

export interface ColdListQuery {
  /** As the live list's. A `from` keeps the query short: without it, the whole log is read. */
  readonly filter: RunFilter;
  /** Only runs after this one in the list's order: newest first by the filter's time, of runs of one time the greater id first. */
  readonly before?: { readonly at: number; readonly runId: string } | undefined;
  readonly limit: number;
  /**
   * What the log took at or after this time is not looked at, ms since the epoch: the runs are shown as they were just before. Record by record, by the
   * time that a reader calls `publishTime`, so a projection of the records at or after it and this answer have nothing twice and lack nothing. Absent:
   * read to the end.
   */
  readonly asOf?: number | undefined;
  readonly log: KnownLog;
  /** Of which workflows a run is found neither by the beginning of a label nor by what it said. Absent: of none. */
  readonly hides?: ((workflow: string) => boolean) | undefined;
}

export interface ColdRunList {
  /** In the list's order, each as the live list would show it. */
  readonly runs: readonly RunSummary[];
  readonly hasMore: boolean;
  readonly count: number;
  /** `count` stopped counting at its limit. */
  readonly countIsLowerBound: boolean;
  /** Per shown status, under the same filters but the status. */
  readonly countsByStatus: Readonly<Record<ShownStatus, number>>;
}
