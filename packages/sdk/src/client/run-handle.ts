import { randomUUID } from "node:crypto";
import type { Action } from "@downbeat/domain";
import { z } from "zod";
import { boundMethods } from "../bound-methods.ts";
import type { Carried } from "../carried.ts";
import type { KnownLabels } from "../codec/payload-codec.ts";
import { type Duration, milliseconds } from "../duration.ts";
import { failureValue } from "../failure-value.ts";
import { checkOptions } from "../options/check-options.ts";
import { anything, oneOf } from "../options/fields.ts";
import { decodePayload } from "../payload.ts";
import { shownText } from "../thrown/shown-value.ts";
import type { Client } from "./client.ts";
import { encode } from "./encode.ts";
import { NoAnswerError, RunNotCompletedError, RunStuckError } from "./errors.ts";
import type { RunEnd } from "./outcomes.ts";

export interface ResultOptions {
  readonly timeout?: Duration;
  readonly onStuck?: "wait" | "throw";
}

/** What is known of it already: it will be heard, the engine has said that the run is over, with which labels it was started. */
interface KnownOfRun {
  readonly end?: Promise<RunEnd>;
  readonly refusal?: string | undefined;
  readonly known?: KnownLabels;
}

/** One run, as its starter or an operator sees it. Each command resolves when the engine has accepted it. */
export class RunHandle<Output> {
  readonly runId: string;
  readonly #client: Client;
  readonly #refusal: string | undefined;
  /** @internal Of its labels. */
  readonly known: KnownLabels;
  #end: Promise<RunEnd> | undefined;

  constructor(client: Client, runId: string, { end, refusal, known = {} }: KnownOfRun = {}) {
    boundMethods(this);
    this.#client = client;
    this.runId = runId;
    this.#refusal = refusal;
    this.known = known;
    if (end !== undefined) this.#await(end);
  }

