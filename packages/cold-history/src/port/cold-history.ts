import type { AdHocQuery, ResultSchema, ResultTable } from "./ad-hoc.ts";
import type { Asked } from "./asked.ts";
import type { ColdAnswer } from "./cold-answer.ts";
import type { ColdBeginning } from "./cold-beginning.ts";
import type { ColdCounts, ColdCountsQuery } from "./cold-counts.ts";
import type { ColdListQuery, ColdRunList } from "./cold-list.ts";
import type { ColdRun, ColdRunQuery } from "./cold-run.ts";
import type { ColdSeries, ColdSeriesQuery } from "./cold-series.ts";

/**
 * The port to history that the projection doesn't hold: what left its hot window, and what a person asks in words of their own. Answers take
 * seconds; the newest second or two of the log may be missing (`completeTo` says so) and come from the projection.
 *
 * Every question rejects with a `ColdError`. A person's questions are answered one after another, in the order they were asked, and only so many of
 * all people at once; whoever does not want an answer any more aborts its signal, so nobody waits behind a page that was left.
 */
export interface ColdHistory extends ColdBeginning {
  /** For people, e.g. `Pulsar SQL`. */
  readonly source: string;

  /** The events of one run. */
  run(query: ColdRunQuery, asked: Asked): Promise<ColdAnswer<ColdRun>>;

  /** Runs in a period, as the live list shows them. */
  listRuns(query: ColdListQuery, asked: Asked): Promise<ColdAnswer<ColdRunList>>;

  /** How many runs started in a period, by workflow and status. */
  counts(query: ColdCountsQuery, asked: Asked): Promise<ColdAnswer<ColdCounts>>;

  /** Throughput, durations, job figures and errors by time. */
  series(query: ColdSeriesQuery, asked: Asked): Promise<ColdAnswer<ColdSeries>>;

  /** A person's own query, read-only. */
  query(query: AdHocQuery, asked: Asked): Promise<ColdAnswer<ResultTable>>;

  /** What a person's own query can ask. */
  schema(asked: Asked): Promise<ColdAnswer<ResultSchema>>;

  /** Resolves when questions can be answered; else rejects with why not. Costs little and waits for nobody. */
  check(signal: AbortSignal): Promise<void>;

  /** Cancels what runs and what waits. */
  close(): Promise<void>;
}
