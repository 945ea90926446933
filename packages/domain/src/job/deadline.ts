import { defaultStartToCloseMs } from "../retry-policy.ts";
import type { DeadlineCommand } from "../run/commands.ts";
import { wholeTime } from "../time-limits.ts";
import type { OpenJob } from "./state.ts";

export interface Deadline {
  /** ms since the epoch */
  readonly dueAt: number;
  readonly command: DeadlineCommand;
}

/** When time alone will do something to the job, ms since the epoch. */
export function dueAtOf(job: OpenJob): number | undefined {
  const { options } = job;
  switch (job.status) {
    case "scheduled":
      if (job.heldUntil !== undefined) return job.heldUntil;
      if (options?.scheduleToStartMs === undefined || job.attempt === 0) return undefined;
      return wholeTime(job.requestedAt + options.scheduleToStartMs);
    case "running":
      return wholeTime(Math.min(closesAt(job), silentAt(job)));
    case "backingOff":
      return job.retryAt;
    case "stuck":
      return undefined;
  }
}

/** What becomes of the job if nothing else happens to it, and when. */
export function deadlineOf(runId: string, job: OpenJob): Deadline | undefined {
  const dueAt = dueAtOf(job);
  if (dueAt === undefined) return undefined;
  const { jobId, attempt } = job;
  const commandId = `deadline/${runId}/${jobId}/${attempt}`;
  const timeOut = { type: "TimeOutAttempt", commandId, runId, jobId, attempt } as const;
  switch (job.status) {
    case "scheduled":
      if (job.heldUntil !== undefined)
        return { dueAt, command: { type: "RequestAttempt", commandId, runId, jobId, attempt: attempt + 1 } };
      return { dueAt, command: { ...timeOut, timeout: "scheduleToStart" } };
    case "running": {
      const timeout = closesAt(job) <= silentAt(job) ? "startToClose" : "heartbeat";
      return { dueAt, command: { ...timeOut, timeout } };
    }
    case "backingOff":
      return { dueAt, command: { type: "RequestAttempt", commandId, runId, jobId, attempt: attempt + 1 } };
    case "stuck":
      return undefined;
  }
}

export type RunningJob = Extract<OpenJob, { status: "running" }>;

/** When a running attempt is over, whatever its worker does. */
export function closesAt(job: RunningJob): number {
  // Older engines took the start from the worker's clock, which may have been years behind.
  // Rule 26: counted by the log's time alone.
  return Math.max(job.requestedAt, job.startedAt) + (job.options?.startToCloseMs ?? defaultStartToCloseMs);
}

function silentAt(job: RunningJob): number {
  const heartbeatMs = job.options?.heartbeatMs;
  return heartbeatMs === undefined ? Number.POSITIVE_INFINITY : job.heartbeatAt + heartbeatMs;
}
