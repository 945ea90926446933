import { hostname } from "node:os";
import { type Clock, type ConnectionState, type MessageLog, systemClock } from "@downbeat/message-log";
import { inboxPartitions } from "../inbox/inbox-partitions.ts";
import { InboxSender } from "../inbox/inbox-sender.ts";
import { checkName } from "../name.ts";
import { within } from "../within.ts";
import { type HandledJob, type HandlersByName, handledJobs } from "./handler.ts";
import { JobQueue } from "./job-queue.ts";
import { Quarantine } from "./quarantine.ts";

const flushMs = 5_000;

export interface WorkerOptions {
  readonly log: MessageLog;
  /** Shown where its attempts are shown. Default: host name and process id. */
  readonly name?: string;
  /** Handlers by job name, or what `handle(job, handler)` gives. */
  readonly jobs: HandlersByName | readonly HandledJob[];
  /** Attempts of each job at a time, where the job says nothing else. Default 100. */
  readonly concurrency?: number;
  /** Hears what an operator should know: lost connections, malformed messages, results that could not be sent. */
  readonly onProblem?: (problem: string, error?: Error) => void;
  readonly clock?: Clock;
}

export interface Worker {
  readonly name: string;
  /** Resolves when its jobs are subscribed to; rejects when the log refuses for good, or it was stopped before. */
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
 * Hosts job handlers. It starts at once, waits for the log as long as it has to, and comes back when the connection is lost.
 *
 * @throws RangeError for a job name that can't be taken
 */
export function worker(options: WorkerOptions): Worker {
  return new RunningWorker(options);
}

class RunningWorker implements Worker {
  readonly name: string;
  readonly ready: Promise<void>;
  readonly #options: WorkerOptions;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #queues: readonly JobQueue[] = [];
  #sender: InboxSender | undefined;
  #quarantine: Quarantine | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    const jobs = handledJobs(options.jobs);
    for (const { jobType } of jobs) checkName("job", jobType);
    this.name = (options.name ?? `${hostname()}-${process.pid}`).slice(0, 200);
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.ready = this.#start(jobs);
    this.ready.catch(() => {});
  }

  get running(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.running, 0);
  }

  stop({ graceMs = 10_000 }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#stopped ??= this.#end(graceMs);
    return this.#stopped;
  }

  async #start(jobs: readonly HandledJob[]): Promise<void> {
    const { log, concurrency } = this.#options;
    let told = false;
    const partitions = await inboxPartitions(log, this.#clock, {
      stop: this.#stop.signal,
      onRetry: (reason) => {
        if (!told) this.#problem("Waiting for the log.", reason);
        told = true;
      },
    });
    const reconnect = { clock: this.#clock };
    const sender = new InboxSender(log, partitions, reconnect);
    const quarantine = new Quarantine(log, this.#clock, reconnect);
    this.#sender = sender;
    this.#quarantine = quarantine;
    const subscribed: Promise<void>[] = [];
    this.#queues = jobs.map((job) => {
      let connected = (): void => {};
      subscribed.push(
        new Promise((resolve) => {
          connected = resolve;
        }),
      );
      const onStateChange = (state: ConnectionState, reason?: Error): void => {
        if (state === "connected") connected();
        else if (reason !== undefined)
          this.#problem(`The connection for ${job.jobType} jobs was lost.`, reason);
      };
      return new JobQueue(job, {
        log,
        sender,
        quarantine,
        concurrency,
        worker: this.name,
        clock: this.#clock,
        reconnect: { ...reconnect, onStateChange },
        // One that is lost is no harm: the next one comes, or the result.
        sendHeartbeat: (command) => void sender.send(command).catch(() => {}),
        onProblem: (problem, error) => this.#problem(problem, error),
      });
    });
    await Promise.all(subscribed);
  }

  async #end(graceMs: number): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#queues.map((queue) => queue.drain(graceMs)));
    await this.#flush();
    await Promise.all(this.#queues.map((queue) => queue.close()));
    await this.#sender?.close();
    await this.#quarantine?.close();
  }

  /** Without a connection there is nothing to wait for: what is not acknowledged is delivered to another worker. */
  async #flush(): Promise<void> {
    if (this.#sender !== undefined) await within(this.#clock, flushMs, this.#sender.flushed());
    // What was flushed is acknowledged by callbacks that are still to run.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #problem(problem: string, error?: Error): void {
    this.#options.onProblem?.(problem, error);
  }
}
