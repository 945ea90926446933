import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { partitionOf } from "@downbeat/domain";
import { type Clock, type ConnectionState, nextTurn } from "@downbeat/message-log";
import { longestName, topics } from "@downbeat/protocol";
import { z } from "zod";
import { boundMethods } from "../bound-methods.ts";
import { type Hanging, hangOn, type LogOptions } from "../connection/hang-on.ts";
import { clockHere } from "../connection/standing-still.ts";
import { DecisionThreads, type WorkflowSource } from "../decisions/threads/decision-threads.ts";
import { hasWorkflows, limitFields, limitsOf, workflowSource } from "../decisions/threads/options.ts";
import { isDecisionThread } from "../definitions/definitions.ts";
import { inboxPartitions } from "../inbox/inbox-partitions.ts";
import { InboxSender } from "../inbox/inbox-sender.ts";
import { unreachedListener } from "../inbox/unreached.ts";
import { checkOptions } from "../options/check-options.ts";
import {
  anything,
  callable,
  clock,
  connection,
  durationMs,
  logger,
  messageLog,
  oneOf,
  payloadCodec,
  shortText,
} from "../options/fields.ts";
import { type OnProblem, problemListener } from "../problem-listener.ts";
import { asError } from "../thrown/as-error.ts";
import { thrownText } from "../thrown/read-thrown.ts";
import { sdkVersion } from "../version.ts";
import { within } from "../within.ts";
import { Announcing } from "./announcing.ts";
import { Asking } from "./asking.ts";
import { defaultBuild } from "./build.ts";
import { CallOffs } from "./call-offs.ts";
import { concurrency, type HandledJob, type HandlersByName, handledJobs } from "./handler.ts";
import { defaultConcurrency, JobQueue } from "./job-queue.ts";
import { LogClock } from "./log-clock.ts";
import { LoopWatch } from "./loop-watch.ts";
import { Quarantine } from "./quarantine.ts";
import { QuestionQueue } from "./question-queue.ts";
import { RunProblems } from "./run-problems.ts";
import { Trial } from "./trial.ts";

const flushMs = 5_000;
// The `downbeat` command knows its own worker's by these words.
const notReady = "The worker can't begin.";

export interface WorkerOptions extends LogOptions {
  /** Shown where its attempts are shown. Default: host name and process id. */
  readonly name?: string;
  /** Handlers by job name, or what `handle(job, handler)` gives. */
  readonly jobs?: HandlersByName | readonly HandledJob[] | undefined;
  /**
   * Workflows whose code it hosts: it is asked what comes next in their runs. The workflows themselves, or the module that exports them, by its path or URL
   * (`new URL("./workflows.ts", import.meta.url)`).
   */
  readonly workflows?: WorkflowSource;
  /**
   * Where workflow code runs. `thread` (the default): in threads of its own, which load the files that define the workflows, and which are ended when code never
   * ends or takes all memory; its run is stuck then, and nothing else is. `none`: in the thread that calls this, without limits.
   */
  readonly isolation?: "thread" | "none";
  /** What workflow code in threads may take. */
  readonly limits?: WorkflowLimits;
  /** What this worker's code is called, e.g. `2026-12-01.3`. Default: the version in package.json and the commit of git, as far as they are found. */
  readonly build?: string;
  /** Attempts of each job at a time, where the job says nothing else. Default 100. */
  readonly concurrency?: number;
  /** Hears what an operator should know: runs that its code got stuck, lost connections, malformed messages, results that could not be sent. Default: it is logged. */
  readonly onProblem?: OnProblem;
  readonly clock?: Clock;
}

export interface WorkflowLimits {
  /** Processor time of one step, between two waits, in ms. Default 5,000. */
  readonly stepMs?: number;
  /** What a thread may hold, in MB. Default 512. */
  readonly memoryMb?: number;
  /** How many threads there are; a run is always in the same one. Default 1. */
  readonly threads?: number;
}

