import { closesAt } from "../job/deadline.ts";
import type { OpenJob } from "../job/state.ts";
import { isInFlight } from "../job/state.ts";
import { isWorkerEnded } from "../job/worker-ended.ts";
import { get, put, putInto, remove, removeFrom, values } from "../ordered-map.ts";
import { wholeTime } from "../time-limits.ts";
import { withJob, withoutJob, withoutTimer, withTimer } from "./deadlines.ts";
import type { RunEvent } from "./events.ts";
import { inputHash } from "./input-hash.ts";
import { withNames } from "./labels.ts";
import { openJobs, openTimer } from "./open.ts";
import { askedAgain, told, withAnswer } from "./question.ts";
import { repair } from "./repair.ts";
import type { ClosedStatus, OpenRun, RunState } from "./state.ts";

/** Where an event stands: which run, its number there, its time, and the command that caused it. */
export interface EventContext {
  readonly runId: string;
  readonly seq: number;
  readonly at: number;
  readonly inputId: string;
  /** More came of the input, which is in a further record. */
  readonly unfinished?: boolean;
}

/**
 * The state after an event. Total: every recorded event can be applied to the state that history gives it.
 *
 * @throws RangeError for an event that can't follow the state; then the history is not one the engine wrote
 */
export function evolve(state: RunState | undefined, event: RunEvent, context: EventContext): RunState {
  const next = evolved(state, event, context);
  return context.unfinished === true && next.status === "running" ? unfinished(next) : next;
}

/** The run when more came of its last input. */
export function unfinished(run: OpenRun): OpenRun {
  return { ...run, unfinished: true };
}

/** The run when nothing is left of its unfinished input. */
export function finished(run: OpenRun): OpenRun {
  const { unfinished: _, ...rest } = run;
  return rest;
}

function evolved(state: RunState | undefined, event: RunEvent, context: EventContext): RunState {
  if (event.type === "RunStarted") {
    if (state !== undefined) throw impossible(event, state);
    return {
      status: "running",
      runId: context.runId,
      workflow: event.workflow,
      startId: context.inputId,
      inputHash: inputHash(event.input),
      seq: context.seq,
      startedAt: context.at,
      labelNames: withNames(null, event.labels ?? {}),
      lastAt: context.at,
      actions: null,
      unanswered: null,
      jobs: null,
      jobCount: 0,
      timers: null,
      waits: null,
      waitsByName: null,
      buffered: null,
      bufferedCount: 0,
      seenSignals: null,
      due: null,
      compensationCount: 0,
      lingering: null,
      ...(event.codeIn === "workers" && { delegated: { hasNews: true } }),
    };
  }
  if (state === undefined) throw impossible(event, state);
  const { seq, at } = context;
  if (event.type === "CommandRefused") return refuse(state, event, seq, at);
  if (event.type === "RunRepaired") {
    if (state.status !== "damaged") throw impossible(event, state);
    const repaired = repair(state, event, seq, at);
    return repaired.status === "running" ? told(repaired, event) : repaired;
  }
  if (state.status !== "running") throw impossible(event, state);
  const run = state.unfinished === true ? finished(state) : state;
  return evolveOpen(told({ ...run, seq, lastAt: at }, event), event, at);
}

type OpenEvent = Exclude<RunEvent, { type: "RunStarted" | "CommandRefused" | "RunRepaired" }>;

