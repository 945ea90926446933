import { nearestName } from "@downbeat/protocol";
import { z } from "zod";
import { boundMethods } from "../bound-methods.ts";
import type { Client, RunHandle, RunOptions, StartOptions } from "../client/index.ts";
import type { PayloadCodec } from "../codec/payload-codec.ts";
import { Payloads } from "../codec/payloads.ts";
import { type Duration, milliseconds, moment } from "../duration.ts";
import { definedJobs, type Job } from "../job.ts";
import { type LoggerOption, loggerOf } from "../logging/careful-logger.ts";
import { warnings } from "../logging/plain-logger.ts";
import { checkOptions } from "../options/check-options.ts";
import { anything, logger, payloadCodec, wholeNumber } from "../options/fields.ts";
import { shownText } from "../thrown/shown-value.ts";
import type { AnyHandler, Handler } from "../worker/index.ts";
import { type AnyWorkflow, namedWorkflow, type Workflow } from "../workflow.ts";
import { Driver } from "./driver.ts";
import { refuseFakeQueues } from "./fake-timers.ts";
import { JobHandlers, type TestJobs } from "./job-handlers.ts";
import { RunBook } from "./run-book.ts";
import { iso } from "./shown-history.ts";
import { SimulatedTime } from "./simulated-time.ts";
import { Stage } from "./stage.ts";
import { TestEnvironmentError } from "./test-environment-error.ts";
import { TestRun } from "./test-run.ts";
import { Work } from "./work.ts";

export interface TestEnvironmentOptions {
  readonly workflows: readonly AnyWorkflow[];
  /** Real handlers or mocks, by the name of their job or as `handle(job, handler)` gives them. */
  readonly jobs?: TestJobs;
  /** The time when it begins. Default: Monday, 5 January 2026, 09:00 UTC. */
  readonly startAt?: Date | number;
  /** How long a handler may be at work, in real time, before the test is told that it hangs. Default 4 seconds. */
  readonly handlerLimit?: Duration;
  /** How often a run may go on while its result is awaited, before the test is told that it may never end. Default 10,000. What takes over 3 seconds of real time is logged as a warning, before test runners end the test. */
  readonly stepLimit?: number;
  /** Encrypts payloads, as of `connect({ codec })`. `run.events()` and its like tell them as they were before; `run.history()` has them as the log does. */
  readonly codec?: PayloadCodec;
  /** Takes what is written with `run.log` and `context.log`. Default: warnings and errors go to stderr. */
  readonly logger?: LoggerOption;
}

type StartArgs<Input> = undefined extends Input
  ? [input?: Input, options?: TestStartOptions]
  : [input: Input, options?: TestStartOptions];

/** Without an id of your own, runs are `bookTrip-1`, `bookTrip-2` and so on, by the name of their workflow. */
export type TestStartOptions = Omit<StartOptions, "wait">;

const defaultStart = Date.UTC(2026, 0, 5, 9);

/**
 * The engine, a log in memory and your workflows and handlers, in this process, on simulated time. Close it at the end of the test, or say
 * `await using env = await testEnvironment(…)`.
 *
 * ```ts
 * const env = await testEnvironment({ workflows: [bookTrip], jobs: { bookHotel: () => ({ room: 12 }) } });
 * const run = await env.start(bookTrip, trip);
 * await env.skip("2 days");
 * expect(await run.result()).toEqual({ room: 12 });
 * await env.close();
 * ```
 *
 * @throws RangeError or TypeError for an option that can't be taken
 */
export async function testEnvironment(options: TestEnvironmentOptions): Promise<TestEnvironment> {
  const environment = new TestEnvironment(options);
  await environment.ready;
  return environment;
}

const optionsSchema = z.strictObject(
  {
    workflows: z.array(z.looseObject({ name: z.string(), execute: z.unknown() }), {
      error: "they are a list of what workflow() gives",
    }),
    jobs: anything,
    startAt: anything,
    handlerLimit: anything,
    stepLimit: wholeNumber(1, 1_000_000_000).optional(),
    logger: logger.optional(),
    codec: payloadCodec.optional(),
  },
  { error: "they are an object" },
);

