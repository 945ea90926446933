import type { Action, Failure, JobOptions, RunEvent } from "../src/index.ts";
import { type Asked, t0 } from "./scenario.ts";

export const started: RunEvent = { type: "RunStarted", workflow: "order", input: "{}", rules: 3 };

export function action(actionId = "a1"): Action {
  return { actionId, actor: "mia", reason: "it was asked for" };
}

export const outage: Failure = { kind: "technical", name: "Unavailable", message: "try later" };
export const declined: Failure = { kind: "business", name: "CardDeclined", message: "no money" };

/** A job that waits for a worker with its first attempt. */
export function requested(options?: JobOptions, jobId = "j1", compensationId?: string): RunEvent[] {
  return [
    {
      type: "JobScheduled",
      jobId,
      jobType: "charge",
      input: "1",
      ...(options !== undefined && { options }),
      ...(compensationId !== undefined && { compensationId }),
    },
    { type: "AttemptRequested", jobId, attempt: 1 },
  ];
}

export function begun(jobId = "j1", attempt = 1): RunEvent {
  return { type: "AttemptStarted", jobId, attempt, worker: "w", startedAt: t0 };
}

export function stuck(jobId = "j1", attempt = 1): RunEvent[] {
  return [
    { type: "AttemptFailed", jobId, attempt, failure: outage },
    { type: "JobStuck", jobId, failure: outage },
  ];
}

export function backingOff(retryAt = t0 + 1_000, jobId = "j1"): RunEvent {
  return { type: "AttemptFailed", jobId, attempt: 1, failure: outage, retryAt };
}

export const by = { worker: "w", startedAt: t0 };

export function completes(jobId = "j1", attempt = 1, output = "2"): Asked {
  return { type: "CompleteAttempt", jobId, attempt, output, ...by };
}

export function fails(jobId = "j1", attempt = 1, failure: Failure = outage): Asked {
  return { type: "FailAttempt", jobId, attempt, failure, ...by };
}

export function beats(jobId = "j1", attempt = 1): Asked {
  return { type: "HeartbeatAttempt", jobId, attempt, ...by };
}

export const exactly: JobOptions = { retry: { jitter: 0 } };
