import { defaultStartToCloseMs } from "../retry-policy.ts";
import type { DeadlineCommand } from "../run/commands.ts";
import type { OpenJob } from "./state.ts";

export interface Deadline {
  /** ms since the epoch */
  readonly dueAt: number;
  readonly command: DeadlineCommand;
}

/** What becomes of the job if nothing else happens to it, and when. */
export function deadlineOf(runId: string, job: OpenJob): Deadline | undefined {
  const { jobId, attempt, options } = job;
  const commandId = `deadline/${runId}/${jobId}/${attempt}`;
  switch (job.status) {
    case "scheduled":
      if (options?.scheduleToStartMs === undefined || attempt === 0) return undefined;
      return {
        dueAt: job.requestedAt + options.scheduleToStartMs,
        command: { type: "TimeOutAttempt", commandId, runId, jobId, attempt, timeout: "scheduleToStart" },
      };
    case "running": {
      const close = job.startedAt + (options?.startToCloseMs ?? defaultStartToCloseMs);
      const silent =
        options?.heartbeatMs === undefined ? Number.POSITIVE_INFINITY : job.heartbeatAt + options.heartbeatMs;
      return {
        dueAt: Math.min(close, silent),
        command: {
          type: "TimeOutAttempt",
          commandId,
          runId,
          jobId,
          attempt,
          timeout: close <= silent ? "startToClose" : "heartbeat",
        },
      };
    }
    case "backingOff":
      return {
        dueAt: job.retryAt,
        command: { type: "RequestAttempt", commandId, runId, jobId, attempt: attempt + 1 },
      };
    case "stuck":
      return undefined;
  }
}
