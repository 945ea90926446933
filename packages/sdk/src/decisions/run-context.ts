import { type JobOptions, type Labels, type Payload, utf8Length } from "@downbeat/domain";
import { givenLabels, longestName } from "@downbeat/protocol";
import { z } from "zod";
import { boundMethods } from "../bound-methods.ts";
import { type Duration, milliseconds, moment } from "../duration.ts";
import { RunCancelledError } from "../errors.ts";
import { failure } from "../failure.ts";
import { checkJob, type Job } from "../job.ts";
import type { Log } from "../logging/logger.ts";
import { checkOptions } from "../options/check-options.ts";
import { anything, shortText, wholeNumber, zodSchema } from "../options/fields.ts";
import { checkJobOptions } from "../options/job-options.ts";
import { encodePayload, PayloadError } from "../payload.ts";
import type { InputArgs, Run, SignalSchemas } from "../run.ts";
import { checkNow } from "../schema-check.ts";
import { readThrown } from "../thrown/read-thrown.ts";
import { FollowedPromise } from "./followed-promise.ts";
import { JobPromise } from "./job-promise.ts";
import type { Requests } from "./requests.ts";
import { TimerPromise } from "./timer-promise.ts";

/** The `run` that workflow code is given: checks what is asked for and passes it on. */
export class RunContext implements Run {
  readonly id: string;
  readonly log: Log;
  readonly #requests: Requests;
  readonly #signalSchemas: SignalSchemas;

  constructor(requests: Requests, log: Log, signalSchemas: SignalSchemas = {}) {
    boundMethods(this);
    this.id = requests.runId;
    this.log = log;
    this.#requests = requests;
    this.#signalSchemas = signalSchemas;
  }

  job<Input, Output, HandlerInput, HandlerOutput>(
    job: Job<Input, Output, HandlerInput, HandlerOutput>,
    ...[input, options]: InputArgs<Input>
  ): Promise<Output> {
    return this.#promised<Output>(() => {
      const asked = checkJob("run.job", job);
      this.#requests.refuseLateCalls(`run.job(${asked.name})`);
      const payload = this.#encodeInput(asked, input);
      return this.#requests.scheduleJob(asked.name, payload, merge(asked, options), asked);
    });
  }

  compensate<Input, Output, HandlerInput, HandlerOutput>(
    job: Job<Input, Output, HandlerInput, HandlerOutput>,
    ...[input, options]: InputArgs<Input>
  ): void {
    this.#said(() => {
      const asked = checkJob("run.compensate", job);
      const payload = this.#encodeInput(asked, input);
      this.#requests.registerCompensation(asked.name, payload, merge(asked, options), input, asked);
    });
  }

  sleep(duration: Duration): Promise<void> {
    return this.#promised<void>(() => this.#requests.sleep(milliseconds(duration, "run.sleep")));
  }

  sleepUntil(until: Date | number): Promise<void> {
    return this.#promised<void>(() => this.#requests.sleepUntil(moment(until, "run.sleepUntil")));
  }

  signal<T>(
    name: string,
    options: { readonly timeout: Duration; readonly schema?: z.ZodType<T> | undefined },
  ): Promise<T | undefined>;
  signal<T>(name: string, options?: { readonly schema?: z.ZodType<T> | undefined }): Promise<T>;
  signal<T>(
    name: string,
    options: { timeout?: Duration; schema?: z.ZodType<T> | undefined } = {},
  ): Promise<T | undefined> {
    return this.#promised<T | undefined>(() => {
      const { name: checkedName } = checkOptions("run.signal", signalName, { name });
      const what = `run.signal(${checkedName})`;
      const { timeout, schema } = checkOptions(what, signalOptions, options);
      const timeoutMs =
        timeout === undefined ? undefined : milliseconds(timeout as Duration, `The timeout of ${what}`);
      const declared = Object.hasOwn(this.#signalSchemas, checkedName)
        ? this.#signalSchemas[checkedName]
        : undefined;
      return this.#requests.awaitSignal(checkedName, timeoutMs, schema ?? declared);
    });
  }

  now(): Date {
    return this.#requests.now();
  }

  random(): number {
    return this.#requests.random();
  }

  uuid(): string {
    return this.#requests.uuid();
  }

  version(changeId: string, newest: number): number {
    const asked = checkOptions("run.version", versionAsked, { changeId, newest });
    return this.#requests.version(asked.changeId, asked.newest);
  }

  setLabels(labels: Labels): void {
    this.#said(() => {
      const checked = checkNow(givenLabels, labels);
      if (!checked.ok) throw new RangeError(`The labels can't be taken.\n${checked.problem}`);
      if (Object.keys(checked.value).length > 0) this.#requests.setLabels(checked.value);
    });
  }

  /**
   * What is recorded in history is what the job's type says it is, or what its schema made of it; hence the cast. The
   * promise is marked as looked at: a branch that nobody awaits may fail without ending the process.
   */
  #promised<T>(ask: () => Promise<unknown>): Promise<T> {
    let promise: Promise<T>;
    try {
      promise = ask() as Promise<T>;
    } catch (error) {
      promise = this.#requests.isHeard(error) ? Promise.reject(error) : new Promise(nothing);
    }
    if (
      promise instanceof FollowedPromise ||
      promise instanceof JobPromise ||
      promise instanceof TimerPromise
    )
      promise.unheard();
    else promise.catch(nothing);
    return promise;
  }

  /** Nothing can stop code that is told at once; unheard, it comes to where it waits, and stays there. */
  #said(say: () => void): void {
    try {
      say();
    } catch (error) {
      if (this.#requests.isHeard(error)) throw error;
    }
  }

  #encodeInput(job: { readonly name: string; readonly inputSchema?: z.ZodType }, input: unknown): Payload {
    try {
      const payload = encodePayload(input, `The input of ${job.name}`, {
        schema: job.inputSchema,
        isLossy: this.#requests.isLossy,
        isAnyDepth: this.#requests.isAnyDepth,
      });
      if (job.inputSchema === undefined) return payload;
      const checked = checkNow(job.inputSchema, input);
      if (checked.ok) return payload;
      const problem = `The input of ${job.name} does not fit its schema.\n${checked.problem}`;
      throw new PayloadError(problem, { bytes: utf8Length(payload) });
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      this.#requests.refuse(
        failure("invalid", "InvalidInput", error.message, readThrown(error).stack),
        error.bytes,
      );
      throw new RunCancelledError(error.message);
    }
  }
}

function merge(
  job: { readonly name: string; readonly options: JobOptions },
  own: JobOptions | undefined,
): JobOptions | undefined {
  const general = job.options;
  if (own === undefined) return Object.keys(general).length === 0 ? undefined : general;
  const special = checkJobOptions(`the job ${job.name}`, own);
  const retry = { ...general.retry, ...special.retry };
  return { ...general, ...special, ...(Object.keys(retry).length > 0 && { retry }) };
}

const signalName = z.strictObject({ name: shortText(longestName) });
const versionAsked = z.strictObject({ changeId: shortText(200), newest: wholeNumber(1, 1_000_000) });
const signalOptions = z.strictObject(
  { timeout: anything, schema: zodSchema.optional() },
  { error: "they are an object" },
);

function nothing(): void {}
