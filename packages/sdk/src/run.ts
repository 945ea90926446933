import type { JobOptions, Labels } from "@downbeat/domain";
import type { z } from "zod";
import type { Carried } from "./carried.ts";
import type { Duration } from "./duration.ts";
import type { Job } from "./job.ts";
import type { Log } from "./logging/logger.ts";

/** What comes with signals, by their names. */
export type SignalSchemas = Readonly<Record<string, z.ZodType>>;
export type NoSignals = Record<never, never>;

/**
 * What workflow code may use. Everything else that differs from one moment to the next (the clock, random numbers,
 * files, the network) is out of bounds: the code is run again from its history and must come to the same requests.
 */
export interface Run<Signals extends SignalSchemas = NoSignals> {
  readonly id: string;

  /**
   * Writes lines to the worker's logger, with the run's id and workflow: `run.log.info({ cents }, "charged")`. A line is said when its step is run for the first time, and not
   * again when the code is replayed. It changes nothing for the run: no method throws, and fields are read at once. Of one step, 200 lines are said at most.
   */
  readonly log: Log;

  /**
   * Has a worker do the job, and waits for its result.
   *
   * @throws BusinessError when the handler threw one
   * @throws JobFailedError when attempts are used up in a job with `whenExhausted: "fail"`
   * @throws JobCancelledError when a person cancelled the job
   * @throws RunCancelledError when the run is being cancelled
   */
  job<Input, Output, HandlerInput, HandlerOutput>(
    job: Job<Input, Output, HandlerInput, HandlerOutput>,
    ...args: InputArgs<Input>
  ): Promise<Output>;

  /**
   * Registers a job that undoes what was done. Should the run fail or be cancelled, the registered jobs run one after
   * another, the last one first. It is recorded as the undo of the job whose result it is given, else of the job whose
   * result came last.
   */
  compensate<Input, Output, HandlerInput, HandlerOutput>(
    job: Job<Input, Output, HandlerInput, HandlerOutput>,
    ...args: InputArgs<Input>
  ): void;

  sleep(duration: Duration): Promise<void>;
  sleepUntil(moment: Date | number): Promise<void>;

  /**
   * Waits for the next signal of the name, `undefined` when none came in time. One that came earlier and was not waited
   * for is taken at once.
   *
   * With a schema, one that does not fit is refused while the code waits; one that came before is passed over. A schema among the workflow's `signals` refuses it
   * whenever it comes.
   */
  signal<Name extends keyof Signals & string>(
    name: Name,
    options: { readonly timeout: Duration; readonly schema?: never },
  ): Promise<z.output<Signals[Name]> | undefined>;
  signal<Name extends keyof Signals & string>(name: Name): Promise<z.output<Signals[Name]>>;
  signal<Payload, Sent = unknown>(
    name: string & Carried<Sent>,
    options: { readonly timeout: Duration; readonly schema: z.ZodType<Payload, Sent> | undefined },
  ): Promise<Payload | undefined>;
  signal<Payload, Sent = unknown>(
    name: string & Carried<Sent>,
    options: { readonly schema: z.ZodType<Payload, Sent> | undefined; readonly timeout?: never },
  ): Promise<Payload>;
  signal<Payload = unknown>(
    name: string & Carried<Payload>,
    options: { readonly timeout: Duration; readonly schema?: never },
  ): Promise<Payload | undefined>;
  signal<Payload = unknown>(
    name: string & Carried<Payload>,
    options?: { readonly timeout?: never; readonly schema?: never },
  ): Promise<Payload>;

  /** Time of the event that the code is answering. */
  now(): Date;
  /** From 0 to 1, the same at every replay. */
  random(): number;
  /** A version 5 UUID, the same at every replay. */
  uuid(): string;

  /**
   * By which version of a change of its code this run lives, for code that is changed under runs which are under way:
   *
   * ```ts
   * if (run.version("ask-twice", 2) >= 2) await run.job(askAgain);
   * ```
   *
   * A run that went past this place before the change lives by version 1; one that comes to it for the first time by the newest, which is recorded. The same run gets the
   * same answer ever after, and code that asks no more goes on.
   *
   * @param changeId names the change within the workflow
   * @param newest what the code is now: 2 for the first change in this place, then 3
   */
  version(changeId: string, newest: number): number;

  /** Searchable business keys, such as an order number. Added to those the run has; the same name is overwritten. */
  setLabels(labels: Labels): void;
}

/** A job without input is asked for without one. */
export type InputArgs<Input> = [undefined] extends [Input]
  ? [input?: Input, options?: JobOptions]
  : [input: Input, options?: JobOptions];
