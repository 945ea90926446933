import type { ErrorFigures, JobFigures, KnownLog, RunFigures } from "@downbeat/read-model";

/** Figures of a period, in the form of the read model's roll-ups: they can be added to them or drawn as they are. */
export interface ColdSeriesQuery {
  /** ms since the epoch, inclusive, a multiple of `spanMs`. */
  readonly from: number;
  /** Exclusive, a multiple of `spanMs`. */
  readonly to: number;
  /** Length of one bucket. */
  readonly spanMs: number;
  /** Absent: each workflow by itself. */
  readonly workflow?: string | undefined;
  /** As in `ColdListQuery`. Which bucket an event is in is still a matter of its own time. */
  readonly asOf?: number | undefined;
  readonly log: KnownLog;
}

/** Buckets in which nothing happened are left out. Every row is of one workflow; nothing is added up over them. */
export interface ColdSeries {
  readonly spanMs: number;
  readonly runs: readonly RunFigures[];
  readonly jobs: readonly JobFigures[];
  readonly errors: readonly ErrorFigures[];
}
