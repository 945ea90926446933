import type { JobOptions } from "@downbeat/domain";
import { z } from "zod";
import type { Carried } from "./carried.ts";
import { checkName } from "./name.ts";
import { checkOptions } from "./options/check-options.ts";
import { zodSchema } from "./options/fields.ts";
import { checkJobOptions, jobOptions } from "./options/job-options.ts";
import { shownText } from "./thrown/shown-value.ts";

/**
 * A kind of work that workers do. With schemas, `Input` is what the workflow passes and `HandlerInput` what the schema
 * makes of it for the handler; the same with the output, the other way round.
 */
export interface Job<Input, Output, HandlerInput = Input, HandlerOutput = Output> {
  readonly name: string;
  readonly options: JobOptions;
  readonly inputSchema?: z.ZodType<HandlerInput, Input>;
  readonly outputSchema?: z.ZodType<Output, HandlerOutput>;
}

export interface JobSettings<Input, Output, HandlerInput = Input, HandlerOutput = Output> extends JobOptions {
  /** Checked where the workflow asks for the job and again by the worker. */
  readonly input?: z.ZodType<HandlerInput, Input>;
  /** Checked by the worker and again where the workflow gets it. */
  readonly output?: z.ZodType<Output, HandlerOutput>;
}

/** Any job, for code that only passes it on. Inputs are `never`: what a particular job takes is not known here. */
export type AnyJob = Job<never, unknown, never, never> | Job<unknown, unknown, unknown, unknown>;

/**
 * Names a job and says how it is tried again. Input and output cross the wire as JSON: what that would lose is refused, by the compiler where it can tell.
 *
 * @throws RangeError or TypeError for a name or option that can't be taken
 */
export function job<Input = void, Output = void, HandlerInput = Input, HandlerOutput = Output>(
  name: string & Carried<Input> & Carried<HandlerOutput>,
  settings: JobSettings<Input, Output, HandlerInput, HandlerOutput> = {},
): Job<Input, Output, HandlerInput, HandlerOutput> {
  return define(name, settings);
}

function define<Input, Output, HandlerInput, HandlerOutput>(
  name: string,
  settings: JobSettings<Input, Output, HandlerInput, HandlerOutput>,
): Job<Input, Output, HandlerInput, HandlerOutput> {
  checkName("job", name);
  const what = `the job ${name}`;
  checkOptions(what, jobSettings, settings);
  const { input, output, ...given } = settings;
  const options = checkJobOptions(what, given);
  const made = Object.freeze({
    name,
    options,
    ...(input !== undefined && { inputSchema: input }),
    ...(output !== undefined && { outputSchema: output }),
  });
  definitions.add(made);
  if (names().size < mostNames) names().add(name);
  return made;
}

const definitions = new WeakSet<object>();

// By a symbol of the whole process: a program may have this package twice, as a module and as CommonJS.
const namesKey = Symbol.for("downbeat.definedJobs");
const mostNames = 10_000;

interface Named {
  [namesKey]?: Set<string>;
}

/** Names of jobs, for those who look for a slip of the pen: not all, where a program makes them up without end. */
export function definedJobs(): ReadonlySet<string> {
  return names();
}

function names(): Set<string> {
  return ((globalThis as Named)[namesKey] ??= new Set());
}

/**
 * The definition as `job` made it, or would have made it: an object put together by hand is taken as well, and checked.
 *
 * @param what is given the job, e.g. `run.job`
 * @throws RangeError or TypeError for what is no job
 */
export function checkJob<Input, Output, HandlerInput, HandlerOutput>(
  what: string,
  given: Job<Input, Output, HandlerInput, HandlerOutput>,
): Job<Input, Output, HandlerInput, HandlerOutput> {
  const value: unknown = given;
  if (typeof value !== "object" || value === null)
    throw new TypeError(`${what} takes a job as job() makes it, and was given ${shownText(value, 100)}.`);
  if (definitions.has(value)) return given;
  const { name, options, inputSchema, outputSchema } = given;
  return define(name, {
    ...options,
    ...(inputSchema !== undefined && { input: inputSchema }),
    ...(outputSchema !== undefined && { output: outputSchema }),
  });
}

const jobSettings = z.strictObject(
  { ...jobOptions.shape, input: zodSchema.optional(), output: zodSchema.optional() },
  { error: "they are an object" },
);
