import {
  defaultRetryPolicy,
  defaultStartToCloseMs,
  type EventOf,
  type JobOptions,
  type RunEvent,
  wholeTime,
} from "@downbeat/domain";
import type { AttemptView, JobRow } from "../views.ts";
import type { Place, RunFold } from "./run-fold.ts";

/** A job's line in the timeline: one row from its scheduling to its end, with its attempts in it. */
export function foldJob(run: RunFold, event: RunEvent, place: Place): void {
  if (event.type === "JobScheduled") {
    run.jobOptions.set(event.jobId, event.options);
    run.rows.set(event.jobId, scheduled(run, event, place));
    return;
  }
  if (!("jobId" in event) || event.jobId === undefined) return;
  const row = run.rows.get(event.jobId);
  if (row?.kind !== "job") return;
  const options = run.jobOptions.get(event.jobId);
  const after = jobRowAfter(row, event, place, options);
  const next = after === undefined ? undefined : withDeadline(after, event, place, options);
  if (next !== undefined) run.rows.set(event.jobId, { ...next, lastSeq: place.seq });
}

function scheduled(run: RunFold, event: EventOf<"JobScheduled">, { seq, at }: Place): JobRow {
  const { jobId, jobType, input, options, compensationId } = event;
  const undoes = compensationId === undefined ? undefined : run.compensations.get(compensationId)?.undoes;
  return {
    kind: "job",
    rowId: jobId,
    jobId,
    jobType,
    status: "scheduled",
    attempts: [],
    input,
    maxAttempts: maxAttempts(options),
    from: at,
    firstSeq: seq,
    lastSeq: seq,
    ...(compensationId !== undefined && { compensationId }),
    ...(undoes !== undefined && { undoes }),
  };
}

/** `undefined` where the event changes nothing in the row. */
function jobRowAfter(
  row: JobRow,
  event: RunEvent & { readonly jobId?: string },
  { at }: Place,
  options: JobOptions | undefined,
): JobRow | undefined {
  switch (event.type) {
    case "AttemptRequested": {
      const attempts = [...row.attempts, { attempt: event.attempt, requestedAt: at }];
      return { ...settled(row), status: "scheduled", attempts };
    }
    case "AttemptStarted": {
      const { startedAt, worker } = event;
      return { ...row, status: "running", attempts: withAttempt(row, event.attempt, { startedAt, worker }) };
    }
    case "AttemptHeartbeat":
    case "BackOffSkipped":
      return row;
    case "RetryPostponed":
      return row.status === "backingOff" ? { ...row, retryAt: event.retryAt } : row;
    case "AttemptFailed": {
      const { failure, retryAt } = event;
      const outcome = failure.kind === "timeout" ? "timedOut" : "failed";
      const attempts = withAttempt(row, event.attempt, { endedAt: at, outcome, failure, ...by(event) });
      if (retryAt === undefined) return { ...settled(row), status: "stuck", failure, attempts };
      return { ...settled(row), status: "backingOff", retryAt, failure, attempts };
    }
    case "JobStuck":
      return { ...settled(row), status: "stuck", failure: event.failure };
    case "JobRetried": {
      const max = row.attempts.length + maxAttempts(options);
      const input = event.input ?? row.input;
      // One that waited for a worker is given up for the next one.
      const attempts = withoutOpenAttempt(row, at);
      return { ...settled(row), status: "scheduled", maxAttempts: max, input, attempts };
    }
    case "JobCompleted": {
      const { output, attempt, action } = event;
      const attempts =
        attempt === undefined
          ? withoutOpenAttempt(row, at)
          : withAttempt(row, attempt, { endedAt: at, outcome: "completed", ...by(event) });
      const endedBy = action === undefined ? {} : { endedBy: action.actor };
      return { ...settled(row), status: "completed", output, attempts, to: at, ...endedBy };
    }
    case "JobRejected": {
      const { failure, attempt } = event;
      const attempts = withAttempt(row, attempt, { endedAt: at, outcome: "rejected", failure, ...by(event) });
      return { ...settled(row), status: "rejected", failure, attempts, to: at };
    }
    case "JobFailed":
      return { ...settled(row), status: "failed", failure: event.failure, to: at };
    case "JobAbandoned":
      return { ...row, status: "abandoned", to: at };
    case "JobCancelled": {
      const attempts = withoutOpenAttempt(row, at);
      const endedBy = event.action === undefined ? {} : { endedBy: event.action.actor };
      const failure = row.failure === undefined ? {} : { failure: row.failure };
      return { ...settled(row), status: "cancelled", attempts, to: at, ...failure, ...endedBy };
    }
    default:
      return undefined;
  }
}

/** As the domain reckons it (`deadlineOf`), of what is known here. */
function withDeadline(row: JobRow, event: RunEvent, { at }: Place, options: JobOptions | undefined): JobRow {
  const { heartbeatMs, scheduleToStartMs, startToCloseMs = defaultStartToCloseMs } = options ?? {};
  const last = row.attempts.at(-1);
  if (last === undefined || (row.status !== "scheduled" && row.status !== "running")) return row;
  if (event.type === "AttemptRequested")
    return scheduleToStartMs === undefined
      ? row
      : { ...row, dueAt: wholeTime(last.requestedAt + scheduleToStartMs) };
  if (event.type !== "AttemptStarted" && (event.type !== "AttemptHeartbeat" || heartbeatMs === undefined))
    return row;
  const closesAt = Math.max(last.requestedAt, last.startedAt ?? 0) + startToCloseMs;
  const agoMs = event.type === "AttemptHeartbeat" ? (event.agoMs ?? 0) : 0;
  const silentAt = heartbeatMs === undefined ? Number.POSITIVE_INFINITY : at - agoMs + heartbeatMs;
  return { ...row, dueAt: wholeTime(Math.min(closesAt, silentAt)) };
}

function maxAttempts(options: JobOptions | undefined): number {
  return options?.retry?.maxAttempts ?? defaultRetryPolicy.maxAttempts;
}

/** Without what belongs to a job between two attempts. */
function settled(row: JobRow): JobRow {
  const { failure: _, retryAt: __, dueAt: ___, ...rest } = row;
  return rest;
}

function withAttempt(row: JobRow, attempt: number, change: Partial<AttemptView>): AttemptView[] {
  return row.attempts.map((view) => (view.attempt === attempt ? { ...view, ...change } : view));
}

function withoutOpenAttempt(row: JobRow, at: number): readonly AttemptView[] {
  return row.attempts.map((view) =>
    view.endedAt === undefined ? { ...view, endedAt: at, outcome: "cancelled" } : view,
  );
}

function by(event: { readonly worker?: string; readonly startedAt?: number }): Partial<AttemptView> {
  return {
    ...(event.worker !== undefined && { worker: event.worker }),
    ...(event.startedAt !== undefined && { startedAt: event.startedAt }),
  };
}

/** Since when the job has been in its status. */
export function statusSince(row: JobRow): number {
  const last = row.attempts.at(-1);
  if (row.to !== undefined) return row.to;
  switch (row.status) {
    case "scheduled":
      return last === undefined || last.endedAt !== undefined ? row.from : last.requestedAt;
    case "running":
      return last?.startedAt ?? row.from;
    default:
      return last?.endedAt ?? row.from;
  }
}
