import type { Failure, Payload, RunEvent, RunEventType } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";
import { decodePayload } from "../payload.ts";

/** An event of a run's history in plain values: JSON is read, times are ISO texts, and whatever a job did names the job. */
export interface ShownEvent {
  readonly type: RunEventType;
  readonly at: string;
  readonly [field: string]: unknown;
}

export interface ShownFailure {
  readonly kind: Failure["kind"];
  readonly name: string;
  readonly message: string;
  readonly details?: unknown;
}

export interface ShownAttempt {
  readonly job: string;
  readonly jobId: string;
  /** From 1. */
  readonly attempt: number;
  readonly status: "waiting" | "running" | "completed" | "rejected" | "failed" | "timedOut" | "cancelled";
  /** When it was asked for. */
  readonly at: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly failure?: ShownFailure;
}

export interface ShownCompensation {
  readonly job: string;
  readonly input: unknown;
  /** `owed`: registered, and not carried out (yet). */
  readonly status: "owed" | "running" | "done" | "failed" | "stuck";
  /** The job whose work it undoes. */
  readonly undoes?: string;
  readonly failure?: ShownFailure;
}

const payloads = new Set(["input", "output", "payload"]);
const times = new Set(["dueAt", "retryAt", "startedAt", "heldUntil"]);
/** The engine's own book-keeping. */
const inner = new Set(["beginId", "worker"]);

export function shownEvents(history: readonly RecordedEvent[]): ShownEvent[] {
  const jobs = jobTypes(history);
  return history.map(({ at, event }) => {
    const fields = Object.entries(event).flatMap(([name, value]): [string, unknown][] => {
      if (name === "type" || name === "jobType" || inner.has(name)) return [];
      if (payloads.has(name) && typeof value === "string") return [[name, decodePayload(value)]];
      if (times.has(name) && typeof value === "number") return [[name, iso(value)]];
      return [[name, value]];
    });
    const job = "jobType" in event ? event.jobType : jobs.get("jobId" in event ? (event.jobId ?? "") : "");
    return {
      type: event.type,
      at: iso(at),
      ...(job !== undefined && { job }),
      ...Object.fromEntries(fields),
      ...("failure" in event && event.failure !== undefined && { failure: shownFailure(event.failure) }),
      ...("details" in event && event.details !== undefined && { details: decodePayload(event.details) }),
    };
  });
}

export function shownAttempts(history: readonly RecordedEvent[], job?: string): ShownAttempt[] {
  const jobs = jobTypes(history);
  const inputs = new Map<string, Payload>();
  const attempts = new Map<string, ShownAttempt>();
  const change = (jobId: string, attempt: number, change: Partial<ShownAttempt>): void => {
    const known = attempts.get(`${jobId}/${attempt}`);
    if (known !== undefined) attempts.set(`${jobId}/${attempt}`, { ...known, ...change });
  };
  for (const { at, event } of history) {
    switch (event.type) {
      case "JobScheduled":
        inputs.set(event.jobId, event.input);
        break;
      case "JobRetried":
        if (event.input !== undefined) inputs.set(event.jobId, event.input);
        break;
      case "AttemptRequested": {
        const { jobId, attempt } = event;
        attempts.set(`${jobId}/${attempt}`, {
          job: jobs.get(jobId) ?? "",
          jobId,
          attempt,
          status: "waiting",
          at: iso(at),
          input: decodePayload(inputs.get(jobId) ?? "null"),
        });
        break;
      }
      case "AttemptStarted":
        change(event.jobId, event.attempt, { status: "running" });
        break;
      case "AttemptFailed":
        change(event.jobId, event.attempt, {
          status: event.failure.kind === "timeout" ? "timedOut" : "failed",
          failure: shownFailure(event.failure),
        });
        break;
      case "JobCompleted":
        if (event.attempt === undefined) break;
        change(event.jobId, event.attempt, { status: "completed", output: decodePayload(event.output) });
        break;
      case "JobRejected":
        change(event.jobId, event.attempt, { status: "rejected", failure: shownFailure(event.failure) });
        break;
      case "JobCancelled":
      case "JobAbandoned":
        for (const { jobId, attempt, status } of attempts.values()) {
          if (jobId === event.jobId && (status === "waiting" || status === "running"))
            change(jobId, attempt, { status: "cancelled" });
        }
    }
  }
  const all = [...attempts.values()];
  return job === undefined ? all : all.filter((attempt) => attempt.job === job);
}

/** In the order in which they were carried out; those that are owed come last. */
export function shownCompensations(history: readonly RecordedEvent[]): ShownCompensation[] {
  const jobs = jobTypes(history);
  const owed = new Map<string, ShownCompensation>();
  const carriedOut = new Map<string, ShownCompensation>();
  const change = (jobId: string, change: Partial<ShownCompensation>): void => {
    const known = carriedOut.get(jobId);
    if (known !== undefined) carriedOut.set(jobId, { ...known, ...change });
  };
  for (const { event } of history) {
    switch (event.type) {
      case "CompensationRegistered": {
        const undoes = event.undoes === undefined ? undefined : jobs.get(event.undoes);
        owed.set(event.compensationId, {
          job: event.jobType,
          input: decodePayload(event.input),
          status: "owed",
          ...(undoes !== undefined && { undoes }),
        });
        break;
      }
      case "JobScheduled": {
        const registered = owed.get(event.compensationId ?? "");
        if (registered === undefined) break;
        owed.delete(event.compensationId ?? "");
        carriedOut.set(event.jobId, { ...registered, status: "running" });
        break;
      }
      case "JobCompleted":
        change(event.jobId, { status: "done" });
        break;
      case "JobRejected":
      case "JobFailed":
        change(event.jobId, { status: "failed", failure: shownFailure(event.failure) });
        break;
      case "JobStuck":
        change(event.jobId, { status: "stuck", failure: shownFailure(event.failure) });
        break;
      case "JobRetried":
        change(event.jobId, { status: "running" });
        break;
      case "JobCancelled":
      case "JobAbandoned":
        change(event.jobId, { status: "failed" });
    }
  }
  return [...carriedOut.values(), ...owed.values()];
}

function jobTypes(history: readonly RecordedEvent[]): ReadonlyMap<string, string> {
  const scheduled = history.flatMap(({ event }) => (event.type === "JobScheduled" ? [event] : []));
  return new Map(
    scheduled.map(({ jobId, jobType }: RunEvent & { type: "JobScheduled" }) => [jobId, jobType]),
  );
}

function shownFailure({ kind, name, message, details }: Failure): ShownFailure {
  return { kind, name, message, ...(details !== undefined && { details: decodePayload(details) }) };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