export interface Worker {
  readonly name: string;
  readonly build: string;
  /** Resolves when its jobs are subscribed to; rejects when its workflows can't be loaded, the log refuses for good, or it was stopped before. */
  readonly ready: Promise<void>;
  /** Attempts in a handler's hands. */
  readonly running: number;
  /**
   * Takes up nothing more, waits for the handlers at work and sends their results. What is not done after `graceMs` (default
   * 10,000) is left to other workers.
   */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Hosts job handlers, over the connection that it is given, or one of its own as the environment says: see `connect()`. It starts at once, waits for the log as long as it has to, and comes back when the connection is lost.
 *
 * @throws RangeError or TypeError for an option, a job's name or a handler that can't be taken
 */
export function worker(options: WorkerOptions): Worker {
  return new RunningWorker(options);
}

const limits = z.strictObject(limitFields, { error: "they are an object" });

const workerOptions = z.strictObject(
  {
    connection: connection.exactOptional(),
    log: messageLog.exactOptional(),
    logger: logger.optional(),
    codec: payloadCodec.optional(),
    name: shortText(longestName).optional(),
    build: shortText(200).optional(),
    jobs: anything,
    workflows: workflowSource.optional(),
    isolation: oneOf("thread", "none").optional(),
    limits: limits.optional(),
    concurrency: concurrency.optional(),
    onProblem: callable.optional(),
    clock: clock.optional(),
  },
  { error: "they are an object" },
);

const stopOptions = z.strictObject({ graceMs: durationMs(0).optional() }, { error: "they are an object" });

function notHosted(error: unknown): never {
  throw new Error(`worker() can't host its workflows: ${thrownText(error)}`, { cause: error });
}

class RunningWorker implements Worker {
  readonly name: string;
  readonly build: string;
  readonly ready: Promise<void>;
  readonly #options: WorkerOptions;
  readonly #hanging: Hanging;
  readonly #problem: OnProblem;
  readonly #runProblems: RunProblems;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #queues: readonly JobQueue[] = [];
  #questions: readonly QuestionQueue[] = [];
  readonly #host: DecisionThreads | undefined;
  #sender: InboxSender | undefined;
  #quarantine: Quarantine | undefined;
  #callOffs: CallOffs | undefined;
  #asking: Asking | undefined;
  #announcing: Announcing | undefined;
  #loopWatch: LoopWatch | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    boundMethods(this);
    checkOptions("worker()", workerOptions, options);
    const jobs = handledJobs(options.jobs, hasWorkflows(options.workflows));
    this.name = options.name ?? `${hostname()}-${process.pid}`.slice(0, 200);
    this.build = options.build ?? defaultBuild(dirname(process.argv[1] ?? process.cwd()));
    this.#options = options;
    this.#hanging = hangOn("worker()", options, () => this.stop());
    this.#problem = problemListener(options.onProblem, this.#hanging.logger);
    const { logger } = this.#hanging;
    this.#runProblems = new RunProblems(options.onProblem && this.#problem, logger);
    this.#clock = clockHere(options.clock);
    this.#host = this.#hostOf(options);
    this.ready = this.#start(jobs);
    this.ready.catch((error: unknown) => {
      if (this.#stop.signal.aborted) return;
      const { address, logger } = this.#hanging;
      if (options.onProblem !== undefined) return this.#problem(notReady, asError(error));
      logger.error({ ...(address !== undefined && { address }), err: asError(error) }, notReady);
    });
  }

  get running(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.running, 0);
  }

  async stop(options: { readonly graceMs?: number } = {}): Promise<void> {
    const { graceMs = 10_000 } = checkOptions("stop()", stopOptions, options);
    this.#stopped ??= this.#end(graceMs);
    return this.#stopped;
  }