function evolveOpen(run: OpenRun, event: OpenEvent, at: number): RunState {
  switch (event.type) {
    case "LabelsSet":
      return { ...run, labelNames: withNames(run.labelNames, event.labels) };
    case "VersionRecorded":
      return run;
    case "CompensationRegistered":
      return { ...run, compensationCount: run.compensationCount + 1 };
    case "RunCompleted":
      return close(run, "completed", at);
    case "RunFailed":
      return close(run, "failed", at);
    case "RunCancelled":
      return close(run, "cancelled", at);
    case "RunTerminated":
      return close(taking(run, event.action.actionId), "terminated", at);
    case "RunFailing":
      return { ...run, closing: { outcome: "failed", failure: event.failure } };
    case "RunCancelRequested": {
      const { stuck: _, ...rest } = taking(run, event.action.actionId);
      return { ...rest, closing: { outcome: "cancelled", action: event.action } };
    }
    case "RunStuck":
      return { ...run, stuck: event.failure };
    case "CodeGivenUp":
      return { ...run, codeGivenUp: event.failure };
    case "CodeAnswered":
      return withAnswer(run, event);
    case "CodeAskedAgain":
      return askedAgain(run, event, at);
    case "RunResumed": {
      const { stuck: _, ...rest } = taking(run, event.action.actionId);
      return rest;
    }
    case "JobScheduled": {
      const { jobId, jobType, input, options, compensationId, heldUntil } = event;
      const job: OpenJob = {
        jobId,
        jobType,
        input,
        ...(options !== undefined && { options }),
        ...(compensationId !== undefined && { compensationId }),
        attempt: 0,
        attemptBase: 0,
        inputRevision: 0,
        status: "scheduled",
        requestedAt: at,
        ...(heldUntil !== undefined && { heldUntil }),
      };
      const carriedOut = compensationId === undefined ? 0 : Math.min(1, run.compensationCount);
      const compensationCount = run.compensationCount - carriedOut;
      return { ...withJob(run, job), jobCount: run.jobCount + 1, compensationCount };
    }
    case "AttemptRequested":
      return withJob(run, {
        ...basics(jobOf(run, event)),
        attempt: event.attempt,
        status: "scheduled",
        requestedAt: at,
      });
    case "AttemptStarted": {
      const job = jobOf(run, event);
      const requestedAt = job.status === "scheduled" ? job.requestedAt : at;
      const { startedAt, worker, redelivered, beginId } = event;
      return withJob(run, {
        ...basics(job),
        status: "running",
        requestedAt,
        startedAt,
        heartbeatAt: at,
        worker,
        ...(redelivered !== undefined && { redelivered }),
        ...(beginId !== undefined && { beginId }),
      });
    }
    case "AttemptHeartbeat": {
      const job = jobOf(run, event);
      if (job.status !== "running") return run;
      return withJob(run, { ...job, heartbeatAt: Math.max(job.heartbeatAt, at - (event.agoMs ?? 0)) });
    }
    case "AttemptFailed": {
      const job = jobOf(run, event);
      const { failure, retryAt } = event;
      // A time-out that its worker reported is that worker's answer: no other is to come.
      const isUnanswered = event.failure.kind === "timeout" && event.worker === undefined;
      const acted = event.action === undefined ? run : taking(run, event.action.actionId);
      const next = isUnanswered ? unanswered(acted, job) : acted;
      const left = {
        ...basics(job),
        ...(isWorkerEnded(failure) && { endedWorkers: (job.endedWorkers ?? 0) + 1 }),
      };
      if (retryAt === undefined) return withJob(next, { ...left, status: "stuck", failure });
      return withJob(next, { ...left, status: "backingOff", retryAt, failure });
    }
    case "JobStuck":
      return withJob(run, { ...basics(jobOf(run, event)), status: "stuck", failure: event.failure });
    case "JobCompleted": {
      const job = jobOf(run, event);
      const next = event.action === undefined ? run : unanswered(taking(run, event.action.actionId), job);
      return withoutJob(next, job);
    }
    case "JobRejected":
    case "JobFailed": {
      const job = get(run.jobs, event.jobId);
      return job === undefined ? run : withoutJob(run, job);
    }
    case "JobCancelled": {
      const job = jobOf(run, event);
      const next = event.action === undefined ? run : lingering(taking(run, event.action.actionId), job);
      return withoutJob(unanswered(next, job), job);
    }
    case "JobAbandoned": {
      const job = jobOf(run, event);
      return withoutJob(unanswered(run, job), job);
    }
    case "JobRetried": {
      const job = basics(jobOf(run, event));
      const edited =
        event.input === undefined ? {} : { input: event.input, inputRevision: job.inputRevision + 1 };
      return withJob(taking(run, event.action.actionId), {
        ...job,
        ...edited,
        attemptBase: job.attempt,
        status: "scheduled",
        requestedAt: at,
      });
    }
    case "BackOffSkipped":
      return taking(run, event.action.actionId);
    case "RetryPostponed": {
      const next = taking(run, event.action.actionId);
      const job = jobOf(next, event);
      return job.status === "backingOff" ? withJob(next, { ...job, retryAt: event.retryAt }) : next;
    }
    case "TimerSet": {
      const { timerId, generation, dueAt, waitId } = event;
      const timer = { generation, dueAt, seq: run.seq, ...(waitId !== undefined && { waitId }) };
      const next = withTimer(run, timerId, timer);
      const wait = waitId === undefined ? undefined : get(run.waits, waitId);
      return wait === undefined
        ? next
        : { ...next, waits: put(run.waits, wait.waitId, { ...wait, timerId }) };
    }
    case "TimerPostponed": {
      const { timerId, generation, dueAt, action } = event;
      const next = taking(run, action.actionId);
      const timer = openTimer(next, timerId);
      return timer === undefined
        ? next
        : withTimer(next, timerId, { ...timer, generation, dueAt, seq: run.seq });
    }
    case "TimerFired":
    case "TimerCancelled":
      // Rule 25: without the timer of its time-out the wait goes on.
      return withoutTimer(
        event.action === undefined ? run : taking(run, event.action.actionId),
        event.timerId,
      );
    case "SignalAwaited": {
      const { waitId, name } = event;
      return {
        ...run,
        waits: put(run.waits, waitId, { waitId, name }),
        waitsByName: putInto(run.waitsByName, name, waitId, true),
      };
    }
    case "SignalReceived": {
      const { signalId, name } = event;
      return {
        ...run,
        buffered: putInto(run.buffered, name, run.seq, signalId),
        bufferedCount: run.bufferedCount + 1,
        seenSignals: put(run.seenSignals, signalId, { seq: run.seq, name }),
      };
    }
    case "SignalDelivered":
      return withoutBuffered(withoutWait(run, event.waitId), event.signalId);
    case "SignalWaitEnded":
    case "SignalWaitAbandoned":
      return withoutWait(run, event.waitId);
  }
}

