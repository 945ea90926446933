import type { RunEvent } from "@downbeat/domain";
import type { BeginningOfCache } from "../beginning-of-cache.ts";
import { summaryOfFold } from "../derive/summary.ts";
import { waitsOf } from "../derive/wait.ts";
import type { Step } from "../fold/run-fold.ts";
import type { KnownLog } from "../known-log.ts";
import { textOf } from "../rows.ts";
import type { RunPlace } from "../run-place.ts";
import type {
  ActionView,
  AnswerSource,
  AttentionList,
  BreakDown,
  CauseMark,
  CauseScope,
  CauseStanding,
  EventPage,
  EventView,
  JobOutcomeList,
  KnownNumbers,
  OpenJobList,
  Overview,
  OwedList,
  OwedTotals,
  QuarantineList,
  RunList,
  RunStateView,
  RunSummary,
  RunView,
  ShownStatus,
  TimerList,
  UsualDurations,
  WorkflowList,
} from "../views.ts";
import type { RemovedRow } from "../write/run-removal.ts";
import { findAction } from "./actions.ts";
import {
  type AttentionPlaces,
  type AttentionQuery,
  attentionPlaces,
  listAttention,
  markedWaitGroups,
} from "./attention.ts";
import { type BreakDownQuery, breakDown } from "./break-down.ts";
import { type CalledSo, runsCalledSo } from "./called-so.ts";
import { causeScope } from "./cause-scope.ts";
import { countRuns, listWorkflows } from "./counts.ts";
import { ReadDatabase } from "./database.ts";
import { beginningOf, unfilledDays } from "./earlier-reads.ts";
import { countEnded, type EndedCounts, type EndsAsked } from "./ended-counts.ts";
import { countForGoal, type GoalAsked, type GoalCounts } from "./goal-counts.ts";
import { type JobOutcomesQuery, listJobOutcomes } from "./job-outcomes.ts";
import { type KnownNumbersQuery, knownNumbers } from "./known-numbers.ts";
import { type OpenLabelled, openRunsLabelled } from "./labelled-runs.ts";
import { type ListQuery, listRuns } from "./list-runs.ts";
import { listOpenJobs, type OpenJobsQuery } from "./open-jobs.ts";
import { type OpenWork, openWork } from "./open-work.ts";
import { type OverviewQuery, overview } from "./overview.ts";
import { listOwed, type OwedQuery } from "./owed.ts";
import { type OwedTotalsQuery, owedTotals } from "./owed-totals.ts";
import { knownLog, placeOf } from "./place.ts";
import { countSetAsideFrom, listQuarantine, type QuarantineQuery } from "./quarantine.ts";
import { type ReadPartition, readPartitions } from "./read-partitions.ts";
import { removedRun } from "./removed-run.ts";
import { type EventRange, eventsOf, isWhole, RunHistories, type RunRecord, recordOf } from "./run-history.ts";
import { runStateAt } from "./run-state.ts";
import { runView } from "./run-view.ts";
import {
  countStoppedOnlyBy,
  lastSeenOf,
  type SetAsideRuns,
  setAsideCauses,
  setAsideRuns,
  standingOf,
} from "./set-aside.ts";
import { countStuckSince, type StuckCount, type StuckSince } from "./stuck-since.ts";
import { type LabelsBeginning, suggestLabels } from "./suggest-labels.ts";
import { summaryOfRun } from "./summaries.ts";
import { listTimers, type TimersQuery } from "./timers.ts";
import { usualDurations } from "./usual-durations.ts";
import { countWaitingRuns, type WaitCause } from "./wait-cause.ts";

/** Events of a run as somebody may see them. */
export type ShownEvents = (runId: string, events: readonly RunEvent[]) => readonly RunEvent[];

type Without<T> = Omit<T, "freshness">;

/** Answers from the cache, each of one moment. It sees what is committed and never waits for the projection. */
export class ReadModel {
  readonly #db: ReadDatabase;
  readonly #histories: RunHistories;
  readonly #now: () => number;

  constructor(path: string, now: () => number = Date.now) {
    this.#db = new ReadDatabase(path);
    this.#histories = new RunHistories(this.#db);
    this.#now = now;
  }

  /** The cache file was replaced. */
  reopen(): void {
    this.#histories.clear();
    this.#db.reopen();
  }

  close(): void {
    this.#db.close();
  }

