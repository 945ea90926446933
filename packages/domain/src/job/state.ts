import type { Failure } from "../failure.ts";
import type { Payload } from "../payload.ts";
import type { JobOptions } from "../retry-policy.ts";

interface JobBasics {
  readonly jobId: string;
  readonly jobType: string;
  readonly input: Payload;
  readonly options?: JobOptions;
  readonly compensationId?: string;
  /** The current or last attempt, from 1; 0 before the first is requested. */
  readonly attempt: number;
  /** Attempts before the last retry by a person; the policy counts from here. */
  readonly attemptBase: number;
  /** How many workers ended with an attempt of it in hand. */
  readonly endedWorkers?: number;
  /** How often a person has edited the input: part of the idempotency key, since another input is another effect. */
  readonly inputRevision: number;
}

export type OpenJob = JobBasics &
  (
    | {
        readonly status: "scheduled";
        readonly requestedAt: number;
        /** It waits for attempts of cancelled jobs: when its own first one is due at the latest. */
        readonly heldUntil?: number;
      }
    | {
        readonly status: "running";
        readonly requestedAt: number;
        readonly startedAt: number;
        readonly heartbeatAt: number;
        readonly worker: string;
        /** A worker took it up that knew that it had come back. */
        readonly redelivered?: number;
        readonly beginId?: string;
      }
    | { readonly status: "backingOff"; readonly retryAt: number; readonly failure: Failure }
    | { readonly status: "stuck"; readonly failure: Failure }
  );

/** An attempt is with a worker, or on its way to one. */
export function isInFlight(job: OpenJob): boolean {
  return job.status === "scheduled" || job.status === "running";
}

/** Stable over all attempts of a job, so that a service can recognise a repeated request. */
export function idempotencyKey(runId: string, job: OpenJob): string {
  return job.inputRevision === 0 ? `${runId}/${job.jobId}` : `${runId}/${job.jobId}#${job.inputRevision}`;
}