  /**
   * The run's output, when it completes, whenever that was.
   *
   * @param options.onStuck what to do while the run can't go on without a person: `wait` on (the default), or `throw`
   * @throws RunStuckError with `onStuck: "throw"`, when the run's code is stuck or gets so, and when a job of it is and nothing else is under way that its code may go on by: no other job,
   *   no sleep, no wait for a signal, and no question to its code
   * @throws RunNotCompletedError when the run failed, was cancelled or terminated
   * @throws NoSuchRunError when nobody has started such a run: history holds nothing of it, and no start of it waits for the engine. That takes some seconds; where much waits for
   *   the engine, or the log does not say what does, up to the client's `answerWithin` or the time-out
   * @throws PayloadUnreadableError when its output is encrypted, and can't be decrypted here
   * @throws NoAnswerError when the time-out comes first, or the log isn't reached within `answerWithin`
   */
  async result(options: ResultOptions = {}): Promise<Output> {
    const { timeout, onStuck } = checkOptions("result()", resultOptions, options);
    const ended = this.#endWithin(timeout as Duration | undefined);
    const end = await (onStuck === "throw" ? this.#unlessStuck(ended) : ended);
    const { payloads } = this.#client;
    if (end.status !== "completed") {
      const failure = end.failure && failureValue(await payloads.shownFailure(end.failure));
      throw new RunNotCompletedError(this.runId, end.status, failure);
    }
    // What the workflow's type says, or what its schema has checked before it was recorded.
    return decodePayload(await payloads.plain(end.output)) as Output;
  }

  /** @param options.signalId the same id twice is the same signal; with an id of your own only the log's receipt is waited for */
  async signal<Payload>(
    name: string,
    payload?: Payload & Carried<Payload>,
    options: { readonly signalId?: string } = {},
  ): Promise<void> {
    const { runId } = this;
    checkOptions("signal()", signalOptions, options);
    const { signalId = randomUUID() } = options;
    const text = encode(payload, "The payload of the signal", runId);
    return this.#client.send(
      { type: "SendSignal", runId, signalId, name, payload: text, actor: this.#client.actor },
      { wait: options.signalId === undefined ? "accepted" : "sent", ...this.known },
    );
  }

  /** Waits end, attempts under way are waited for, compensations run, and the run ends as cancelled. */
  async cancel(reason: string): Promise<void> {
    return this.#client.send({
      type: "CancelRun",
      runId: this.runId,
      action: this.#action("cancel()", reason),
    });
  }

  /** Ends the run at once, without compensations. */
  async terminate(reason: string): Promise<void> {
    return this.#client.send({
      type: "TerminateRun",
      runId: this.runId,
      action: this.#action("terminate()", reason),
    });
  }

  /** Asks the code of a stuck run again. */
  async resume(reason: string): Promise<void> {
    return this.#client.send({
      type: "ResumeRun",
      runId: this.runId,
      action: this.#action("resume()", reason),
    });
  }

  /** Gives a stuck job a fresh set of attempts. */
  async retryJob<Input>(
    jobId: string,
    reason: string,
    edit?: { readonly input: Input & Carried<Input> },
  ): Promise<void> {
    const { runId } = this;
    if (edit !== undefined) checkOptions("retryJob()", editOptions, edit);
    const input = edit === undefined ? {} : { input: encode(edit.input, "The input", runId) };
    const action = this.#action("retryJob()", reason, jobId);
    return this.#client.send({ type: "RetryJob", runId, jobId, action, ...input }, this.known);
  }

  async cancelJob(jobId: string, reason: string): Promise<void> {
    return this.#client.send({
      type: "CancelJob",
      runId: this.runId,
      jobId,
      action: this.#action("cancelJob()", reason, jobId),
    });
  }

  /** Ends a job with a result that a person gives. */
  async completeJob<Output>(jobId: string, output: Output & Carried<Output>, reason: string): Promise<void> {
    const { runId } = this;
    const text = encode(output, "The output", runId);
    const action = this.#action("completeJob()", reason, jobId);
    const command = { type: "CompleteJob", runId, jobId, output: text, action } as const;
    return this.#client.send(command, this.known);
  }

  /** Ends a job's back-off. */
  async runJobNow(jobId: string, reason: string): Promise<void> {
    return this.#client.send({
      type: "RunJobNow",
      runId: this.runId,
      jobId,
      action: this.#action("runJobNow()", reason, jobId),
    });
  }

  /** @throws TypeError where JavaScript, or an `any`, let the reason or the job's id be left out */
  #action(what: string, reason: unknown, ...jobIds: readonly unknown[]): Action {
    const [jobId] = jobIds;
    if (jobIds.length > 0 && typeof jobId !== "string")
      throw new TypeError(
        `${what} needs the id of a job, as in run.${what.replace("()", '("j1", …)')}; it got ${shownText(jobId, 100)}.`,
      );
    if (typeof reason !== "string")
      throw new TypeError(
        `${what} needs a reason, which is kept in the run's history; it got ${shownText(reason, 100)}.`,
      );
    return { actionId: randomUUID(), actor: this.#client.actor, reason };
  }

  async #unlessStuck(ended: Promise<RunEnd>): Promise<RunEnd> {
    ended.catch(() => {});
    const { stuck, forget } = this.#client.stuck(this.runId);
    try {
      return await Promise.race([
        ended,
        stuck.then(async ({ failure, jobType }): Promise<never> => {
          const shown = await this.#client.payloads.shownFailure(failure);
          throw new RunStuckError(this.runId, failureValue(shown), jobType);
        }),
      ]);
    } finally {
      forget();
    }
  }

  async #endWithin(timeout: Duration | undefined): Promise<RunEnd> {
    const ms = timeout === undefined ? undefined : milliseconds(timeout, "The timeout of result()");
    const end = this.#end ?? this.#await(this.#client.ended(this.runId, this.#refusal));
    return this.#client.inTime(
      end,
      ms,
      () =>
        this.#client.missing(this.runId, ms ?? 0) ??
        new NoAnswerError(`Run ${this.runId} has not ended within ${ms} ms.`),
    );
  }

  /** What could not be told is asked for again. */
  #await(end: Promise<RunEnd>): Promise<RunEnd> {
    this.#end = end;
    end.catch(() => {
      if (this.#end === end) this.#end = undefined;
    });
    return end;
  }
}

const error = "they are an object";
const resultOptions = z.strictObject(
  { timeout: anything, onStuck: oneOf("wait", "throw").optional() },
  { error },
);
// The id is checked with the command.
const signalOptions = z.strictObject({ signalId: anything }, { error });
const editOptions = z.strictObject({ input: anything }, { error });
