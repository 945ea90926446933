export type { Analytics, AnalyticsAbout, AnalyticsId, ExampleQuery } from "./analytics/analytics.ts";
export { ColdAnalytics } from "./analytics/cold-analytics.ts";
export { SqliteAnalytics, type SqliteAnalyticsOptions } from "./analytics/sqlite/sqlite-analytics.ts";
export { CacheInUse, isCorrupt, removeCache } from "./cache.ts";
export type {
  AdHocQuery,
  ColdColumn,
  ColdTable,
  ResultColumn,
  ResultSchema,
  ResultTable,
  ResultValue,
} from "./cold/ad-hoc.ts";
export type { Asked, ColdProgress, ColdState } from "./cold/asked.ts";
export type { ColdAnswer } from "./cold/cold-answer.ts";
export type { ColdBeginning } from "./cold/cold-beginning.ts";
export type { ColdCounts, ColdCountsQuery } from "./cold/cold-counts.ts";
export { ColdError, type ColdErrorCode } from "./cold/cold-error.ts";
export { type ColdHeads, type ColdHeadsQuery, mostHeads, type RunHead } from "./cold/cold-heads.ts";
export type { ColdHistory } from "./cold/cold-history.ts";
export type { ColdIgnored, ColdIgnoredQuery } from "./cold/cold-ignored.ts";
export type { ColdListQuery, ColdRunList } from "./cold/cold-list.ts";
export {
  type ColdOpenRuns,
  type ColdOpenRunsQuery,
  mostOpenRuns,
  type OpenRunPlace,
} from "./cold/cold-open-runs.ts";
export type { ColdRun, ColdRunQuery, RunPlace } from "./cold/cold-run.ts";
export type {
  ColdSeries,
  ColdSeriesQuery,
  ErrorFigures,
  JobFigures,
  RunFigures,
} from "./cold/cold-series.ts";
export type { IgnoredRecord, KnownLog } from "./cold/known-log.ts";
export { isOfLabel } from "./derive/amounts.ts";
export { openStatuses, shownStatuses } from "./derive/shown-status.ts";
export type { Told } from "./derive/told.ts";
export { whyNoWorker } from "./derive/why.ts";
export { EarlierHistory, type EarlierHistoryOptions } from "./earlier/earlier-history.ts";
export type { EarlierPart, EarlierStatus } from "./earlier/earlier-part.ts";
export type { ListedRuns } from "./earlier/earlier-runs.ts";
export type { EarlierSource } from "./earlier/earlier-source.ts";
export type { PartitionStatus, ProjectionFeed, ProjectionStatus } from "./follow/feed.ts";
export { Follower, type FollowerOptions } from "./follow/follower.ts";
export { refusingSentence } from "./follow/refusing-sentence.ts";
export { LogSource } from "./lookup/log-source.ts";
export { RunLookups } from "./lookup/run-lookups.ts";
export type { RunSource } from "./lookup/run-source.ts";
export type { AttentionQuery } from "./read/attention.ts";
export { BadCursor } from "./read/cursor.ts";
export type { ListQuery } from "./read/list-runs.ts";
export type { OpenJobsQuery } from "./read/open-jobs.ts";
export type { OverviewQuery } from "./read/overview.ts";
export { type OwedQuery, owedStandings } from "./read/owed.ts";
export type { OwedTotalsQuery } from "./read/owed-totals.ts";
export { ReadModel } from "./read/read-model.ts";
export { type TimersQuery, timerKinds } from "./read/timers.ts";
export type { AbsenceCause, WaitCause } from "./read/wait-cause.ts";
export type { Flushed } from "./write/flushed.ts";
