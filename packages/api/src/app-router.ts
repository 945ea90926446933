import { tracked } from "@trpc/server";
import { accountRouter } from "./account/account-router.ts";
import { approvalsRouter } from "./approvals/approvals-router.ts";
import { FollowChanges } from "./live/follow-input.ts";
import {
  boardsRouter,
  goalsRouter,
  savedInputsRouter,
  savedQueriesRouter,
  savedViewsRouter,
} from "./shared/shared-routers.ts";
import { tokensRouter } from "./tokens/tokens-router.ts";
import { allowed, allowedOnceNoted, router } from "./trpc.ts";
import { BreakDownInput, breakDown } from "./usecases/break-down.ts";
import { CancelJob, cancelJob } from "./usecases/cancel-job.ts";
import { cancelQuery } from "./usecases/cancel-query.ts";
import { CancelRun, cancelRun } from "./usecases/cancel-run.ts";
import { CancelTimer, cancelTimer } from "./usecases/cancel-timer.ts";
import { CompleteJob, completeJob } from "./usecases/complete-job.ts";
import { DeleteAlert, deleteAlert } from "./usecases/delete-alert.ts";
import { DropQuarantined, dropQuarantined } from "./usecases/drop-quarantined.ts";
import { ExportList, exportList } from "./usecases/export-list.ts";
import { FindCases, findCases } from "./usecases/find-cases.ts";
import { FireTimer, fireTimer } from "./usecases/fire-timer.ts";
import { followChanges } from "./usecases/follow-changes.ts";
import { GetBulk, getBulk } from "./usecases/get-bulk.ts";
import { GetCase, getCase } from "./usecases/get-case.ts";
import { GetCause, getCause } from "./usecases/get-cause.ts";
import { GetLookup, getLookup } from "./usecases/get-lookup.ts";
import { getMe } from "./usecases/get-me.ts";
import { GetOutcome, getOutcome } from "./usecases/get-outcome.ts";
import { GetOverview, getOverview } from "./usecases/get-overview.ts";
import { GetOwedTotals, getOwedTotals } from "./usecases/get-owed-totals.ts";
import { GetQuerySchema, getQuerySchema } from "./usecases/get-query-schema.ts";
import { GetRun, getRun } from "./usecases/get-run.ts";
import { GetRunState, getRunState } from "./usecases/get-run-state.ts";
import { getSystem } from "./usecases/get-system.ts";
import { GetUsualDurations, getUsualDurations } from "./usecases/get-usual-durations.ts";
import { KnownNumbersInput, knownNumbers } from "./usecases/known-numbers.ts";
import { ListAlertIncidents, listAlertIncidents } from "./usecases/list-alert-incidents.ts";
import { listAlerts } from "./usecases/list-alerts.ts";
import { FollowAttention, followAttention, ListAttention, listAttention } from "./usecases/list-attention.ts";
import { ListAudit, listAudit } from "./usecases/list-audit.ts";
import { ListBulkTargets, listBulkTargets } from "./usecases/list-bulk-targets.ts";
import { ListBulks, listBulks } from "./usecases/list-bulks.ts";
import { ListEvents, listEvents } from "./usecases/list-events.ts";
import { ListJobOutcomes, listJobOutcomes } from "./usecases/list-job-outcomes.ts";
import { listKnownWorkflows } from "./usecases/list-known-workflows.ts";
import { listMarkedCauses } from "./usecases/list-marked-causes.ts";
import { ListOpenJobs, listOpenJobs } from "./usecases/list-open-jobs.ts";
import { ListOwed, listOwed } from "./usecases/list-owed.ts";
import { ListQuarantine, listQuarantine } from "./usecases/list-quarantine.ts";
import { listQuerySources } from "./usecases/list-query-sources.ts";
import { ListRuns, listRuns } from "./usecases/list-runs.ts";
import { ListTimers, listTimers } from "./usecases/list-timers.ts";
import { listWorkers } from "./usecases/list-workers.ts";
import { listWorkflows } from "./usecases/list-workflows.ts";
import { MarkCause, markCause } from "./usecases/mark-cause.ts";
import { NoteErasure, noteErasure } from "./usecases/note-erasure.ts";
import { mayExport, NoteExport, noteExport } from "./usecases/note-export.ts";
import { PostponeTimer, postponeTimer } from "./usecases/postpone-timer.ts";
import { PreviewAlert, previewAlert } from "./usecases/preview-alert.ts";
import { PreviewBulk, previewBulk } from "./usecases/preview-bulk.ts";
import { RepairRun, repairRun } from "./usecases/repair-run.ts";
import {
  PreviewResend,
  previewResend,
  ResendQuarantined,
  resendQuarantined,
} from "./usecases/resend-quarantined.ts";
import { ResumeRun, resumeRun } from "./usecases/resume-run.ts";
import { RetryJob, retryJob } from "./usecases/retry-job.ts";
import { HideRun, hideRun, RevealRun, revealRun } from "./usecases/reveal-run.ts";
import { RunJobNow, runJobNow } from "./usecases/run-job-now.ts";
import { RunQuery, runQuery } from "./usecases/run-query.ts";
import { SaveAlert, saveAlert } from "./usecases/save-alert.ts";
import { SendSignal, sendSignal } from "./usecases/send-signal.ts";
import { SilenceAlert, silenceAlert } from "./usecases/silence-alert.ts";
import { StartBulk, startBulk } from "./usecases/start-bulk.ts";
import { StartRun, startRun } from "./usecases/start-run.ts";
import { ResumeBulk, SteerBulk, steerBulk } from "./usecases/steer-bulk.ts";
import { SuggestLabels, suggestLabels } from "./usecases/suggest-labels.ts";
import { TerminateRun, terminateRun } from "./usecases/terminate-run.ts";
import { TestAlertChannel, testAlertChannel } from "./usecases/test-alert-channel.ts";

