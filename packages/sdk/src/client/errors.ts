import {
  type ClosedStatus,
  type IdTaken,
  type RejectionCode,
  type RunCommand,
  readIdTaken,
} from "@downbeat/domain";
import type { Failure } from "../failure-value.ts";

/** A command was refused: by the client itself before it was sent, or by the engine, which recorded it. */
export class RunRefusedError extends Error {
  override readonly name = "RunRefusedError";
  readonly code: RejectionCode;
  readonly runId: string;
  /** Of a start whose id is another run's (`RunIdTaken`): that run, and what was asked for. An older engine names no digests of inputs. */
  readonly taken?: IdTaken;

  constructor(code: RejectionCode, message: string, runId: string) {
    super(message);
    this.code = code;
    this.runId = runId;
    const taken = code === "RunIdTaken" ? readIdTaken(message, runId) : undefined;
    if (taken !== undefined) this.taken = taken;
  }
}

/** The run is over and did not complete. */
export class RunNotCompletedError extends Error {
  override readonly name = "RunNotCompletedError";
  readonly runId: string;
  readonly status: Exclude<ClosedStatus, "completed">;
  readonly failure?: Failure;

  constructor(runId: string, status: Exclude<ClosedStatus, "completed">, failure: Failure | undefined) {
    super(
      `Run ${runId} ${status === "failed" ? "failed" : `was ${status}`}${failure ? `: ${failure.message}` : "."}`,
    );
    this.runId = runId;
    this.status = status;
    if (failure !== undefined) this.failure = failure;
  }
}

/** The run waits for a person: its code can't decide, or a job of it has used up its attempts. */
export class RunStuckError extends Error {
  override readonly name = "RunStuckError";
  readonly runId: string;
  readonly failure: Failure;
  /** The job that is stuck; absent where it is the code. */
  readonly jobType?: string;

  constructor(runId: string, failure: Failure, jobType?: string) {
    const what = jobType === undefined ? "" : `${jobType} has used up its attempts. `;
    super(`Run ${runId} is stuck: ${what}${failure.name}: ${failure.message}`);
    this.runId = runId;
    this.failure = failure;
    if (jobType !== undefined) this.jobType = jobType;
  }
}

/** Nobody has started a run of this id, as far as history says: no start of it waits in the engine's inbox, or none came within the time that the engine has to answer. */
export class NoSuchRunError extends Error {
  override readonly name = "NoSuchRunError";
  readonly runId: string;

  /** @param ms how long one was waited for; `undefined` where it is certain that there is none */
  constructor(runId: string, ms: number | undefined) {
    const started = ms === undefined ? "no start of it was on its way" : `none was started within ${ms} ms`;
    super(`There is no run ${runId}: history holds nothing of it, and ${started}.`);
    this.runId = runId;
  }
}

/** The command was taken out of the engine's inbox before the engine read it, as when somebody skips its backlog: nothing came of it. Send it again. */
export class CommandLostError extends Error {
  override readonly name = "CommandLostError";
  readonly runId: string;

  constructor(command: string, runId: string) {
    super(
      `${command} of run ${runId} was lost: the inbox was read past it, and history holds no answer. Nothing was done; send it again.`,
    );
    this.runId = runId;
  }
}

/**
 * What is known of a command without an answer.
 *
 * - `notSent`: the log was not reached, and it will not be sent any more
 * - `unconfirmed`: it was handed to the log, whose receipt did not come: it may be carried out
 * - `received`: it is durable in the inbox, and will be carried out
 */
export type Delivery = "notSent" | "unconfirmed" | "received";

/** No answer was seen in time. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
  /** Of a command that was not answered. */
  readonly delivery?: Delivery;

  constructor(message: string, delivery?: Delivery) {
    super(message);
    if (delivery !== undefined) this.delivery = delivery;
  }
}

export function closed(): NoAnswerError {
  return new NoAnswerError("The client was closed before the answer came.");
}

/** @param trouble why the log was not reached, if that is known */
export function notReached(runId: string, ms: number, trouble: Error | undefined): NoAnswerError {
  return new NoAnswerError(
    `How run ${runId} ends can't be told: the log was not reached within ${ms} ms${inBrackets(trouble)}.`,
  );
}

function inBrackets(trouble: Error | undefined): string {
  return trouble === undefined ? "" : ` (${trouble.message.replace(/\.$/, "")})`;
}

/** @param trouble why the log was not reached, if that is known */
export function unanswered(
  { type, runId }: RunCommand,
  ms: number,
  delivery: Delivery,
  trouble: Error | undefined,
): NoAnswerError {
  const what = `${type} of run ${runId}`;
  const because = inBrackets(trouble);
  const sentence = {
    notSent: `${what} was not sent: the log was not reached within ${ms} ms${because}. Nothing was done; send it again.`,
    unconfirmed: `${what} was handed to the log, which did not confirm it within ${ms} ms. It may still be carried out.`,
    received: `${what} was not answered within ${ms} ms. It is in the inbox, and will be carried out.`,
  };
  return new NoAnswerError(sentence[delivery], delivery);
}
