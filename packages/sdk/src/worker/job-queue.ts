import type { RunCommand, RunEvent } from "@downbeat/domain";
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
import type { Trial } from "./trial.ts";

const defaultConcurrency = 100;

/** For handlers that end when their signal says so. */
const lastChanceMs = 200;

export interface JobQueueOptions extends AttemptSurroundings {
  readonly log: MessageLog;
  readonly sender: Pick<InboxSender, "send">;
  readonly quarantine: Pick<Quarantine, "add">;
  readonly reconnect: ReconnectOptions;
  readonly concurrency: number | undefined;
  readonly trial: Trial;
  /** What the engine makes of a command; nothing when it does not say so in time. */
  readonly decisionOn: (command: RunCommand) => Promise<readonly RunEvent[] | undefined>;
  readonly onProblem: OnProblem;
}

/**
 * Takes the attempts of one job type from its topic, a limited number at a time.
 *
 * Q1. An attempt is acknowledged when its result has its receipt, so a crash in between has it delivered again.
 * Q2. One that comes again while it is in hand, or after it was answered here, is not carried out a second time.
 * Q3. A worker that stops takes up nothing more; what it holds goes to others when its subscription ends.
 * Q4. One that came back unanswered may have ended the worker that had it. It is begun only after that was said in the inbox, one at a
 *     time; the next time, only if the engine does not find that two workers ended with it.
 */
export class JobQueue {
  readonly #job: HandledJob;
  readonly #options: JobQueueOptions;
  readonly #consumer: Consumer;
  readonly #concurrency: number;
  readonly #waiting: Taken[] = [];
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
    options.trial.onFree(() => this.#next());
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

  #receive({ position, payload, redeliveryCount }: ReceivedMessage): void {
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
    this.#waiting.push({ message, redelivered: redeliveryCount });
    this.#next();
  }

  async #take({ message, redelivered }: Taken): Promise<void> {
    const attempt = new Attempt(message, this.#job, this.#options);
    this.#running.add(attempt);
    const result = redelivered === 0 ? await attempt.run() : await this.#try(attempt, redelivered);
    this.#running.delete(attempt);
    this.#next();
    // Ended by our own stopping, it did not fail: another worker carries it out.
    if (this.#stopping && (result === undefined || (attempt.isAborted && result.type !== "CompleteAttempt")))
      return;
    const name = nameOf(message);
    if (result === undefined) return this.#answer(name);
    try {
      await this.#send(result, attempt);
      this.#answer(name);
    } catch (error) {
      this.#inHand.delete(name);
      if (!this.#stopping)
        this.#options.onProblem(`A result of ${message.jobType} could not be sent.`, asError(error));
    }
  }

  /** Nothing when it is not to be carried out. */
  async #try(attempt: Attempt, redelivered: number): Promise<RunCommand | undefined> {
    const { begun, over } = this.#options.trial.enter();
    try {
      if (!(await this.#mayBegin(attempt, redelivered)) || this.#stopping) return undefined;
      begun();
      return await attempt.run();
    } finally {
      over();
    }
  }

  async #mayBegin(attempt: Attempt, redelivered: number): Promise<boolean> {
    const command = attempt.cameBack(redelivered);
    const { sender, decisionOn, onProblem } = this.#options;
    try {
      if (redelivered === 1) {
        await sender.send(command);
        return true;
      }
      const events = await decisionOn(command);
      return events === undefined || events.some(({ type }) => type === "AttemptStarted");
    } catch (error) {
      if (!this.#stopping) onProblem("It could not be said that an attempt came back.", asError(error));
      return true;
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
    while (this.#running.size < this.#concurrency) {
      const at = this.#waiting.findIndex(
        ({ redelivered }) => redelivered === 0 || this.#options.trial.isFree,
      );
      const [next] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (next === undefined) return;
      void this.#take(next);
    }
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

interface Taken {
  readonly message: JobMessage;
  /** How often the log delivered it before. */
  readonly redelivered: number;
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
