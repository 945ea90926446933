import type { Carried } from "./carried.ts";
import type { Failure } from "./failure-value.ts";
import { knownByName } from "./thrown/known-by-name.ts";

/**
 * A refusal of the business: the card is declined, the hotel is full. Thrown by a job handler it ends the job without
 * a retry and is thrown again in the workflow code; thrown by workflow code it fails the run, and compensations follow.
 */
export class BusinessError<Details = unknown> extends Error {
  override readonly name: string;
  /** JSON-serialisable. */
  readonly details?: unknown;

  /** @param name says what was refused, e.g. `CardDeclined`; error groups in the dashboard go by it */
  constructor(name: string, message: string, details?: Details & Carried<Details>) {
    super(message);
    this.name = name;
    if (details !== undefined) this.details = details;
  }
}

/** Thrown by a job handler: trying again can't help, and it is no refusal of the business either. */
export class NonRetryableError extends Error {
  override readonly name: string;

  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** Thrown by a job handler: another attempt may help, but not before so long. Its policy may have it wait longer, and says how many there are. */
export class RetryLaterError extends Error {
  override readonly name: string;
  readonly retryAfterMs: number;

  /** @param retryAfterMs at most a day counts */
  constructor(name: string, message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown in workflow code: a job used up its attempts, and its options say `whenExhausted: "fail"`. */
export class JobFailedError extends Error {
  override readonly name = "JobFailedError";
  readonly jobType: string;
  readonly jobId: string;
  readonly failure: Failure;

  constructor(jobType: string, jobId: string, failure: Failure) {
    super(`${jobType} (${jobId}) failed: ${failure.message}`);
    this.jobType = jobType;
    this.jobId = jobId;
    this.failure = failure;
  }
}

/** Thrown in workflow code: a person cancelled the job. */
export class JobCancelledError extends Error {
  override readonly name = "JobCancelledError";
  readonly jobType: string;
  readonly jobId: string;

  constructor(jobType: string, jobId: string, reason: string | undefined) {
    super(`${jobType} (${jobId}) was cancelled${reason ? `: ${reason}` : "."}`);
    this.jobType = jobType;
    this.jobId = jobId;
  }
}

/** Thrown in workflow code whose run is being cancelled, has failed in another branch, or is over. */
export class RunCancelledError extends Error {
  override readonly name = "RunCancelledError";
}

knownByName("BusinessError", BusinessError);
knownByName("NonRetryableError", NonRetryableError);
knownByName("RetryLaterError", RetryLaterError);
knownByName("JobFailedError", JobFailedError);
knownByName("JobCancelledError", JobCancelledError);
knownByName("RunCancelledError", RunCancelledError);
