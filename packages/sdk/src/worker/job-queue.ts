import type { RunCommand } from "@downbeat/domain";
import {
  type Consumer,
  LogError,
  type MessageLog,
  type Position,
  type ReceivedMessage,
  type ReconnectOptions,
  reconnectingConsumer,
} from "@downbeat/message-log";
import {
  InvalidCommand,
  type JobMessage,
  parseJobMessage,
  reasonOf,
  subscriptions,
  topics,
} from "@downbeat/protocol";
import { failure } from "../failure.ts";
import type { InboxSender } from "../inbox/inbox-sender.ts";
import type { OnProblem } from "../problem-listener.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";
import { Attempt, type AttemptSurroundings } from "./attempt.ts";
import { type HandledJob, mostUnacknowledged } from "./handler.ts";
import type { Quarantine } from "./quarantine.ts";

const defaultConcurrency = 100;

/** For handlers that end when their signal says so. */
const lastChanceMs = 200;

export interface JobQueueOptions extends AttemptSurroundings {
  readonly log: MessageLog;
  readonly sender: Pick<InboxSender, "send">;
  readonly quarantine: Pick<Quarantine, "add">;
  readonly reconnect: ReconnectOptions;
  readonly concurrency: number | undefined;
  readonly onProblem: OnProblem;
}

/**
 * Takes the attempts of one job type from its topic, a limited number at a time.
 *
 * Q1. An attempt is acknowledged when its result has its receipt, so a crash in between has it delivered again.
 * Q2. One that comes again while it is in hand, or after it was answered here, is not carried out a second time.
 * Q3. A worker that stops takes up nothing more; what it holds goes to others when its subscription ends.
 */
export class JobQueue {
  readonly #job: HandledJob;
  readonly #options: JobQueueOptions;
  readonly #consumer: Consumer;
  readonly #concurrency: number;
  readonly #waiting: JobMessage[] = [];
  readonly #running = new Set<Attempt>();
  /** Where the messages are of each attempt in hand; dispatched twice, it is there twice. */
  readonly #inHand = new Map<string, Position[]>();
  /** Attempts answered lately: their acknowledgement may have been lost. */
  readonly #answered = new Set<string>();
  #stopping = false;
  #idle: (() => void) | undefined;

  constructor(job: HandledJob, options: JobQueueOptions) {
    this.#job = job;
    this.#options = options;
    this.#concurrency = job.concurrency ?? options.concurrency ?? defaultConcurrency;
    this.#consumer = reconnectingConsumer(options.log, topics.jobs(job.jobType), {
      ...options.reconnect,
      subscription: subscriptions.workers,
      type: "Shared",
      consumerName: options.worker,
      // A few more than it can run, so that the next one is at hand when one ends.
      queueSize: Math.min(mostUnacknowledged, this.#concurrency + Math.min(this.#concurrency, 100)),
      onMessage: (message) => this.#receive(message),
      onClose: (reason) => {
        if (reason !== undefined) options.onProblem(`No more ${job.jobType} jobs are taken.`, reason);
      },
    });
  }

  /** Attempts in a handler's hands. */
  get running(): number {
    return this.#running.size;
  }

  /** Waits for the handlers at work; those left when the time is over are told to end, and their failures don't count (Q3). */
  async drain(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#waiting.length = 0;
    if (this.#running.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    const { clock } = this.#options;
    if (await within(clock, graceMs, idle)) return;
    for (const attempt of this.#running) attempt.abort(new Error("The worker is stopping."));
    await within(clock, lastChanceMs, idle);
  }

  close(): Promise<void> {
    return this.#consumer.close();
  }

  #receive({ position, payload }: ReceivedMessage): void {
    if (this.#stopping) return;
    let message: JobMessage;
    try {
      message = parseJobMessage(payload);
    } catch (error) {
      void this.#setAside(position, payload, `not a job: ${reasonOf(error)}`);
      return;
    }
    const name = nameOf(message);
    if (this.#answered.has(name)) return this.#consumer.acknowledge(position);
    const positions = this.#inHand.get(name);
    if (positions !== undefined) {
      if (!positions.includes(position)) positions.push(position);
      return;
    }
    this.#inHand.set(name, [position]);
    if (this.#running.size < this.#concurrency) void this.#carryOut(message);
    else this.#waiting.push(message);
  }

  async #carryOut(message: JobMessage): Promise<void> {
    const attempt = new Attempt(message, this.#job, this.#options);
    this.#running.add(attempt);
    const result = await attempt.run();
    this.#running.delete(attempt);
    this.#next();
    // Ended by our own stopping, it did not fail: another worker carries it out.
    if (this.#stopping && attempt.isAborted && result.type !== "CompleteAttempt") return;
    const name = nameOf(message);
    try {
      await this.#send(result, attempt);
      this.#answer(name);
    } catch (error) {
      this.#inHand.delete(name);
      if (!this.#stopping)
        this.#options.onProblem(`A result of ${message.jobType} could not be sent.`, asError(error));
    }
  }

  async #send(result: RunCommand, attempt: Attempt): Promise<void> {
    try {
      await this.#options.sender.send(result);
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      await this.#options.sender.send(attempt.failed(failure("invalid", "InvalidOutput", problem)));
    }
  }

  #next(): void {
    if (this.#stopping) {
      if (this.#running.size === 0) this.#idle?.();
      return;
    }
    const next = this.#waiting.shift();
    if (next !== undefined) void this.#carryOut(next);
  }

  #answer(name: string): void {
    for (const position of this.#inHand.get(name) ?? []) this.#consumer.acknowledge(position);
    this.#inHand.delete(name);
    this.#answered.add(name);
    if (this.#answered.size <= mostUnacknowledged) return;
    for (const oldest of this.#answered) {
      this.#answered.delete(oldest);
      break;
    }
  }

  async #setAside(position: Position, payload: Uint8Array, reason: string): Promise<void> {
    const { quarantine, onProblem } = this.#options;
    try {
      await quarantine.add(topics.jobs(this.#job.jobType), position, payload, reason);
      this.#consumer.acknowledge(position);
      onProblem(`A malformed ${this.#job.jobType} job was put into quarantine: ${reason}`);
    } catch (error) {
      if (!this.#stopping) onProblem("A malformed job could not be put into quarantine.", asError(error));
    }
  }
}

/** Why the result itself can't be sent, now or ever; nothing when it may be. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof InvalidCommand) return error.message;
  const isTooLarge = error instanceof LogError && error.code === "tooLarge";
  return isTooLarge ? "The log does not take so large an output." : undefined;
}

function nameOf({ runId, jobId, attempt }: JobMessage): string {
  return `${runId}/${jobId}/${attempt}`;
}
