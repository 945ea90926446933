import type { JobOptions } from "@downbeat/domain";
import { jobOptions } from "@downbeat/protocol";
import { z } from "zod";
import { checkName } from "./name.ts";

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
 * Names a job and says how it is tried again. Input and output cross the wire as JSON.
 *
 * @throws RangeError for a name or option that can't be taken
 */
export function job<Input = void, Output = void, HandlerInput = Input, HandlerOutput = Output>(
  name: string,
  settings: JobSettings<Input, Output, HandlerInput, HandlerOutput> = {},
): Job<Input, Output, HandlerInput, HandlerOutput> {
  checkName("job", name);
  const { input, output, ...options } = settings;
  checkJobOptions(name, options);
  return {
    name,
    options,
    ...(input !== undefined && { inputSchema: input }),
    ...(output !== undefined && { outputSchema: output }),
  };
}

const strictOptions = jobOptions.strict();

export function checkJobOptions(name: string, options: JobOptions): void {
  const parsed = strictOptions.safeParse(options);
  if (!parsed.success)
    throw new RangeError(`The options of ${name} can't be taken.\n${z.prettifyError(parsed.error)}`);
}