/** The table of contents of the API: each procedure is an input and a verb. */
export const appRouter = router({
  runs: router({
    list: allowed("see")
      .input(ListRuns)
      .query(({ ctx, input }) => listRuns(ctx, input)),
    get: allowed("see")
      .input(GetRun)
      .query(({ ctx, input }) => getRun(ctx, input)),
    suggestLabels: allowed("see")
      .input(SuggestLabels)
      .query(({ ctx, input }) => suggestLabels(ctx, input)),
    lookup: allowed("see")
      .input(GetLookup)
      .query(({ ctx, input }) => getLookup(ctx, input)),
    events: allowed("see")
      .input(ListEvents)
      .query(({ ctx, input }) => listEvents(ctx, input)),
    stateAt: allowed("see")
      .input(GetRunState)
      .query(({ ctx, input }) => getRunState(ctx, input)),
    usual: allowed("see")
      .input(GetUsualDurations)
      .query(({ ctx, input }) => getUsualDurations(ctx, input)),
    start: allowed("startRuns")
      .input(StartRun)
      .mutation(({ ctx, input }) => startRun(ctx, input)),
    cancel: allowed("endRuns")
      .input(CancelRun)
      .mutation(({ ctx, input }) => cancelRun(ctx, input)),
    repair: allowed("repairRuns")
      .input(RepairRun)
      .mutation(({ ctx, input }) => repairRun(ctx, input)),
    terminate: allowed("endRuns")
      .input(TerminateRun)
      .mutation(({ ctx, input }) => terminateRun(ctx, input)),
    resume: allowed("repairRuns")
      .input(ResumeRun)
      .mutation(({ ctx, input }) => resumeRun(ctx, input)),
    signal: allowed("sendSignals")
      .input(SendSignal)
      .mutation(({ ctx, input }) => sendSignal(ctx, input)),
    reveal: allowedOnceNoted("revealMasked", RevealRun).mutation(({ ctx, input }) => revealRun(ctx, input)),
    hide: allowed("revealMasked")
      .input(HideRun)
      .mutation(({ ctx, input }) => hideRun(ctx, input)),
  }),
  jobs: router({
    list: allowed("see")
      .input(ListOpenJobs)
      .query(({ ctx, input }) => listOpenJobs(ctx, input)),
    outcomes: allowed("see")
      .input(ListJobOutcomes)
      .query(({ ctx, input }) => listJobOutcomes(ctx, input)),
    retry: allowed("steerJobs")
      .input(RetryJob)
      .mutation(({ ctx, input }) => retryJob(ctx, input)),
    cancel: allowed("steerJobs")
      .input(CancelJob)
      .mutation(({ ctx, input }) => cancelJob(ctx, input)),
    complete: allowed("steerJobs")
      .input(CompleteJob)
      .mutation(({ ctx, input }) => completeJob(ctx, input)),
    runNow: allowed("steerJobs")
      .input(RunJobNow)
      .mutation(({ ctx, input }) => runJobNow(ctx, input)),
  }),
  timers: router({
    list: allowed("see")
      .input(ListTimers)
      .query(({ ctx, input }) => listTimers(ctx, input)),
    fire: allowed("steerTimers")
      .input(FireTimer)
      .mutation(({ ctx, input }) => fireTimer(ctx, input)),
    postpone: allowed("steerTimers")
      .input(PostponeTimer)
      .mutation(({ ctx, input }) => postponeTimer(ctx, input)),
    cancel: allowed("steerTimers")
      .input(CancelTimer)
      .mutation(({ ctx, input }) => cancelTimer(ctx, input)),
  }),
  attention: router({
    list: allowed("see")
      .input(ListAttention)
      .query(({ ctx, input }) => listAttention(ctx, input)),
    follow: allowed("see")
      .input(FollowAttention)
      .query(({ ctx, input }) => followAttention(ctx, input)),
    cause: allowed("see")
      .input(GetCause)
      .query(({ ctx, input }) => getCause(ctx, input)),
    marked: allowed("see").query(({ ctx }) => listMarkedCauses(ctx)),
    mark: allowed("markCauses")
      .input(MarkCause)
      .mutation(({ ctx, input }) => markCause(ctx, input)),
  }),
  alerts: router({
    list: allowed("see").query(({ ctx }) => listAlerts(ctx)),
    incidents: allowed("see")
      .input(ListAlertIncidents)
      .query(({ ctx, input }) => listAlertIncidents(ctx, input)),
    preview: allowed("see")
      .input(PreviewAlert)
      .query(({ ctx, input }) => previewAlert(ctx, input)),
    save: allowed("setAlerts")
      .input(SaveAlert)
      .mutation(({ ctx, input }) => saveAlert(ctx, input)),
    silence: allowed("setAlerts")
      .input(SilenceAlert)
      .mutation(({ ctx, input }) => silenceAlert(ctx, input)),
    delete: allowed("setAlerts")
      .input(DeleteAlert)
      .mutation(({ ctx, input }) => deleteAlert(ctx, input)),
    test: allowed("setAlerts")
      .input(TestAlertChannel)
      .mutation(({ ctx, input }) => testAlertChannel(ctx, input)),
  }),
  // Which of them one may have done in bulk is for each verb to say, as it is for one alone.
  bulk: router({
    preview: allowed("sendSignals")
      .input(PreviewBulk)
      .query(({ ctx, input }) => previewBulk(ctx, input)),
    start: allowed("sendSignals")
      .input(StartBulk)
      .mutation(({ ctx, input }) => startBulk(ctx, input)),
    list: allowed("see")
      .input(ListBulks)
      .query(({ ctx, input }) => listBulks(ctx, input)),
    get: allowed("see")
      .input(GetBulk)
      .query(({ ctx, input }) => getBulk(ctx, input)),
    targets: allowed("see")
      .input(ListBulkTargets)
      .query(({ ctx, input }) => listBulkTargets(ctx, input)),
    pause: allowed("sendSignals")
      .input(SteerBulk)
      .mutation(({ ctx, input }) => steerBulk(ctx, "pause", input)),
    resume: allowed("sendSignals")
      .input(ResumeBulk)
      .mutation(({ ctx, input }) => steerBulk(ctx, input.anyway ? "resumeHeld" : "resume", input)),
    stop: allowed("sendSignals")
      .input(SteerBulk)
      .mutation(({ ctx, input }) => steerBulk(ctx, "stop", input)),
  }),
  cases: router({
    find: allowed("see")
      .input(FindCases)
      .query(({ ctx, input }) => findCases(ctx, input)),
    get: allowed("see")
      .input(GetCase)
      .query(({ ctx, input }) => getCase(ctx, input)),
  }),
  owed: router({
    totals: allowed("see")
      .input(GetOwedTotals)
      .query(({ ctx, input }) => getOwedTotals(ctx, input)),
    list: allowed("see")
      .input(ListOwed)
      .query(({ ctx, input }) => listOwed(ctx, input)),
  }),
  actions: router({
    outcome: allowed("see")
      .input(GetOutcome)
      .query(({ ctx, input }) => getOutcome(ctx, input)),
  }),
  overview: router({
    get: allowed("see")
      .input(GetOverview)
      .query(({ ctx, input }) => getOverview(ctx, input)),
  }),
  figures: router({
    breakDown: allowed("see")
      .input(BreakDownInput)
      .query(({ ctx, input, signal }) => breakDown({ ...ctx, signal }, input)),
    known: allowed("see")
      .input(KnownNumbersInput)
      .query(({ ctx, input }) => knownNumbers(ctx, input)),
  }),
  workflows: router({
    list: allowed("see").query(({ ctx }) => listWorkflows(ctx)),
  }),
  catalogue: router({
    workflows: allowed("see").query(({ ctx }) => listKnownWorkflows(ctx)),
  }),
  system: router({
    get: allowed("see").query(({ ctx }) => getSystem(ctx)),
  }),
  workers: router({
    list: allowed("see").query(({ ctx }) => listWorkers(ctx)),
  }),
  quarantine: router({
    list: allowed("see")
      .input(ListQuarantine)
      .query(({ ctx, input }) => listQuarantine(ctx, input)),
    previewResend: allowed("clearQuarantine")
      .input(PreviewResend)
      .query(({ ctx, input }) => previewResend(ctx, input)),
    resend: allowed("clearQuarantine")
      .input(ResendQuarantined)
      .mutation(({ ctx, input }) => resendQuarantined(ctx, input)),
    drop: allowed("clearQuarantine")
      .input(DropQuarantined)
      .mutation(({ ctx, input }) => dropQuarantined(ctx, input)),
  }),
  analytics: router({
    sources: allowed("askSql").query(({ ctx }) => listQuerySources(ctx)),
    schema: allowed("askSql")
      .input(GetQuerySchema)
      .query(({ ctx, input, signal }) => getQuerySchema({ ...ctx, signal }, input)),
    // A mutation that streams: a subscription would put the statement into an address, and run it again whenever the connection is lost.
    run: allowedOnceNoted("askSql", RunQuery).mutation(async function* ({ ctx, input, signal }) {
      for await (const update of runQuery({ ...ctx, signal }, input)) yield update;
    }),
    cancel: allowed("askSql").mutation(({ ctx }) => cancelQuery(ctx)),
  }),
  savedQueries: savedQueriesRouter,
  approvals: approvalsRouter,
  audit: router({
    list: allowed("readAudit")
      .input(ListAudit)
      .query(({ ctx, input }) => listAudit(ctx, input)),
  }),
  tokens: tokensRouter,
  account: accountRouter,
  payloadKeys: router({
    noteErasure: allowedOnceNoted("eraseKeys", NoteErasure).mutation(() => noteErasure()),
  }),
  exports: router({
    note: allowedOnceNoted("see", NoteExport, mayExport).mutation(() => noteExport()),
  }),
  live: router({
    changes: allowed("see")
      .input(FollowChanges)
      .subscription(async function* ({ ctx, input, signal }) {
        for await (const [id, change] of followChanges({ ...ctx, signal }, input)) yield tracked(id, change);
      }),
  }),
  savedViews: savedViewsRouter,
  savedInputs: savedInputsRouter,
  goals: goalsRouter,
  boards: boardsRouter,
  lists: router({
    // A mutation that streams: a query would put the filter into an address.
    export: allowedOnceNoted("see", ExportList, mayExport).mutation(({ ctx, input, signal }) =>
      exportList({ ...ctx, signal }, input),
    ),
  }),
  me: router({
    get: allowed("see").query(({ ctx }) => getMe(ctx)),
  }),
});

export type AppRouter = typeof appRouter;
