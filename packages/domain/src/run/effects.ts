import { dueAtOf } from "../job/deadline.ts";
import { idempotencyKey, isInFlight, type OpenJob } from "../job/state.ts";
import type { Payload } from "../payload.ts";
import type { RunEvent } from "./events.ts";
import { openJob, openJobs } from "./open.ts";
import { question } from "./question.ts";
import type { OpenRun, RunState } from "./state.ts";

/** What must be done outside because of an accepted event. Its identity follows from the event alone, so doing it twice is recognisable. */
export type Effect =
  | DispatchAttempt
  | {
      readonly type: "ArmTimer";
      readonly runId: string;
      readonly timerId: string;
      readonly generation: number;
      readonly dueAt: number;
    }
  | CallOffAttempt
  | AskCode;

/** A question to whoever hosts the workflow; its events are those of the run. */
export interface AskCode {
  readonly type: "AskCode";
  readonly runId: string;
  readonly workflow: string;
  readonly upTo: number;
  readonly attempt: number;
  /** The answer after whose `upTo` the events begin that it tells; absent where it tells all. */
  readonly continues?: { readonly upTo: number; readonly id: string };
  /** ms since the epoch */
  readonly notBefore?: number;
  /** Asked of that build, while a worker of it is there. */
  readonly build?: string;
  /** And of no other. */
  readonly isPinned?: true;
  /** Another number: another worker. */
  readonly turn?: number;
}

/** Whoever has the attempt is told that nobody waits for it. */
export interface CallOffAttempt {
  readonly type: "CallOffAttempt";
  readonly runId: string;
  readonly jobId: string;
  readonly jobType: string;
  readonly attempt: number;
  readonly because: CallOffReason;
}

export type CallOffReason = "abandoned" | "cancelled" | "completed" | "timedOut";

export interface DispatchAttempt {
  readonly type: "DispatchAttempt";
  readonly runId: string;
  readonly workflow: string;
  readonly jobId: string;
  readonly jobType: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly input: Payload;
  readonly heartbeatMs?: number;
  readonly startToCloseMs?: number;
  /** By the log's time, ms since the epoch: from then on it isn't worth beginning. */
  readonly startBy?: number;
  /** An earlier attempt of the job ended its worker. */
  readonly careful?: true;
}

/**
 * @param state the state right after the event
 * @param before the state right before it
 */
export function effectsOf(state: RunState, event: RunEvent, before: RunState | undefined): readonly Effect[] {
  // Results that came after the damage were left out: workers are asked again, with the same keys.
  if (event.type === "RunRepaired")
    return state.status === "running" ? dispatchedAttempts(state) : leftBehind(before);
  if (event.type === "CodeAskedAgain") return question(state);
  // Rule 29: whoever has an attempt that was taken away is told.
  const effect = effectOf(state, event) ?? callOff(event, before);
  return effect === undefined ? none : [effect];
}

const none: readonly Effect[] = [];

function effectOf(state: RunState, event: RunEvent): Effect | undefined {
  if (event.type === "TimerSet" || event.type === "TimerPostponed") {
    const { timerId, generation, dueAt } = event;
    return { type: "ArmTimer", runId: state.runId, timerId, generation, dueAt };
  }
  if (event.type !== "AttemptRequested" || state.status !== "running") return undefined;
  const job = openJob(state, event.jobId);
  return job === undefined ? undefined : dispatch(state, job, event.attempt);
}

/** What takes a job away from its worker. An attempt that nobody has begun is told of too: it may be in a worker's hands. */
function callOff(event: RunEvent, before: RunState | undefined): CallOffAttempt | undefined {
  const because = reasonToCallOff(event);
  if (because === undefined || before?.status !== "running" || !("jobId" in event)) return undefined;
  const job = openJob(before, `${event.jobId}`);
  if (job === undefined || !isInFlight(job) || job.attempt === 0) return undefined;
  const { jobId, jobType, attempt } = job;
  return { type: "CallOffAttempt", runId: before.runId, jobId, jobType, attempt, because };
}

/** Of a damaged run that a person closed: what was under way at its last good event. */
function leftBehind(before: RunState | undefined): readonly Effect[] {
  if (before?.status !== "damaged" || before.good?.status !== "running") return none;
  return dispatchedAttempts(before.good).map(({ runId, jobId, jobType, attempt }) => ({
    type: "CallOffAttempt",
    runId,
    jobId,
    jobType,
    attempt,
    because: "abandoned",
  }));
}

function reasonToCallOff(event: RunEvent): CallOffReason | undefined {
  switch (event.type) {
    case "JobAbandoned":
      return "abandoned";
    case "JobCancelled":
      return "cancelled";
    case "JobCompleted":
      return event.action === undefined ? undefined : "completed";
    case "AttemptFailed":
      return event.failure.kind === "timeout" && event.worker === undefined ? "timedOut" : undefined;
    default:
      return undefined;
  }
}

/** Hands over again what workers have not answered yet: for a log that lost what was handed over, as in another region. */
export function dispatchedAttempts(state: OpenRun): DispatchAttempt[] {
  return openJobs(state)
    .filter((job) => isInFlight(job) && job.attempt > 0)
    .map((job) => dispatch(state, job, job.attempt));
}

/** What is handed over and no worker has begun with, as far as is known. */
export function waitingAttempts(state: OpenRun): DispatchAttempt[] {
  return openJobs(state)
    .filter((job) => job.status === "scheduled" && job.attempt > 0)
    .map((job) => dispatch(state, job, job.attempt));
}

/** The same attempt once more; `undefined` when it waits for no worker any longer. */
export function waitingAttempt(state: OpenRun, jobId: string, attempt: number): DispatchAttempt | undefined {
  const job = openJob(state, jobId);
  return job?.status === "scheduled" && job.attempt === attempt ? dispatch(state, job, attempt) : undefined;
}

function dispatch(state: OpenRun, job: OpenJob, attempt: number): DispatchAttempt {
  const { heartbeatMs, startToCloseMs } = job.options ?? {};
  const startBy = job.status === "scheduled" ? dueAtOf(job) : undefined;
  return {
    type: "DispatchAttempt",
    runId: state.runId,
    workflow: state.workflow,
    jobId: job.jobId,
    jobType: job.jobType,
    attempt,
    idempotencyKey: idempotencyKey(state.runId, job),
    input: job.input,
    ...(heartbeatMs !== undefined && { heartbeatMs }),
    ...(startToCloseMs !== undefined && { startToCloseMs }),
    ...(startBy !== undefined && { startBy }),
    ...(job.endedWorkers !== undefined && { careful: true }),
  };
}
