import type { Failure } from "../failure.ts";
import { has } from "../ordered-map.ts";
import { accepted, ignored, type Outcome, rejected } from "../outcome.ts";
import { payloadProblem } from "../payload.ts";
import { backOffMs, defaultRetryPolicy, type RetryPolicy } from "../retry-policy.ts";
import type { AttemptResult, DeadlineCommand, RunCommand } from "../run/commands.ts";
import type { RunEvent } from "../run/events.ts";
import { attemptId } from "../run/evolve.ts";
import { openJob } from "../run/open.ts";
import type { OpenRun, RunState } from "../run/state.ts";
import { wholeTime } from "../time-limits.ts";
import { deadlineOf } from "./deadline.ts";
import { isInFlight, type OpenJob } from "./state.ts";

export function decideAttemptResult(state: RunState, command: AttemptResult, at: number): Outcome {
  const outcome = resultOutcome(state, command, at);
  if (outcome.type !== "ignored" || !awaitsAnswer(command)) return outcome;
  return rejected("AttemptOver", `Attempt ${command.attempt} of ${command.jobId} is over.`);
}

/** A worker that was given an attempt for the third time does not begin before it hears that it may. */
export function awaitsAnswer(command: AttemptResult): boolean {
  return command.type === "HeartbeatAttempt" && (command.redelivered ?? 0) > 1;
}

function resultOutcome(state: RunState, command: AttemptResult, at: number): Outcome {
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
  if (attempt < job.attempt || !isInFlight(job)) return ignored;

  const { worker, startedAt } = command;
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
      return accepted(...failAttempt(state, job, at, command.failure, { worker, startedAt }));
    case "HeartbeatAttempt":
      return command.redelivered === undefined
        ? heartbeat(job, command, at)
        : cameBack(state, job, { ...command, redelivered: command.redelivered }, at);
  }
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

type JobAction = Extract<RunCommand, { type: "RetryJob" | "CancelJob" | "CompleteJob" | "RunJobNow" }>;

export function decideJobAction(run: OpenRun, command: JobAction): Outcome {
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
    case "CancelJob":
      return accepted({ type: "JobCancelled", jobId, action });
    case "CompleteJob": {
      const problem = payloadProblem("The output", command.output);
      if (problem !== undefined) return rejected("PayloadTooLarge", problem);
      return accepted({ type: "JobCompleted", jobId, output: command.output, action });
    }
    case "RunJobNow":
      if (job.status !== "backingOff") {
        return rejected(
          "JobNotBackingOff",
          `${job.jobType} is not waiting for its next attempt: it is ${words[job.status]}.`,
        );
      }
      return accepted(
        { type: "BackOffSkipped", jobId, action },
        { type: "AttemptRequested", jobId, attempt: job.attempt + 1 },
      );
  }
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
): RunEvent[] {
  const { jobId, attempt } = job;
  const policy: RetryPolicy = { ...defaultRetryPolicy, ...job.options?.retry };
  const failed = { type: "AttemptFailed", jobId, attempt, failure, ...by } as const;
  // A closing run waits for attempts under way, but makes no new ones; its compensations are tried as any job.
  if (run.closing !== undefined && job.compensationId === undefined)
    return [failed, { type: "JobCancelled", jobId }];
  const usedUp = attempt - job.attemptBase >= policy.maxAttempts;
  if (!usedUp && failure.kind !== "invalid" && !policy.nonRetryable.includes(failure.name)) {
    return [
      {
        ...failed,
        retryAt: wholeTime(at + backOffMs(policy, attempt - job.attemptBase, `${run.runId}/${jobId}`)),
      },
    ];
  }
  return [failed, { type: job.options?.whenExhausted === "fail" ? "JobFailed" : "JobStuck", jobId, failure }];
}

function heartbeat(job: OpenJob, command: Heartbeat, at: number): Outcome {
  const { jobId, attempt, worker, startedAt, details } = command;
  if (job.status === "scheduled") {
    return accepted({ type: "AttemptStarted", jobId, attempt, worker, startedAt: Math.min(startedAt, at) });
  }
  if (job.status !== "running") return ignored;
  const interval = job.options?.heartbeatMs ?? 60_000;
  if (at - job.heartbeatAt < interval / 2) return ignored;
  return accepted({ type: "AttemptHeartbeat", jobId, attempt, ...(details !== undefined && { details }) });
}

type Heartbeat = Extract<AttemptResult, { type: "HeartbeatAttempt" }>;

/** Two workers ended since the first one began it with a warning: whatever they died of, a third is not asked to. */
function cameBack(
  run: OpenRun,
  job: OpenJob,
  command: Heartbeat & { readonly redelivered: number },
  at: number,
): Outcome {
  const { jobId, attempt, worker, redelivered } = command;
  if (job.status === "running" && job.redelivered !== undefined && redelivered > job.redelivered) {
    const message = `Workers that had it ended again and again without an answer, ${job.worker} the last: it is not handed out once more.`;
    const failure: Failure = { kind: "technical", name: "WorkerEnded", message };
    return accepted(...failAttempt(run, job, at, failure, { worker: job.worker, startedAt: job.startedAt }));
  }
  const startedAt = Math.min(command.startedAt, at);
  return accepted({ type: "AttemptStarted", jobId, attempt, worker, startedAt, redelivered });
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