/** What `testEnvironment()` gives. Everything it does is the same in every run of the test. */
export class TestEnvironment {
  /** @internal */
  readonly ready: Promise<void>;
  readonly #time: SimulatedTime;
  readonly #work: Work;
  readonly #book: RunBook;
  readonly #handlers: JobHandlers;
  readonly #driver: Driver;
  readonly #stage: Stage;
  readonly #stepLimit: number;
  readonly #logger: LoggerOption;
  readonly #started = new Map<string, number>();
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(options: TestEnvironmentOptions) {
    boundMethods(this);
    refuseFakeQueues();
    checkOptions("testEnvironment()", optionsSchema, options);
    const { workflows, jobs = [], startAt = defaultStart, handlerLimit = "4 seconds" } = options;
    this.#stepLimit = options.stepLimit ?? 10_000;
    this.#time = new SimulatedTime(moment(startAt, "startAt of testEnvironment()"));
    this.#work = new Work(milliseconds(handlerLimit, "handlerLimit of testEnvironment()"));
    this.#handlers = new JobHandlers(this.#work, jobs);
    const payloads = new Payloads(options.codec);
    this.#book = new RunBook(this.#work, payloads);
    const parts = {
      payloads,
      time: this.#time,
      work: this.#work,
      book: this.#book,
      handlers: this.#handlers,
    };
    this.#driver = new Driver(parts);
    const { logger = warnings, codec } = options;
    this.#logger = logger;
    this.#stage = new Stage({ ...parts, codec, workflows, driver: this.#driver, logger });
    this.ready = this.#stage.open();
  }

  /** The simulated time. */
  now(): Date {
    return new Date(this.#time.now);
  }

  /** The client that the environment uses: for code under test that starts or signals runs itself. */
  get client(): Client {
    return this.#stage.client;
  }

  /** By its name, without types. */
  async start(workflow: string, input?: unknown, options?: TestStartOptions): Promise<TestRun<unknown>>;
  /**
   * Starts a run, and lets everything happen that needs no time to pass.
   *
   * @throws RunRefusedError when the input, the labels or the id can't be taken
   */
  async start<Input, Output>(
    workflow: Workflow<Input, Output>,
    ...args: StartArgs<Input>
  ): Promise<TestRun<Output>>;
  async start(
    workflow: Pick<AnyWorkflow, "name"> | string,
    input?: unknown,
    options: TestStartOptions = {},
  ): Promise<TestRun<unknown>> {
    const { name } = namedWorkflow("env.start", workflow);
    checkOptions("env.start", z.looseObject({}, { error: "they are an object" }), options);
    const runId = options.runId ?? this.#nextId(name);
    const handle = await this.#command(`The start of ${runId}`, () =>
      // Which of the two it is makes no difference to the client.
      this.client.start(workflow as string, input, { ...options, runId }),
    );
    return this.#run(handle);
  }

  /** A run that was started already, perhaps by the code under test. */
  run<Output = unknown>(runId: string, options: RunOptions = {}): TestRun<Output> {
    return this.#run(this.client.run<Output>(runId, options));
  }

  #run<Output>(handle: RunHandle<Output>): TestRun<Output> {
    const { runId } = handle;
    return new TestRun<Output>(runId, {
      book: this.#book,
      client: this.client,
      driver: this.#driver,
      handle,
      command: (what, send) => this.#command(what, send),
      nextSignalId: () => this.#nextId("signal"),
      stepLimit: this.#stepLimit,
      say: (message) => loggerOf(this.#logger).warn({ runId }, message),
    });
  }