  listRuns(query: ListQuery): Without<RunList> {
    return listRuns(this.#db, query, this.#now());
  }

  /** Keys of labels, or values of one, that begin so. */
  suggestLabels(asked: LabelsBeginning): string[] {
    return suggestLabels(this.#db, asked);
  }

  /** That have a label with this value, whatever its key. */
  runsCalledSo(asked: CalledSo): ReturnType<typeof runsCalledSo> {
    return runsCalledSo(this.#db, asked, this.#now());
  }

  /** In the tables, or backfilled from before they begin. */
  exists(runId: string): boolean {
    return this.isListed(runId) || this.#histories.get(runId) !== undefined;
  }

  /** What is known of a run that retention removed. */
  removed(runId: string): RemovedRow | undefined {
    return removedRun(this.#db, runId);
  }

  /** In the tables. */
  isListed(runId: string): boolean {
    return this.#db.get("SELECT 1 FROM runs WHERE run_id = ?", runId) !== undefined;
  }

  /** Since when the tables hold what the log took; `undefined`: from its beginning on. */
  beginning(): BeginningOfCache | undefined {
    return beginningOf(this.#db);
  }

  /** Days (UTC) of the period whose figures are not all in the tables. */
  unfilledDays(from: number, to: number): number[] {
    return unfilledDays(this.#db, from, to);
  }

  /** Gives it a run that is not in the tables. Says whether that is all of it. */
  backfillEarlier(runId: string, partition: number, steps: readonly Step[], origin: AnswerSource): boolean {
    return this.#histories.backfillEarlier(runId, partition, steps, origin);
  }

  /** Those of the runs that exist. */
  summaries(runIds: Iterable<string>): RunSummary[] {
    const now = this.#now();
    return this.#db.atOnce(() =>
      Array.from(runIds, (runId) => summaryOfRun(this.#db, runId, now)).filter((run) => run !== undefined),
    );
  }

  /** What the cache lacks of a run's events, and where they are in the log; `undefined` when it lacks none, or there is no such run. */
  missing(runId: string): RunPlace | undefined {
    const history = this.#histories.get(runId);
    return history === undefined || isWhole(history) ? undefined : placeOf(this.#db, history);
  }

  /** Gives it what it lacks. Says whether that is all. */
  backfillRun(runId: string, steps: readonly Step[], origin: AnswerSource): boolean {
    return this.#histories.backfillRun(runId, steps, origin);
  }

  /** Where the run's first events come from, when the cache did not hold them. */
  origin(runId: string): AnswerSource | undefined {
    return this.#histories.get(runId)?.origin;
  }

  knownLog(partitions: number): KnownLog {
    return knownLog(this.#db, partitions);
  }

  run(runId: string, sinceSeq?: number): Without<RunView> | undefined {
    return this.#db.atOnce(() => {
      const history = this.#histories.get(runId);
      if (history === undefined) return undefined;
      const now = this.#now();
      const summary = summaryOfRun(this.#db, runId, now) ?? summaryOfFold(history.fold, now);
      return runView(summary, history, sinceSeq);
    });
  }

  /** All that is here of what happened in a run, in its order; the list is the same one as long as it only grows. */
  record(runId: string): RunRecord | undefined {
    const history = this.#histories.get(runId);
    return history === undefined ? undefined : recordOf(history);
  }

  /** From now on, a run is found by what it said only if that is in what is given back for its events. */
  searchOnly(shown: ShownEvents): void {
    this.#db.searched = (run, events) => {
      const row = this.#db.get("SELECT run_id FROM runs WHERE id = ?", run);
      return row === undefined ? [] : shown(textOf(row, "run_id"), events);
    };
  }

  /** From now on, no run of such a workflow is found by the beginning of what a label of it says. */
  hideLabels(of: (workflow: string) => boolean): void {
    this.#db.hidesLabels = of;
  }

  hidesLabels(workflow: string): boolean {
    return this.#db.hidesLabels(workflow);
  }

  /** What the run waits for before all, if that is an attempt which no worker has taken since that time. */
  untakenJob(runId: string, since: number): { readonly jobType: string; readonly since: number } | undefined {
    const history = this.#histories.get(runId);
    const wait = history === undefined ? undefined : waitsOf(history.fold)?.first;
    return wait?.on === "job" && wait.status === "scheduled" && wait.since < since ? wait : undefined;
  }

  events(runId: string, range: EventRange): Without<EventPage> | undefined {
    const history = this.#histories.get(runId);
    return history === undefined ? undefined : eventsOf(history, range);
  }

  /** The run as it was after its event of this number; nothing where that one, or what came before it, is not there. */
  stateAt(runId: string, seq: number): Without<RunStateView> | undefined {
    const history = this.#histories.get(runId);
    return history === undefined ? undefined : runStateAt(history, seq);
  }

  eventsSince(runId: string, afterSeq: number, limit: number): EventView[] {
    return this.events(runId, { afterSeq, limit })?.events.slice() ?? [];
  }

  counts(workflow?: string): Record<ShownStatus, number> {
    return countRuns(this.#db, workflow);
  }

  workflows(): WorkflowList["workflows"] {
    return listWorkflows(this.#db);
  }

  attention(query: AttentionQuery): Without<AttentionList> {
    return listAttention(this.#db, this.#histories, query, this.#now());
  }

  attentionPlaces(query: AttentionQuery): AttentionPlaces {
    return attentionPlaces(this.#db, query, this.#now());
  }

  /** How many runs wait for what nobody does, and are not stuck besides. */
  waitingRuns(waits: readonly WaitCause[]): number {
    return this.#db.atOnce(() => countWaitingRuns(this.#db, waits, this.#now()));
  }

  /** What of people's words about causes holds now. */
  causeStandings(
    marks: readonly CauseMark[],
    waits: readonly WaitCause[],
  ): { readonly standing: CauseStanding; readonly lastSeen?: number }[] {
    return this.#db.atOnce(() =>
      marks.map((mark) => {
        const lastSeen = lastSeenOf(this.#db, mark.fingerprint, waits, this.#now());
        const standing = standingOf(mark, lastSeen, this.#now());
        return { standing, ...(lastSeen !== undefined && { lastSeen }) };
      }),
    );
  }

  /** What the runs that fall under a cause have in common. */
  causeScope(fingerprint: string, waits: readonly WaitCause[]): CauseScope {
    return causeScope(this.#db, fingerprint, waits, this.#now());
  }

  /** What waits for each of them; of the workflow alone, when one is given. */
  waitGroups(
    waits: readonly WaitCause[],
    marks: readonly CauseMark[],
    workflow?: string,
  ): AttentionList["groups"] {
    return this.#db.atOnce(() => markedWaitGroups(this.#db, waits, marks, this.#now(), workflow));
  }

  /** How many runs are stuck, and of how many of them nobody need be told now; of the workflow alone, when one is given. */
  stuckSetAside(
    waits: readonly WaitCause[],
    marks: readonly CauseMark[],
    workflow?: string,
  ): { readonly stuck: number; readonly setAside: number } {
    return this.#db.atOnce(() => {
      const aside = setAsideCauses(this.#db, waits, marks, this.#now());
      const { stuck } = countRuns(this.#db, workflow);
      return { stuck, setAside: countStoppedOnlyBy(this.#db, aside, workflow) };
    });
  }

  /** How many runs, stuck or waiting, nobody need be told of now. Costs what is set aside costs, not what everything does. */
  setAsideRuns(waits: readonly WaitCause[], marks: readonly CauseMark[]): SetAsideRuns {
    return this.#db.atOnce(() => setAsideRuns(this.#db, waits, marks, this.#now()));
  }

  /** How many runs have been stuck for long. */
  stuckSince(asked: StuckSince): StuckCount {
    return this.#db.atOnce(() => countStuckSince(this.#db, asked, this.#now()));
  }

  /** How runs ended in a period. */
  ended(asked: EndsAsked): EndedCounts {
    return countEnded(this.#db, asked);
  }

  /** Entries of the quarantine that came at this time or later. */
  quarantinedFrom(from: number): number {
    return countSetAsideFrom(this.#db, from);
  }

  /** Of a workflow that has few open runs at a time. */
  openRunsLabelled(asked: OpenLabelled): RunSummary[] {
    return this.#db.atOnce(() => openRunsLabelled(this.#db, asked, this.#now()));
  }

  /** What open runs wait for, now. */
  openWork(workflow?: string): OpenWork {
    return openWork(this.#db, workflow);
  }

  openJobs(query: OpenJobsQuery): Without<OpenJobList> {
    return listOpenJobs(this.#db, query);
  }

  jobOutcomes(query: JobOutcomesQuery): Without<JobOutcomeList> {
    return listJobOutcomes(this.#db, query);
  }

  /** What time alone will do, what is due next first. */
  timers(query: TimersQuery): Without<TimerList> {
    return listTimers(this.#db, query);
  }

  /** What should have been undone and is not. */
  owed(query: OwedQuery): Without<OwedList> {
    return listOwed(this.#db, query);
  }

  owedTotals(query: OwedTotalsQuery): Without<OwedTotals> {
    return owedTotals(this.#db, query);
  }

  overview(query: OverviewQuery): Without<Overview> {
    return overview(this.#db, query, this.#now());
  }

  /** Every run of a filter, by what they have in common and by time. Takes a while where they are many, and holds up nobody. */
  breakDown(query: BreakDownQuery, signal: AbortSignal): Promise<Without<BreakDown>> {
    return breakDown(this.#db, query, signal);
  }

  /** How the runs ended that a goal is about. Holds up nobody, as `breakDown`. */
  goalCounts(asked: GoalAsked, signal: AbortSignal): Promise<GoalCounts> {
    return countForGoal(this.#db, asked, signal);
  }

  knownNumbers(query: KnownNumbersQuery): KnownNumbers {
    return knownNumbers(this.#db, query);
  }

  /** How long runs of the workflow and their jobs take, as it was at that time. */
  usualDurations(workflow: string, until: number): Without<UsualDurations> {
    return usualDurations(this.#db, workflow, until);
  }

  action(runId: string, actionId: string): ActionView | undefined {
    return findAction(this.#db, this.#histories, runId, actionId);
  }

  /** How far each partition of history is read. */
  partitions(): ReadPartition[] {
    return readPartitions(this.#db);
  }

  quarantine(query: QuarantineQuery): Without<QuarantineList> {
    return listQuarantine(this.#db, query);
  }
}
