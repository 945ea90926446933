import type { Action } from "../action.ts";
import type { Failure } from "../failure.ts";
import { has } from "../ordered-map.ts";
import { accepted, acceptedAll, ignored, type Outcome, rejected } from "../outcome.ts";
import { payloadProblem } from "../payload.ts";
import { backOffMs, defaultRetryPolicy, type RetryPolicy } from "../retry-policy.ts";
import type { AttemptResult, DeadlineCommand, RunCommand } from "../run/commands.ts";
import type { RunEvent } from "../run/events.ts";
import { attemptId } from "../run/evolve.ts";
import { openJob } from "../run/open.ts";
import type { OpenRun, RunState } from "../run/state.ts";
import { moment, postponed } from "../run/timer-action.ts";
import { longestRetryAfterMs, wholeTime } from "../time-limits.ts";
import { deadlineOf } from "./deadline.ts";
import { isInFlight, type OpenJob } from "./state.ts";
import { isWorkerEnded, workerEnded } from "./worker-ended.ts";

type NamedResult = AttemptResult & { readonly commandId: string };

export function decideAttemptResult(state: RunState, command: NamedResult, at: number): Outcome {
  if (isRepeated(state, command)) return ignored;
  const outcome = resultOutcome(state, command, at);
  if (outcome.type !== "ignored" || !awaitsAnswer(command)) return outcome;
  return rejected("AttemptOver", `Attempt ${command.attempt} of ${command.jobId} is over.`);
}

/** A worker that was given an attempt which came back does not begin before it hears that it may. Older ones begin it once. */
export function awaitsAnswer(command: AttemptResult): boolean {
  if (command.type !== "HeartbeatAttempt") return false;
  if (command.again === true) return true;
  return (command.redelivered ?? 0) > (command.begins === true ? 0 : 1);
}

/** It was answered by the attempt's beginning. */
function isRepeated(state: RunState, { jobId, attempt, commandId }: NamedResult): boolean {
  const job = state.status === "running" ? openJob(state, jobId) : undefined;
  return job?.status === "running" && job.attempt === attempt && job.beginId === commandId;
}

function resultOutcome(state: RunState, command: NamedResult, at: number): Outcome {
  const { jobId, attempt } = command;
  if (has(state.unanswered, attemptId(jobId, attempt))) {
    if (command.type === "HeartbeatAttempt") return ignored;
    return rejected("AttemptOver", `Attempt ${attempt} of ${jobId} was over before its result came.`);
  }
  if (state.status !== "running") return ignored;
  const job = openJob(state, jobId);
  if (job === undefined) {
    return wasScheduled(state, jobId) ? ignored : rejected("UnknownJob", `The run has no job ${jobId}.`);
  }
  if (attempt > job.attempt)
    return rejected("UnknownAttempt", `Attempt ${attempt} of ${jobId} was never requested.`);
  if (attempt < job.attempt || !(isInFlight(job) || isBelieved(job, command))) return ignored;

  const { worker } = command;
  const startedAt = startOf(job, command, at);
  switch (command.type) {
    case "CompleteAttempt": {
      const problem = payloadProblem("The output", command.output);
      if (problem !== undefined)
        return accepted(...failAttempt(state, job, at, tooLarge(problem), { worker, startedAt }));
      return accepted({ type: "JobCompleted", jobId, output: command.output, attempt, worker, startedAt });
    }
    case "RejectAttempt":
      return accepted({ type: "JobRejected", jobId, attempt, failure: command.failure, worker, startedAt });
    case "FailAttempt":
      return accepted(
        ...failAttempt(state, job, at, command.failure, { worker, startedAt }, command.retryAfterMs),
      );
    case "HeartbeatAttempt":
      if (command.redelivered !== undefined || command.again === true)
        return cameBack(state, job, command, at);
      return heartbeat(job, command, at);
  }
}

/** Its worker was taken for ended and only lost its connection: what it has done counts as long as nobody was asked again. */
function isBelieved(job: OpenJob, { type }: AttemptResult): boolean {
  if (type !== "CompleteAttempt" && type !== "RejectAttempt") return false;
  return job.status === "backingOff" && isWorkerEnded(job.failure);
}

