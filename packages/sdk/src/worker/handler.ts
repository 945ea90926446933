import { z } from "zod";
import type { Carried } from "../carried.ts";
import { checkJob, type Job } from "../job.ts";
import type { Log } from "../logging/logger.ts";
import { checkName } from "../name.ts";
import { checkOptions } from "../options/check-options.ts";
import { anything, callable, wholeNumber, zodSchema } from "../options/fields.ts";
import { field } from "../thrown/careful.ts";
import { shownText } from "../thrown/shown-value.ts";

/** What a subscription of the log gives one consumer at most. */
export const mostUnacknowledged = 1_000;

/** Attempts at a time: of more, the log would hand over no more. */
export const concurrency = wholeNumber(1, mostUnacknowledged);

const error = "it is a function, or an object such as { handler, concurrency: 10 }";

const withOptions = z.strictObject(
  {
    handler: callable,
    job: z.looseObject({ inputSchema: zodSchema.optional(), outputSchema: zodSchema.optional() }).optional(),
    concurrency: concurrency.optional(),
  },
  { error },
);

const handled = z.strictObject(
  {
    jobType: anything,
    execute: callable,
    concurrency: concurrency.optional(),
    inputSchema: zodSchema.optional(),
    outputSchema: zodSchema.optional(),
  },
  { error: "it is what handle() gives" },
);

const handleArguments = z.strictObject(
  { handler: callable, concurrency: concurrency.optional() },
  { error: "they are an object" },
);

/** What a handler is told about the attempt it carries out. */
export interface JobContext {
  readonly jobId: string;
  readonly runId: string;
  readonly workflow: string;
  /** From 1. */
  readonly attempt: number;
  /** The same for every attempt of the job: pass it on, so that a repeated request has one effect. */
  readonly idempotencyKey: string;
  /**
   * Aborted when nobody waits for the attempt any more (its run has ended, or the job was cancelled), when its time is up, or when the worker stops and
   * can't wait any longer. Its `reason` is an error that says which.
   */
  readonly signal: AbortSignal;
  /** Writes lines to the worker's logger, with run id, workflow, job id, job type and attempt: `log.info({ cents }, "charged")`. It never throws. */
  readonly log: Log;
  /** How long the handler may be silent; nothing where that is not watched. */
  readonly heartbeatMs?: number | undefined;
  /** Says that the handler is still at it, perhaps with how far it got. Call as often as you like: few are sent. */
  heartbeat<Details>(details?: Details & Carried<Details>): void;
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

/**
 * Says what carries out a job, with types that fit.
 *
 * @throws RangeError or TypeError for what is no job, no handler or no option
 */
export function handle<Input, Output, HandlerInput, HandlerOutput>(
  job: Job<Input, Output, HandlerInput, HandlerOutput>,
  handler: Handler<HandlerInput, HandlerOutput>,
  options: HandlerOptions = {},
): HandledJob {
  checkOptions(`handle(${checkJob("handle", job).name})`, handleArguments, { handler, ...options });
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

/**
 * @param hasWorkflows it need not have any
 * @throws RangeError or TypeError for what is no handler, a name that can't be taken, and two handlers of one job
 */
export function handledJobs(
  jobs: HandlersByName | readonly HandledJob[] | undefined,
  hasWorkflows = false,
): readonly HandledJob[] {
  if (jobs === undefined && hasWorkflows) return [];
  const all = isList(jobs) ? jobs : named(jobs);
  const names = new Set<string>();
  for (const job of all) {
    checkOptions("a handler", handled, job);
    checkName("job", job.jobType);
    if (names.has(job.jobType)) throw new RangeError(`There are two handlers of ${job.jobType}.`);
    names.add(job.jobType);
  }
  if (all.length === 0 && !hasWorkflows)
    throw new RangeError(
      "jobs of worker() is empty, and it has no workflows: there is nothing that it could do.",
    );
  return all;
}

function named(jobs: HandlersByName | undefined): HandledJob[] {
  if (typeof jobs !== "object" || jobs === null)
    throw new TypeError(
      "jobs of worker() is an object of handlers by the names of their jobs, or a list of what handle() gives. Only a worker that is given workflows may do without.",
    );
  return Object.entries(jobs).map(([jobType, given]) => {
    const {
      handler,
      job = {},
      ...options
    } = typeof given === "function" ? { handler: given } : checkedHandler(jobType, given);
    return {
      ...options,
      ...schemasOf(job),
      jobType,
      execute: (input, context) => handler(input as never, context),
    };
  });
}

function checkedHandler(jobType: string, given: HandlerWithOptions): HandlerWithOptions {
  checkOptions(`the handler of ${jobType}`, withOptions, given);
  refuseOtherJob(`the handler of ${jobType}`, jobType, given.job);
  return given;
}

/** A definition stands under the name that it has itself. */
export function refuseOtherJob(what: string, jobType: string, job: unknown): void {
  const name = field(job, "name");
  if (name === undefined || name === jobType) return;
  throw new RangeError(
    `The options of ${what} can't be taken. job is the definition of ${shownText(name, 100)}.`,
  );
}

function isList(jobs: HandlersByName | readonly HandledJob[] | undefined): jobs is readonly HandledJob[] {
  return Array.isArray(jobs);
}
