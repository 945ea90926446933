export { Backfill, type BackfillOptions } from "./backfill/backfill.ts";
export type { ListedRuns } from "./backfill/earlier-runs.ts";
export type { EarlierSource } from "./backfill/earlier-source.ts";
export { LogSource } from "./lookup/log-source.ts";
export { RunLookups } from "./lookup/run-lookups.ts";
export type { RunSource } from "./lookup/run-source.ts";
export type {
  AdHocQuery,
  ColdColumn,
  ColdTable,
  ResultColumn,
  ResultSchema,
  ResultTable,
  ResultValue,
} from "./port/ad-hoc.ts";
export type { Asked, ColdProgress, ColdState } from "./port/asked.ts";
export type { ColdAnswer } from "./port/cold-answer.ts";
export type { ColdBeginning } from "./port/cold-beginning.ts";
export type { ColdCounts, ColdCountsQuery } from "./port/cold-counts.ts";
export { ColdError, type ColdErrorCode } from "./port/cold-error.ts";
export { type ColdHeads, type ColdHeadsQuery, mostHeads, type RunHead } from "./port/cold-heads.ts";
export type { ColdHistory } from "./port/cold-history.ts";
export type { ColdIgnored, ColdIgnoredQuery } from "./port/cold-ignored.ts";
export type { ColdListQuery, ColdRunList } from "./port/cold-list.ts";
export {
  type ColdOpenRuns,
  type ColdOpenRunsQuery,
  mostOpenRuns,
  type OpenRunPlace,
} from "./port/cold-open-runs.ts";
export type { ColdRun, ColdRunQuery } from "./port/cold-run.ts";
export type { ColdSeries, ColdSeriesQuery } from "./port/cold-series.ts";
export { oneStatement, placeOf, tokensOf } from "./port/sql-text.ts";