/**
 * Rule 26. When the handler began, by the log's time. No worker's clock is believed: it tells how long its handler had been at it, and it can't have
 * begun before it was asked to.
 */
function startOf(job: OpenJob, { worker, startedAt, ranForMs, type }: AttemptResult, at: number): number {
  if (job.status === "running" && job.worker === worker) return job.startedAt;
  const earliest = "requestedAt" in job ? job.requestedAt : 0;
  // Of an older worker's result it is all that is known, and for people only: the attempt is over.
  const began = ranForMs !== undefined ? at - ranForMs : type === "HeartbeatAttempt" ? at : startedAt;
  return Math.min(at, Math.max(earliest, Math.floor(began)));
}

type AttemptDeadline = Extract<DeadlineCommand, { type: "RequestAttempt" | "TimeOutAttempt" }>;

export function decideAttemptDeadline(state: RunState, command: AttemptDeadline, at: number): Outcome {
  if (state.status !== "running") return ignored;
  const job = openJob(state, command.jobId);
  if (job === undefined) return ignored;
  const deadline = deadlineOf(state.runId, job);
  if (deadline === undefined || deadline.dueAt > at) return ignored;
  switch (command.type) {
    case "RequestAttempt":
      if (deadline.command.type !== "RequestAttempt" || deadline.command.attempt !== command.attempt)
        return ignored;
      return accepted({ type: "AttemptRequested", jobId: job.jobId, attempt: command.attempt });
    case "TimeOutAttempt":
      if (deadline.command.type !== "TimeOutAttempt" || deadline.command.attempt !== command.attempt)
        return ignored;
      return accepted(...failAttempt(state, job, at, timedOut(job, deadline.command.timeout)));
  }
}

type JobAction = Extract<
  RunCommand,
  { type: "RetryJob" | "CancelJob" | "CompleteJob" | "RunJobNow" | "PostponeRetry" | "TimeOutJob" }
>;

export function decideJobAction(run: OpenRun, command: JobAction, at: number): Outcome {
  const { jobId, action } = command;
  const job = openJob(run, jobId);
  if (job === undefined) {
    return wasScheduled(run, jobId)
      ? rejected("JobOver", `Job ${jobId} is over already.`)
      : rejected("UnknownJob", `The run has no job ${jobId}.`);
  }
  switch (command.type) {
    case "RetryJob": {
      if (job.status !== "stuck" && job.status !== "scheduled")
        return rejected("JobNotStuck", `${job.jobType} is not stuck: it is ${words[job.status]}.`);
      // A next attempt and not the same one again: what a person does is an event, and only an event's effects are sure to be carried out.
      if (job.status === "scheduled" && run.closing !== undefined && job.compensationId === undefined)
        return rejected(
          "JobNotStuck",
          `The run is closing and makes no more attempts: ${job.jobType} is waiting for a worker, and can be cancelled.`,
        );
      const problem = command.input === undefined ? undefined : payloadProblem("The input", command.input);
      if (problem !== undefined) return rejected("PayloadTooLarge", problem);
      return accepted(
        { type: "JobRetried", jobId, action, ...(command.input !== undefined && { input: command.input }) },
        { type: "AttemptRequested", jobId, attempt: job.attempt + 1 },
      );
    }
    case "CancelJob": {
      const { onlyWhile } = command;
      if (onlyWhile === "backingOff" && (job.status !== "backingOff" || isAnother(job, command)))
        return notBackingOff(job, command);
      if (onlyWhile === "inFlight" && !isAttemptedAs(job, command)) return notInFlight(job, command);
      return accepted({ type: "JobCancelled", jobId, action });
    }
    case "CompleteJob": {
      const problem = payloadProblem("The output", command.output);
      if (problem !== undefined) return rejected("PayloadTooLarge", problem);
      return accepted({ type: "JobCompleted", jobId, output: command.output, action });
    }
    case "RunJobNow":
      if (job.status !== "backingOff" || isAnother(job, command)) return notBackingOff(job, command);
      return accepted(
        { type: "BackOffSkipped", jobId, action },
        { type: "AttemptRequested", jobId, attempt: job.attempt + 1 },
      );
    case "PostponeRetry": {
      if (job.status !== "backingOff" || isAnother(job, command)) return notBackingOff(job, command);
      const retryAt = postponed(job.retryAt, command, at);
      if (typeof retryAt === "string") return rejected("TimeNotAhead", retryAt);
      return accepted({ type: "RetryPostponed", jobId, retryAt, action });
    }
    case "TimeOutJob": {
      if (!isAttemptedAs(job, command)) return notInFlight(job, command);
      const [failed, ...next] = failAttempt(run, job, at, endedBy(action));
      return acceptedAll(failed?.type === "AttemptFailed" ? [{ ...failed, action }, ...next] : []);
    }
  }
}

