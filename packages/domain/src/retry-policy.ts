import { hashString } from "./hash.ts";

/** How a job is tried again after technical failures. Times in ms. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly initialIntervalMs: number;
  readonly coefficient: number;
  readonly maxIntervalMs: number;
  /** 0 to 1: the part of the interval that is taken off at random. */
  readonly jitter: number;
  /** Names of errors that end the job at once. */
  readonly nonRetryable: readonly string[];
}

/** What becomes of a job when its attempts are used up: it waits for a person, or it fails into the workflow code. */
export type WhenExhausted = "stuck" | "fail";

export interface JobOptions {
  readonly retry?: Partial<RetryPolicy>;
  readonly whenExhausted?: WhenExhausted;
  /** How long an attempt may wait for a worker. Default: forever. */
  readonly scheduleToStartMs?: number;
  /** How long an attempt may take from its reported start; workers report it within a second or so. Default: 5 minutes. */
  readonly startToCloseMs?: number;
  /** How long an attempt may be silent. Default: not watched. */
  readonly heartbeatMs?: number;
}

// Frozen: events leave out what equals these, so changing one would change what recorded histories mean.
export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 5,
  initialIntervalMs: 1_000,
  coefficient: 2,
  maxIntervalMs: 60_000,
  jitter: 0.2,
  nonRetryable: [],
};

export const defaultStartToCloseMs = 300_000;

/**
 * Wait before the next attempt, ms. Jitter comes from the ids instead of a random source, so that every replay
 * and every reader of history computes the same.
 *
 * @param attempt the attempt that failed, from 1
 */
export function backOffMs(policy: RetryPolicy, attempt: number, seed: string): number {
  // Nothing times so much is still nothing, whatever the power has come to.
  const grown =
    policy.initialIntervalMs === 0 ? 0 : policy.initialIntervalMs * policy.coefficient ** (attempt - 1);
  const full = Math.min(policy.maxIntervalMs, grown);
  const random = hashString(`${seed}/${attempt}`) / 0x1_0000_0000;
  return Math.round(full * (1 - policy.jitter * random));
}