  /**
   * From now on, attempts of the job are carried out by this handler.
   *
   * @throws RangeError or TypeError for what is no job or no handler
   */
  mock<Input, Output, HandlerInput, HandlerOutput>(
    job: Job<Input, Output, HandlerInput, HandlerOutput>,
    handler: Handler<HandlerInput, HandlerOutput>,
  ): void;
  mock(job: string, handler: AnyHandler): void;
  mock(job: { readonly name: string } | string, handler: AnyHandler): void {
    this.#refuseClosed();
    const known = new Set(this.#handlers.jobTypes);
    const jobType = this.#handlers.set(job, handler);
    if (typeof job === "string" && !known.has(jobType)) this.#warnOfUnknown(jobType);
    if (!known.has(jobType)) this.#stage.host([jobType]);
  }

  /** Lets so much time pass, and everything happen that is due by then, each thing at its own time. */
  async skip(duration: Duration): Promise<void> {
    return this.skipUntil(this.#time.now + milliseconds(duration, "env.skip"));
  }

  /**
   * As `skip`, until that time.
   *
   * @throws RangeError for a time that is over
   */
  async skipUntil(when: Date | number): Promise<void> {
    this.#refuseClosed();
    const until = this.#notPast(when, "env.skipUntil");
    await this.#driver.until({
      until,
      look: () => (this.#time.now >= until ? { value: undefined } : undefined),
      stalled: () => new Error("A time is always reached."),
    });
  }

  /**
   * Has something done when so much time has passed, such as `env.after("36 hours", () => run.signal("approval", true))`. Time passes by `skip`, or while a
   * result is awaited.
   */
  after(duration: Duration, action: () => unknown): void {
    this.#refuseClosed();
    this.#schedule(this.#time.now + milliseconds(duration, "env.after"), action, "env.after");
  }

  /**
   * As `after`, at that time.
   *
   * @throws RangeError for a time that is over
   */
  at(when: Date | number, action: () => unknown): void {
    this.#refuseClosed();
    this.#schedule(this.#notPast(when, "env.at"), action, "env.at");
  }

  /** For a handler that takes its time: `await env.sleep("30 seconds")`. */
  sleep(duration: Duration): Promise<void> {
    return this.#driver.sleep(milliseconds(duration, "env.sleep"));
  }

  /** Ends everything. Nothing of it is left: no timer, no handle, no promise that is waited for. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #schedule(at: number, action: unknown, what: string): void {
    if (typeof action !== "function")
      throw new TypeError(`${what} takes a function, and was given ${shownText(action, 100)}.`);
    this.#driver.schedule(at, () => action());
  }

  /** @throws RangeError for a time that is over: it never comes back */
  #notPast(when: Date | number, what: string): number {
    const at = moment(when, what);
    if (at >= this.#time.now) return at;
    throw new RangeError(
      `${what} can't be ${iso(at)}: it is ${iso(this.#time.now)} already, and time only goes forward.`,
    );
  }

  async #close(): Promise<void> {
    this.#driver.close();
    await this.#stage.close();
    const problem = this.#driver.takeProblem();
    if (problem !== undefined) throw problem;
  }

  async #command<T>(what: string, send: () => Promise<T>): Promise<T> {
    this.#refuseClosed();
    const task = this.#work.begin(what);
    const sent = await send().finally(() => task.end());
    await this.#driver.settled();
    return sent;
  }

  /** It may be defined later, in the midst of a workflow: so it is no error. */
  #warnOfUnknown(jobType: string): void {
    const defined = definedJobs();
    if (defined.has(jobType)) return;
    const meant = nearestName(
      jobType,
      [...this.#handlers.jobTypes, ...defined].filter((name) => name !== jobType),
    );
    const instead = meant === undefined ? "" : ` Did you mean ${meant}?`;
    loggerOf(this.#logger).warn(
      { jobType },
      `env.mock("${jobType}"): no job of that name is defined so far.${instead}`,
    );
  }

  #nextId(of: string): string {
    const number = (this.#started.get(of) ?? 0) + 1;
    this.#started.set(of, number);
    return `${of}-${number}`;
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined)
      throw new TestEnvironmentError("closed", "The test environment is closed.");
  }
}