/** What was seen is over, and something else has come in its place. */
function isAnother(job: OpenJob, { attempt }: { readonly attempt?: number }): boolean {
  return attempt !== undefined && attempt !== job.attempt;
}

function anotherAttempt(job: OpenJob, { attempt }: { readonly attempt?: number }): string {
  const now = `${job.jobType} is ${words[job.status]}, its newest attempt is ${job.attempt}`;
  return attempt !== undefined && attempt > job.attempt
    ? `There was no attempt ${attempt}: ${now}.`
    : `Attempt ${attempt} is over: ${now}.`;
}

/** The attempt that was seen, or any, is under way. */
function isAttemptedAs(job: OpenJob, seen: { readonly attempt?: number }): boolean {
  return isInFlight(job) && job.attempt > 0 && !isAnother(job, seen);
}

// Not `AttemptOver`: that answers a worker, and says of its attempt that it is known to be over.
function notInFlight(job: OpenJob, seen: { readonly attempt?: number }): Outcome {
  const isUnderWay = isInFlight(job) && job.attempt > 0;
  return rejected(
    "JobNotInFlight",
    isUnderWay
      ? anotherAttempt(job, seen)
      : `No attempt of ${job.jobType} is under way: it is ${words[job.status]}.`,
  );
}

/** The attempt that it waited for may just have begun. */
function notBackingOff(job: OpenJob, seen: { readonly attempt?: number }): Outcome {
  if (job.status === "backingOff") return rejected("JobNotBackingOff", anotherAttempt(job, seen));
  const requested =
    "requestedAt" in job && job.attempt > 1
      ? ` Attempt ${job.attempt} was requested at ${moment(job.requestedAt)}.`
      : "";
  return rejected(
    "JobNotBackingOff",
    `${job.jobType} is not waiting for its next attempt: it is ${words[job.status]}.${requested}`,
  );
}

/** A time-out, only sooner: the worker is told, and what it still says counts no more. */
function endedBy({ actor }: Action): Failure {
  return { kind: "timeout", name: "TimedOut", message: `${actor} ended the attempt before its time-out.` };
}

const words = {
  scheduled: "waiting for a worker",
  running: "running",
  backingOff: "backing off",
  stuck: "stuck",
} as const;

/** What a technical failure of the current attempt leads to: another attempt, a stuck job, or the job's end. */
function failAttempt(
  run: OpenRun,
  job: OpenJob,
  at: number,
  failure: Failure,
  by: { worker: string; startedAt: number } | undefined = undefined,
  retryAfterMs = 0,
): RunEvent[] {
  const { jobId, attempt } = job;
  const policy: RetryPolicy = { ...defaultRetryPolicy, ...job.options?.retry };
  const failed = { type: "AttemptFailed", jobId, attempt, failure, ...by } as const;
  // A closing run waits for attempts under way, but makes no new ones; its compensations are tried as any job.
  if (run.closing !== undefined && job.compensationId === undefined)
    return [failed, { type: "JobCancelled", jobId }];
  // Rule 12: counted from events, since a broker may deliver one attempt any number of times.
  const usedUp = attempt - job.attemptBase >= policy.maxAttempts;
  if (!usedUp && failure.kind !== "invalid" && !policy.nonRetryable.includes(failure.name)) {
    const backOff = backOffMs(policy, attempt - job.attemptBase, `${run.runId}/${jobId}`);
    const wait = Math.max(backOff, Math.min(retryAfterMs, longestRetryAfterMs));
    return [{ ...failed, retryAt: wholeTime(at + wait) }];
  }
  return [failed, { type: job.options?.whenExhausted === "fail" ? "JobFailed" : "JobStuck", jobId, failure }];
}