function withoutWait(run: OpenRun, waitId: string): OpenRun {
  const wait = get(run.waits, waitId);
  if (wait === undefined) return run;
  return {
    ...run,
    waits: remove(run.waits, waitId),
    waitsByName: removeFrom(run.waitsByName, wait.name, waitId),
  };
}

function withoutBuffered(run: OpenRun, signalId: string): OpenRun {
  const seen = get(run.seenSignals, signalId);
  const buffered = seen === undefined ? run.buffered : removeFrom(run.buffered, seen.name, seen.seq);
  return buffered === run.buffered ? run : { ...run, buffered, bufferedCount: run.bufferedCount - 1 };
}

/** Drops what belongs to one status only. */
function basics(
  job: OpenJob,
): Omit<OpenJob, "status" | "requestedAt" | "startedAt" | "heartbeatAt" | "worker" | "retryAt" | "failure"> {
  const {
    jobId,
    jobType,
    input,
    options,
    compensationId,
    attempt,
    attemptBase,
    inputRevision,
    endedWorkers,
  } = job;
  return {
    jobId,
    jobType,
    input,
    ...(options !== undefined && { options }),
    ...(compensationId !== undefined && { compensationId }),
    attempt,
    attemptBase,
    inputRevision,
    ...(endedWorkers !== undefined && { endedWorkers }),
  };
}

function jobOf(run: OpenRun, event: RunEvent & { jobId: string }): OpenJob {
  const job = get(run.jobs, event.jobId);
  if (job === undefined) throw impossible(event, run);
  return job;
}

function taking<T extends RunState>(run: T, actionId: string): T {
  return { ...run, actions: put(run.actions, actionId, true) };
}

function unanswered(run: OpenRun, job: OpenJob): OpenRun {
  if (!isInFlight(job) || job.attempt === 0) return run;
  return { ...run, unanswered: put(run.unanswered, attemptId(job.jobId, job.attempt), true) };
}

/** What the worker is at may still have its effect: what undoes it waits. */
function lingering(run: OpenRun, job: OpenJob): OpenRun {
  if (job.status !== "running") return run;
  return {
    ...run,
    lingering: put(run.lingering, attemptId(job.jobId, job.attempt), wholeTime(closesAt(job))),
  };
}

/** The attempt is over: what waited for the last one waits no more. */
function lingersNoMore(run: OpenRun, attempt: string, at: number): OpenRun {
  const left = remove(run.lingering, attempt);
  if (left === run.lingering) return run;
  let next: OpenRun = { ...run, lingering: left };
  for (const job of left === null ? openJobs(run) : []) {
    if (job.status === "scheduled" && job.heldUntil !== undefined)
      next = withJob(next, { ...job, heldUntil: at });
  }
  return next;
}

/** As it is named in `unanswered`. */
export function attemptId(jobId: string, attempt: number): string {
  return `${jobId}/${attempt}`;
}

function refuse(
  state: RunState,
  event: Extract<RunEvent, { type: "CommandRefused" }>,
  seq: number,
  at: number,
): RunState {
  const taken = event.action === undefined ? state : taking(state, event.action.actionId);
  const answered =
    event.code === "AttemptOver" ? attemptId(`${event.jobId}`, Number(event.attempt)) : undefined;
  const next =
    taken.status === "running" && answered !== undefined ? lingersNoMore(taken, answered, at) : taken;
  return {
    ...next,
    seq,
    lastAt: at,
    ...(answered !== undefined && { unanswered: remove(state.unanswered, answered) }),
  };
}

function close(run: OpenRun, status: ClosedStatus, at: number): RunState {
  const inFlight = values(run.jobs).reduce(unanswered, run);
  const { runId, workflow, startId, inputHash, seq, actions, lastAt } = run;
  return {
    status,
    runId,
    workflow,
    startId,
    ...(inputHash !== undefined && { inputHash }),
    seq,
    actions,
    lastAt,
    unanswered: inFlight.unanswered,
    closedAt: at,
  };
}

function impossible(event: RunEvent, state: RunState | undefined): RangeError {
  return new RangeError(
    `${event.type} can't follow ${state === undefined ? "nothing" : `a run that is ${state.status}`}.`,
  );
}
