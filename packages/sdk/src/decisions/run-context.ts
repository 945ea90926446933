import type { JobOptions, Labels, Payload } from "@downbeat/domain";
import { labels as labelsSchema } from "@downbeat/protocol";
import type { z } from "zod";
import { type Duration, milliseconds } from "../duration.ts";
import { RunCancelledError } from "../errors.ts";
import { failure } from "../failure.ts";
import { checkJobOptions, type Job } from "../job.ts";
import { encodePayload, PayloadError } from "../payload.ts";
import type { InputArgs, Run } from "../run.ts";
import { checkNow } from "../schema-check.ts";
import type { Coroutine } from "./coroutine.ts";

/** The `run` that workflow code is given: checks what is asked for and passes it on. */
export class RunContext implements Run {
  readonly id: string;
  readonly #coroutine: Coroutine;

  constructor(coroutine: Coroutine) {
    this.id = coroutine.runId;
    this.#coroutine = coroutine;
  }

  job<Input, Output, HandlerInput, HandlerOutput>(
    job: Job<Input, Output, HandlerInput, HandlerOutput>,
    ...[input, options]: InputArgs<Input>
  ): Promise<Output> {
    return promised<Output>(() => {
      const payload = this.#encodeInput(job, input);
      return this.#coroutine.scheduleJob(job.name, payload, merge(job, options), job);
    });
  }

  compensate<Input, Output, HandlerInput, HandlerOutput>(
    job: Job<Input, Output, HandlerInput, HandlerOutput>,
    ...[input, options]: InputArgs<Input>
  ): void {
    const payload = this.#encodeInput(job, input);
    this.#coroutine.registerCompensation(job.name, payload, merge(job, options), input, job);
  }

  sleep(duration: Duration): Promise<void> {
    return promised<void>(() =>
      this.#coroutine.setTimer(this.#coroutine.now().getTime() + milliseconds(duration)),
    );
  }

  sleepUntil(moment: Date | number): Promise<void> {
    return promised<void>(() => {
      const dueAt = Number(moment);
      if (!Number.isFinite(dueAt)) throw new RangeError("run.sleepUntil was given no valid moment.");
      return this.#coroutine.setTimer(dueAt);
    });
  }

  signal<T>(
    name: string,
    options: { readonly timeout: Duration; readonly schema?: z.ZodType<T> },
  ): Promise<T | undefined>;
  signal<T>(name: string, options?: { readonly schema?: z.ZodType<T> }): Promise<T>;
  signal<T>(
    name: string,
    options: { timeout?: Duration; schema?: z.ZodType<T> } = {},
  ): Promise<T | undefined> {
    return promised<T | undefined>(() => {
      if (name.length === 0 || name.length > 200)
        throw new RangeError("The name of a signal has 1 to 200 characters.");
      const timeoutMs = options.timeout === undefined ? undefined : milliseconds(options.timeout);
      return this.#coroutine.awaitSignal(name, timeoutMs, options.schema);
    });
  }

  now(): Date {
    return this.#coroutine.now();
  }

  random(): number {
    return this.#coroutine.random();
  }

  uuid(): string {
    return this.#coroutine.uuid();
  }

  setLabels(labels: Labels): void {
    const checked = checkNow(labelsSchema, labels);
    if (!checked.ok) throw new RangeError(`The labels can't be taken.\n${checked.problem}`);
    if (Object.keys(checked.value).length > 0) this.#coroutine.setLabels(checked.value);
  }

  #encodeInput(job: { readonly name: string; readonly inputSchema?: z.ZodType }, input: unknown): Payload {
    try {
      const payload = encodePayload(input, `The input of ${job.name}`);
      if (job.inputSchema === undefined) return payload;
      const checked = checkNow(job.inputSchema, input);
      if (!checked.ok)
        throw new PayloadError(`The input of ${job.name} does not fit its schema.\n${checked.problem}`);
      return payload;
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      this.#coroutine.refuse(failure("invalid", "InvalidInput", error.message));
      throw new RunCancelledError(error.message);
    }
  }
}

function merge(
  job: { readonly name: string; readonly options: JobOptions },
  own: JobOptions | undefined,
): JobOptions | undefined {
  if (own === undefined) return Object.keys(job.options).length === 0 ? undefined : job.options;
  checkJobOptions(job.name, own);
  const retry = { ...job.options.retry, ...own.retry };
  return { ...job.options, ...own, ...(Object.keys(retry).length > 0 && { retry }) };
}

/**
 * What is recorded in history is what the job's type says it is, or what its schema made of it; hence the cast. The
 * promise is marked as looked at: a branch that nobody awaits may fail without ending the process.
 */
function promised<T>(ask: () => Promise<unknown>): Promise<T> {
  let promise: Promise<T>;
  try {
    promise = ask() as Promise<T>;
  } catch (error) {
    promise = Promise.reject(error);
  }
  promise.catch(nothing);
  return promise;
}

function nothing(): void {}
