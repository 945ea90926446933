import type { Action, RunEvent } from "@downbeat/domain";
import type { ActionOutcome, ActionVerb, ActionView } from "../views.ts";
import type { Place, RunFold } from "./run-fold.ts";

/**
 * What people did, and what came of it. A retry is not done when it is accepted: it stays `inProgress` until its job has ended again, so that
 * nobody is told "success" when nothing was fixed.
 */
export function foldAction(run: RunFold, event: RunEvent, place: Place): void {
  const { at, inputId } = place;
  switch (event.type) {
    case "RunStarted":
      if (event.startedBy !== undefined) add(run, "startRun", byHand(inputId, event.startedBy), at, accepted);
      return;
    case "SignalReceived":
      if (event.actor !== undefined) add(run, "sendSignal", byHand(inputId, event.actor), at, accepted);
      return;
    case "RunCancelRequested":
      return add(run, "cancelRun", event.action, at, accepted);
    case "RunTerminated":
      add(run, "terminateRun", event.action, at, accepted);
      return settleAll(run, accepted);
    case "RunRepaired":
      return add(run, "repairRun", event.action, at, accepted);
    case "RunResumed":
      return add(run, "resumeRun", event.action, at, inProgress);
    case "JobRetried":
      return add(run, "retryJob", event.action, at, inProgress, event);
    case "BackOffSkipped":
      return add(run, "runJobNow", event.action, at, inProgress, event);
    case "RetryPostponed":
      return add(run, "postponeRetry", event.action, at, accepted, event);
    case "TimerPostponed":
      return add(run, "postponeTimer", event.action, at, accepted, event);
    case "TimerFired":
      if (event.action !== undefined) add(run, "fireTimer", event.action, at, accepted, event);
      return;
    case "TimerCancelled":
      if (event.action !== undefined) add(run, "liftTimeout", event.action, at, accepted, event);
      return;
    case "JobCompleted":
      if (event.action !== undefined) {
        settleJob(run, event.jobId, accepted);
        return add(run, "completeJob", event.action, at, accepted, event);
      }
      return settleJob(run, event.jobId, { type: "recovered", at });
    case "JobCancelled":
      settleJob(run, event.jobId, accepted);
      if (event.action !== undefined) add(run, "cancelJob", event.action, at, accepted, event);
      return;
    case "AttemptFailed":
      if (event.action !== undefined) add(run, "timeOutJob", event.action, at, accepted, event);
      return settleJob(run, event.jobId, { type: "failedAgain", at, failure: event.failure }, "runJobNow");
    case "JobStuck":
    case "JobFailed":
    case "JobRejected":
      return settleJob(run, event.jobId, { type: "failedAgain", at, failure: event.failure });
    case "RunStuck":
      return settleResume(run, { type: "failedAgain", at, failure: event.failure });
    case "RunCompleted":
    case "RunFailed":
    case "RunCancelled":
      settleResumes(run, at);
      return settleAll(run, accepted);
    case "CommandRefused": {
      const refusal = refusedAction(event, place);
      // Sent again after it was accepted, and refused then: what happened first is what came of it.
      if (refusal !== undefined && !run.actions.has(refusal.actionId)) {
        run.actions.set(refusal.actionId, { ...refusal, runId: run.runId });
      }
      return;
    }
    default:
  }
}

/** A person's command that was refused, as an action; `undefined` for what engine and workers asked. */
export function refusedAction(
  event: Extract<RunEvent, { type: "CommandRefused" }>,
  { at, inputId }: Place,
): Omit<ActionView, "runId"> | undefined {
  const verb = verbs[event.command];
  if (verb === undefined) return undefined;
  const { code, message } = event;
  const action = event.action ?? { actionId: inputId, actor: event.actor ?? "", reason: "" };
  // Starting the same again is harmless: whoever asks gets the run that there is.
  const outcome: ActionOutcome =
    verb === "startRun" && code === "RunExists" ? { type: "existed" } : { type: "refused", code, message };
  return { ...action, verb, at, ...whatOf(event), outcome };
}

/** At the end of each step: code that was resumed and has not got stuck again in that step is well. */
export function settleResumes(run: RunFold, at: number): void {
  if (run.stuck === undefined) settleResume(run, { type: "recovered", at });
}

const accepted: ActionOutcome = { type: "accepted" };
const inProgress: ActionOutcome = { type: "inProgress" };

const verbs: Readonly<Record<string, ActionVerb>> = {
  StartRun: "startRun",
  CancelRun: "cancelRun",
  TerminateRun: "terminateRun",
  ResumeRun: "resumeRun",
  RepairRun: "repairRun",
  SendSignal: "sendSignal",
  RetryJob: "retryJob",
  CancelJob: "cancelJob",
  CompleteJob: "completeJob",
  RunJobNow: "runJobNow",
  PostponeRetry: "postponeRetry",
  TimeOutJob: "timeOutJob",
  FireTimerNow: "fireTimer",
  PostponeTimer: "postponeTimer",
  LiftTimeout: "liftTimeout",
};

function byHand(actionId: string, actor: string): Action {
  return { actionId, actor, reason: "" };
}

/** What of the run was acted on; nothing for the run itself. */
interface Acted {
  readonly jobId?: string;
  readonly timerId?: string;
}

function whatOf({ jobId, timerId }: Acted): Acted {
  return { ...(jobId !== undefined && { jobId }), ...(timerId !== undefined && { timerId }) };
}

function add(
  run: RunFold,
  verb: ActionVerb,
  action: Action,
  at: number,
  outcome: ActionOutcome,
  what: Acted = {},
): void {
  const { actionId, actor, reason } = action;
  run.actions.set(actionId, {
    actionId,
    verb,
    actor,
    reason,
    at,
    runId: run.runId,
    ...whatOf(what),
    outcome,
  });
}

function settleJob(run: RunFold, jobId: string, outcome: ActionOutcome, verb?: ActionVerb): void {
  settleWhere(
    run,
    (action) => action.jobId === jobId && (verb === undefined || action.verb === verb),
    outcome,
  );
}

function settleResume(run: RunFold, outcome: ActionOutcome): void {
  settleWhere(run, (action) => action.verb === "resumeRun", outcome);
}

function settleAll(run: RunFold, outcome: ActionOutcome): void {
  settleWhere(run, () => true, outcome);
}

function settleWhere(run: RunFold, which: (action: ActionView) => boolean, outcome: ActionOutcome): void {
  if (run.actions.size === 0) return;
  for (const [actionId, action] of run.actions) {
    if (action.outcome.type === "inProgress" && which(action))
      run.actions.set(actionId, { ...action, outcome });
  }
}
