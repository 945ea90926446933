import type { Payload } from "./payload.ts";

/**
 * - `technical`: the handler threw, its worker died, its service answered with an error; may be tried again
 * - `business`: the service refused for a reason of the business; never tried again
 * - `timeout`: an attempt ran out of one of its times
 * - `invalid`: input or output that can't be taken (schema, size, JSON); never tried again
 * - `cancelled`: a person or the end of the run took the job away
 * - `code`: the workflow code threw something that is no business error
 * - `nonDeterminism`: the workflow code asked for something else than what history holds
 */
export type FailureKind =
  | "technical"
  | "business"
  | "timeout"
  | "invalid"
  | "cancelled"
  | "code"
  | "nonDeterminism";

export const failureKinds = [
  "technical",
  "business",
  "timeout",
  "invalid",
  "cancelled",
  "code",
  "nonDeterminism",
] as const satisfies readonly FailureKind[];

export type TimeoutKind = "scheduleToStart" | "startToClose" | "heartbeat";

export interface Failure {
  readonly kind: FailureKind;
  /** Name of the error, e.g. `CardDeclined`; retry policies and error groups go by it. */
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** What a business refusal came with; of another error its own fields, as far as they can be shown. */
  readonly details?: Payload;
  readonly timeout?: TimeoutKind;
  /** What the error says it came of, each followed by its own causes. */
  readonly causes?: readonly FailureCause[];
}

export interface FailureCause {
  /** 1: of the failure itself; 2: of a cause; and so on. */
  readonly depth: number;
  /** Empty for what is no error, such as a text. */
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly details?: Payload;
}