function heartbeat(job: OpenJob, command: Heartbeat, at: number): Outcome {
  const { jobId, attempt, worker, details } = command;
  if (job.status === "scheduled")
    return accepted({ type: "AttemptStarted", jobId, attempt, worker, startedAt: startOf(job, command, at) });
  // Handed over twice, another worker has begun it.
  if (job.status !== "running" || command.begins === true) return ignored;
  const heartbeatMs = job.options?.heartbeatMs;
  const agoMs =
    heartbeatMs === undefined ? 0 : Math.floor(Math.min(command.agoMs ?? 0, at - job.heartbeatAt));
  const least = heartbeatMs === undefined ? unwatchedMs : heartbeatMs * leastPart;
  if (at - agoMs - job.heartbeatAt < least) return ignored;
  return accepted({
    type: "AttemptHeartbeat",
    jobId,
    attempt,
    ...(details !== undefined && { details }),
    ...(agoMs > 0 && { agoMs }),
  });
}

/** Rule 28. Beats that follow each other more closely are not recorded: a limit is kept to the hundredth, whoever sends how many. */
const leastPart = 0.01;
const unwatchedMs = 30_000;

type Heartbeat = Extract<AttemptResult, { type: "HeartbeatAttempt" }>;

/** Rule 27. Its worker ended since it began it, whatever it died of: that was an attempt. Of what only waited in that worker's hands nothing is known, and it is begun. */
function cameBack(
  run: OpenRun,
  job: OpenJob,
  command: Heartbeat & { readonly commandId: string },
  at: number,
): Outcome {
  const { jobId, attempt, worker, redelivered, again, commandId } = command;
  if (job.status === "running") {
    const isNewer = again === true || (redelivered ?? 0) > (job.redelivered ?? 0);
    // An older worker begins it without waiting for an answer the first time, so it is no failure yet.
    const waits = command.begins === true || job.redelivered !== undefined;
    if (isNewer && waits) {
      const by = { worker: job.worker, startedAt: job.startedAt };
      return accepted(...failAttempt(run, job, at, workerEnded(job.worker), by));
    }
    if (!isNewer && command.begins === true)
      return rejected("AttemptOver", `Attempt ${attempt} of ${jobId} is in the hands of ${job.worker}.`);
  }
  const startedAt = startOf(
    { ...job, status: "scheduled", requestedAt: requestedAtOf(job, at) },
    command,
    at,
  );
  return accepted({
    type: "AttemptStarted",
    jobId,
    attempt,
    worker,
    startedAt,
    ...(redelivered !== undefined && { redelivered }),
    ...(again === true && { beginId: commandId }),
  });
}

function requestedAtOf(job: OpenJob, at: number): number {
  return "requestedAt" in job ? job.requestedAt : at;
}

function wasScheduled(run: OpenRun, jobId: string): boolean {
  const number = /^j([1-9]\d*)$/.exec(jobId)?.[1];
  return number !== undefined && Number(number) <= run.jobCount;
}

function tooLarge(message: string): Failure {
  return { kind: "invalid", name: "PayloadTooLarge", message };
}

function timedOut(job: OpenJob, timeout: "scheduleToStart" | "startToClose" | "heartbeat"): Failure {
  const message = {
    scheduleToStart: `No worker started ${job.jobType} within ${job.options?.scheduleToStartMs} ms.`,
    startToClose: `${job.jobType} did not finish within ${job.options?.startToCloseMs ?? "the default 300000"} ms.`,
    heartbeat: `${job.jobType} sent no heartbeat for ${job.options?.heartbeatMs} ms.`,
  }[timeout];
  return { kind: "timeout", name: "TimedOut", message, timeout };
}