  #hostOf({ workflows, isolation, limits, clock }: WorkerOptions): DecisionThreads | undefined {
    if (workflows === undefined || !hasWorkflows(workflows) || isDecisionThread()) return undefined;
    return new DecisionThreads({
      workflows,
      // With a clock of another make, time is not what passes in a thread.
      isolation: isolation ?? (clock === undefined ? "thread" : "none"),
      ...limitsOf(limits),
      logger: this.#hanging.logger,
      onProblem: this.#problem,
      onStray: this.#runProblems.stray,
    });
  }

  async #start(jobs: readonly HandledJob[]): Promise<void> {
    const { concurrency, onProblem } = this.#options;
    const { log, payloads } = this.#hanging;
    const host = this.#host;
    const misloaded = new AbortController();
    // Said at once: whoever mistypes a path is not to look for a log first.
    const loading = host?.ready.catch(notHosted);
    loading?.catch(() => misloaded.abort());
    const reaching = inboxPartitions(log, this.#clock, {
      stop: AbortSignal.any([this.#stop.signal, misloaded.signal]),
      onRetry: unreachedListener(this.#hanging, onProblem),
    });
    const [partitions, hosted = []] = await Promise.all([reaching, loading]);
    this.#refuseStopped();
    const pinned = hosted.find(({ versioning }) => versioning === "pinned");
    if (pinned !== undefined && this.build === "")
      throw new RangeError(
        `The workflow ${pinned.name} is pinned to builds, and this worker's build has no name: give it one, as in build: "2026-12-01.3".`,
      );
    const reconnect = { clock: this.#clock };
    const sender = new InboxSender(log, partitions, reconnect);
    const quarantine = new Quarantine(log, this.#clock, reconnect);
    this.#sender = sender;
    this.#quarantine = quarantine;
    const asking = new Asking(log, this.name, this.#clock);
    this.#asking = asking;
    const trial = new Trial(this.#clock);
    const logClock = new LogClock(log, this.#clock);
    // By a clock that has its own, time is not what passes in this event loop.
    if (this.#clock.monotonic === undefined)
      this.#loopWatch = new LoopWatch(this.#problem, () => this.#queues.flatMap((queue) => queue.atWork));
    const subscribed: Promise<void>[] = [];
    const subscription = (what: string) => {
      let connected = (): void => {};
      subscribed.push(
        new Promise((resolve) => {
          connected = resolve;
        }),
      );
      return (state: ConnectionState, reason?: Error): void => {
        if (state === "connected") connected();
        else if (reason !== undefined) this.#problem(`The connection for ${what} was lost.`, reason);
      };
    };
    if (host !== undefined) {
      this.#questions = hosted.map(
        ({ name, versioning }) =>
          new QuestionQueue(name, {
            log,
            sender,
            quarantine,
            payloads,
            host,
            worker: this.name,
            build: this.build === "" ? undefined : this.build,
            versioning,
            reconnect,
            onStateChange: subscription(`what is asked of ${name}`),
            onStuck: (run) => this.#runProblems.stuck(run),
            onUntaken: (run) => this.#runProblems.untaken(run),
            onProblem: this.#problem,
          }),
      );
    }
    this.#queues = jobs.map((job) => {
      const onStateChange = subscription(`${job.jobType} jobs`);
      return new JobQueue(job, {
        log,
        sender,
        quarantine,
        payloads,
        concurrency,
        trial,
        inboxOf: (runId) => topics.inbox(partitionOf(runId, partitions)),
        logClock,
        onBegun: (name) => this.#loopWatch?.begun(name),
        decisionOn: (command) => asking.decisionOn(command),
        worker: this.name,
        logger: this.#hanging.logger,
        clock: this.#clock,
        reconnect: { ...reconnect, onStateChange },
        // One that is lost is no harm: the next one comes, or the result.
        sendHeartbeat: (command) => void sender.send(command).catch(() => {}),
        onStray: (reason) =>
          this.#problem(
            `A promise that a handler of ${job.jobType} left behind was rejected: ${thrownText(reason)}`,
            asError(reason),
          ),
        onProblem: this.#problem,
      });
    });
    this.#callOffs = new CallOffs({
      log,
      reconnect,
      onCalledOff: (message) => {
        for (const queue of this.#queues) queue.callOff(message);
      },
    });
    this.#announcing = new Announcing({
      log,
      clock: this.#clock,
      workflows: hosted,
      inHand: (jobType) => this.#queues.find((queue) => queue.jobType === jobType)?.running ?? 0,
      worker: {
        id: randomUUID(),
        name: this.name,
        host: hostname().slice(0, 200),
        build: this.build,
        sdk: sdkVersion,
      },
      jobs: jobs.map((job) => ({
        ...job,
        concurrency: job.concurrency ?? concurrency ?? defaultConcurrency,
      })),
      onProblem: this.#problem,
    });
    // Who starts a run next is not to be told that nobody knows its workflow.
    await Promise.all([...subscribed, this.#announcing.said]);
  }

  /** What was opened after it had been stopped, nobody would close. */
  #refuseStopped(): void {
    if (this.#stop.signal.aborted) throw new Error("The worker was stopped before it was ready.");
  }

  async #end(graceMs: number): Promise<void> {
    this.#stop.abort();
    const goodbye = this.#announcing?.stop();
    // Runs are not to wait for the jobs that are at work here.
    const questions = this.#endQuestions(graceMs);
    await Promise.all(this.#queues.map((queue) => queue.drain(graceMs)));
    this.#loopWatch?.stop();
    await this.#flush();
    await Promise.all([questions, ...this.#queues.map((queue) => queue.close())]);
    await this.#host?.close();
    // A log that gives no receipts would be waited for without end.
    if (this.#sender !== undefined) await within(this.#clock, flushMs, this.#sender.close());
    await this.#callOffs?.close();
    await this.#asking?.close();
    await this.#quarantine?.close();
    await goodbye;
    await this.#hanging.letGo();
  }

  /** What is asked from now on is another worker's, as soon as this one has given its answers. */
  async #endQuestions(graceMs: number): Promise<void> {
    await Promise.all(this.#questions.map((queue) => queue.drain(graceMs)));
    // As soon as it can be: what comes meanwhile is handed over once more, and counted as if a worker had ended with it.
    if (this.#questions.some((queue) => queue.isAnswering)) await this.#flush();
    await Promise.all(this.#questions.map((queue) => queue.close()));
  }

  /** Without a connection there is nothing to wait for: what is not acknowledged is delivered to another worker. */
  async #flush(): Promise<void> {
    if (this.#sender !== undefined) await within(this.#clock, flushMs, this.#sender.flushed());
    // What was flushed is acknowledged by callbacks that are still to run.
    await new Promise<void>((resolve) => nextTurn(resolve));
  }
}
