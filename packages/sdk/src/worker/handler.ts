import type { z } from "zod";
import type { Job } from "../job.ts";

/** What a handler is told about the attempt it carries out. */
export interface JobContext {
  readonly jobId: string;
  readonly runId: string;
  readonly workflow: string;
  /** From 1. */
  readonly attempt: number;
  /** The same for every attempt of the job: pass it on, so that a repeated request has one effect. */
  readonly idempotencyKey: string;
  /** Aborted when the attempt's time is up, or when the worker stops and can't wait any longer. */
  readonly signal: AbortSignal;
  /** Says that the handler is still at it, perhaps with how far it got. Call as often as you like: few are sent. */
  heartbeat(details?: unknown): void;
}

/** Returning completes the job. A `BusinessError` rejects it; any other error makes another attempt, if there is one left. */
export type Handler<Input, Output> = (input: Input, context: JobContext) => Output | Promise<Output>;

/** A handler of some job; which one is known only to who wrote it. */
export type AnyHandler = Handler<never, unknown>;

export interface HandlerOptions {
  /** Attempts of this job at a time in this worker. */
  readonly concurrency?: number;
}

/** What a job's values are checked against; a job definition is one. */
export interface JobSchemas {
  readonly inputSchema?: z.ZodType;
  readonly outputSchema?: z.ZodType;
}

export interface HandledJob extends HandlerOptions, JobSchemas {
  readonly jobType: string;
  /** Input and output are JSON values. */
  readonly execute: (input: unknown, context: JobContext) => unknown;
}

/** Says what carries out a job, with types that fit. */
export function handle<Input, Output, HandlerInput, HandlerOutput>(
  job: Job<Input, Output, HandlerInput, HandlerOutput>,
  handler: Handler<HandlerInput, HandlerOutput>,
  options: HandlerOptions = {},
): HandledJob {
  return {
    ...options,
    ...schemasOf(job),
    jobType: job.name,
    // Without a schema, the input is believed to be what the job's type says.
    execute: (input, context) => handler(input as HandlerInput, context),
  };
}

function schemasOf({ inputSchema, outputSchema }: JobSchemas): JobSchemas {
  return {
    ...(inputSchema !== undefined && { inputSchema }),
    ...(outputSchema !== undefined && { outputSchema }),
  };
}

/** Handlers by the name of their job, or the same with options. */
export type HandlersByName = Readonly<Record<string, AnyHandler | HandlerWithOptions>>;

export interface HandlerWithOptions extends HandlerOptions {
  readonly handler: AnyHandler;
  /** The job's definition, to check input and output against its schemas. */
  readonly job?: JobSchemas;
}

export function handledJobs(jobs: HandlersByName | readonly HandledJob[]): readonly HandledJob[] {
  if (isList(jobs)) return jobs;
  return Object.entries(jobs).map(([jobType, given]) => {
    const { handler, job = {}, ...options } = typeof given === "function" ? { handler: given } : given;
    return {
      ...options,
      ...schemasOf(job),
      jobType,
      execute: (input, context) => handler(input as never, context),
    };
  });
}

function isList(jobs: HandlersByName | readonly HandledJob[]): jobs is readonly HandledJob[] {
  return Array.isArray(jobs);
}
