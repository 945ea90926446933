import type { RunCommand, RunEvent } from "@downbeat/domain";
import {
  type Consumer,
  LogError,
  type MessageLog,
  monotonic,
  type Position,
  type ReceivedMessage,
  type ReconnectOptions,
  reconnectingConsumer,
} from "@downbeat/message-log";
import {
  type CalledOffMessage,
  InvalidCommand,
  type JobMessage,
  parseJobMessage,
  reasonOf,
  subscriptions,
  topics,
} from "@downbeat/protocol";
import { Insistence } from "../codec/insistence.ts";
import { failure } from "../failure.ts";
import type { InboxSender } from "../inbox/inbox-sender.ts";
import { PayloadError } from "../payload.ts";
import type { OnProblem } from "../problem-listener.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";
import { Attempt, type AttemptSurroundings } from "./attempt.ts";
import { calledOff } from "./call-offs.ts";
import { type HandledJob, mostUnacknowledged } from "./handler.ts";
import type { LogClock } from "./log-clock.ts";
import type { Quarantine } from "./quarantine.ts";
import type { Trial } from "./trial.ts";

export const defaultConcurrency = 100;

/** What the log's time is known to. */
const clockSlackMs = 1_000;

/** For handlers that end when their signal says so. */
const lastChanceMs = 200;

export interface JobQueueOptions extends AttemptSurroundings {
  readonly log: MessageLog;
  readonly sender: Pick<InboxSender, "post" | "send">;
  readonly quarantine: Pick<Quarantine, "add">;
  readonly reconnect: ReconnectOptions;
  readonly concurrency: number | undefined;
  readonly trial: Trial;
  readonly logClock: Pick<LogClock, "observe" | "now" | "learnFrom" | "hasLearnt">;
  /** The topic that takes what is said of the run. */
  readonly inboxOf: (runId: string) => string;
  /** A handler is about to be called. */
  readonly onBegun: (name: string) => void;
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
 * Q4. An attempt is begun when it is on its way to the inbox that it is: should it end its worker, or block it, that is known.
 * Q5. One that came back is begun only if the engine says that no worker had begun it. Those that ended a worker in an earlier attempt are begun one
 *     at a time, so that they don't take each other along.
 * Q6. One that is past the time until which it is worth beginning is not begun.
 * Q7. A worker holds no more than it works at: what waits for it could be with one that is idle. What is not begun when the connection is lost is
 *     another one's.
 * Q8. An attempt that nobody waits for any more is not begun, and one that is under way is told. What comes of it is sent all the same, so that the
 *     engine knows that it is over.
 */
export class JobQueue {
  readonly #job: HandledJob;
  readonly #options: JobQueueOptions;
  readonly #consumer: Consumer;
  readonly #concurrency: number;
  readonly #insistence: Insistence;
  readonly #waiting: Taken[] = [];
  /** Taken up, and not begun yet. */
  readonly #beginning = new Set<Taken>();
  readonly #running = new Set<Attempt>();
  /** Where the messages are of each attempt in hand; dispatched twice, it is there twice. */
  readonly #inHand = new Map<string, Position[]>();
  /** Attempts answered lately: their acknowledgement may have been lost. */
  readonly #answered = new Set<string>();
  /** As `monotonic`. */
  #connectedAt = Number.POSITIVE_INFINITY;
  /** Attempts that nobody waits for any more, of those told of lately. */
  readonly #calledOff = new Set<string>();
  #stopping = false;
  #idle: (() => void) | undefined;

  constructor(job: HandledJob, options: JobQueueOptions) {
    this.#job = job;
    this.#options = options;
    this.#concurrency = job.concurrency ?? options.concurrency ?? defaultConcurrency;
    this.#insistence = new Insistence(options.clock, (reason) =>
      options.onProblem(
        `What comes of ${job.jobType} can't be encrypted now: it is tried again for as long as the attempt counts.`,
        reason,
      ),
    );
    options.trial.onFree(() => this.#next());
    this.#consumer = reconnectingConsumer(options.log, topics.jobs(job.jobType), {
      ...options.reconnect,
      onStateChange: (state, reason) => {
        if (state === "connected") this.#connectedAt = monotonic(options.clock);
        else this.#leaveUnbegun();
        options.reconnect.onStateChange?.(state, reason);
      },
      subscription: subscriptions.workers,
      type: "Shared",
      consumerName: options.worker,
      queueSize: this.#concurrency,
      onMessage: (message) => this.#receive(message),
      onClose: (reason) => {
        if (reason !== undefined) options.onProblem(`No more ${job.jobType} jobs are taken.`, reason);
      },
    });
  }

  get jobType(): string {
    return this.#job.jobType;
  }

  /** Attempts in a handler's hands. */
  get running(): number {
    return this.#running.size;
  }

  /** Their names, for people. */
  get atWork(): readonly string[] {
    return Array.from(
      this.#running,
      ({ runId, jobId, attempt }) => `${this.#job.jobType} ${nameOf({ runId, jobId, attempt })}`,
    );
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
    if (await within(clock, lastChanceMs, idle)) return;
    for (const attempt of this.#running) attempt.letGo();
  }

  /** Nobody waits for the attempt any more (Q8). */
  callOff(message: CalledOffMessage): void {
    if (message.jobType !== this.#job.jobType) return;
    const name = nameOf(message);
    keepLately(this.#calledOff, name);
    for (const attempt of this.#running) if (nameOf(attempt) === name) attempt.abort(calledOff(message));
    const at = this.#waiting.findIndex((taken) => nameOf(taken.message) === name);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#answer(name);
  }

  close(): Promise<void> {
    return this.#consumer.close();
  }

  #receive({ position, payload, publishTime, redeliveryCount }: ReceivedMessage): void {
    this.#options.logClock.observe(publishTime);
    if (this.#stopping) return;
    let message: JobMessage;
    try {
      message = parseJobMessage(payload);
    } catch (error) {
      void this.#setAside(position, payload, `not a job: ${reasonOf(error)}`);
      return;
    }
    const name = nameOf(message);
    if (this.#answered.has(name) || this.#calledOff.has(name)) return this.#consumer.acknowledge(position);
    const positions = this.#inHand.get(name);
    if (positions !== undefined) {
      if (!positions.includes(position)) positions.push(position);
      return;
    }
    this.#inHand.set(name, [position]);
    this.#waiting.push({ message, publishTime, redelivered: redeliveryCount });
    this.#next();
  }

  async #take(taken: Taken): Promise<void> {
    const { message } = taken;
    const attempt = new Attempt(message, this.#job, this.#options);
    this.#running.add(attempt);
    const command = await this.#toSend(await this.#carryOut(attempt, taken), attempt);
    this.#running.delete(attempt);
    this.#next();
    if (command === "left") return;
    const name = nameOf(message);
    if (command === "dropped") return this.#answer(name);
    try {
      await this.#send(command, attempt);
      this.#answer(name);
    } catch (error) {
      this.#inHand.delete(name);
      if (!this.#stopping)
        this.#options.onProblem(`A result of ${message.jobType} could not be sent.`, asError(error));
    }
  }

  #toSend(result: RunCommand | Unbegun, attempt: Attempt) {
    if (result === "left" || result === "dropped") return result;
    // Ended by our own stopping, it did not fail: another worker carries it out.
    if (this.#stopping && attempt.isAborted && result.type !== "CompleteAttempt") return "left";
    return this.#options.payloads.encrypts ? this.#encrypted(result, attempt) : result;
  }

  async #encrypted(result: RunCommand, attempt: Attempt): Promise<RunCommand | "left"> {
    try {
      return await attempt.sent(result, this.#insistence);
    } catch (error) {
      // Of our own words: nothing of it needs to be encrypted, nor could be where there is no key.
      if (error instanceof PayloadError)
        return attempt.failed(
          failure("invalid", error.lacksKey ? "PayloadUnreadable" : "InvalidOutput", error.message),
        );
      this.#options.onProblem(
        `What came of ${nameOf(attempt)} (${this.#job.jobType}) could not be encrypted for as long as it counted: its handler may be called once more.`,
        asError(error),
      );
      return this.#stopping ? "left" : attempt.notEncrypted();
    }
  }

  async #carryOut(attempt: Attempt, taken: Taken): Promise<RunCommand | Unbegun> {
    const { begun, over } = taken.message.careful === true ? this.#options.trial.enter() : free;
    try {
      const unbegun = await this.#begin(attempt, taken);
      if (unbegun !== undefined) return unbegun;
      if (attempt.isAborted) return "left";
      begun();
      this.#options.onBegun(`${this.#job.jobType} ${nameOf(taken.message)}`);
      return await attempt.run();
    } finally {
      over();
    }
  }

  /** @returns what becomes of it when it is not to be begun */
  async #begin(attempt: Attempt, taken: Taken): Promise<Unbegun | undefined> {
    if (this.#isPast(taken) || this.#isCalledOff(taken)) return "dropped";
    if (this.#stopping) return "left";
    this.#beginning.add(taken);
    const isWanted = await this.#isWanted(attempt, taken);
    const isStillHere = this.#beginning.delete(taken);
    if (!isStillHere) return "left";
    if (!isWanted || this.#isPast(taken) || this.#isCalledOff(taken)) return "dropped";
    return undefined;
  }

  #isCalledOff({ message }: Taken): boolean {
    return this.#calledOff.has(nameOf(message));
  }

  #isPast({ message: { startBy } }: Taken): boolean {
    if (startBy === undefined) return false;
    const now = this.#options.logClock.now();
    return now !== undefined && now >= startBy;
  }

  /** Whether it is to be begun, now that it is safe in the inbox that it is. */
  async #isWanted(attempt: Attempt, taken: Taken): Promise<boolean> {
    const { message, redelivered } = taken;
    const again = redelivered === 0 && this.#mayHaveComeBack(taken);
    // Rule 27: the engine is told before the handler is called, so a worker's end in it is known.
    const command = attempt.begins(redelivered, again);
    const { sender, decisionOn, inboxOf, logClock, onProblem } = this.#options;
    try {
      if (redelivered === 0 && !again) {
        const post = (): Promise<void> => {
          const posting = sender.post(command);
          posting.receipt.catch(() => {});
          // A first attempt need not wait for the receipt, since its process may end and it gets there all the same. One that is tried again has time.
          return message.attempt === 1 ? posting.sent : posting.receipt;
        };
        if (message.startBy === undefined) await post();
        else await logClock.learnFrom(inboxOf(message.runId), post);
        return true;
      }
      const ask = () => decisionOn(command);
      const events = again ? await logClock.learnFrom(inboxOf(message.runId), ask) : await ask();
      return events === undefined || events.some(({ type }) => type === "AttemptStarted");
    } catch (error) {
      if (!this.#stopping) onProblem("It could not be said that an attempt begins.", asError(error));
      return true;
    }
  }

  /** It was there before this consumer, on a log that forgets its counts when the last one is gone. */
  #mayHaveComeBack({ publishTime }: Taken): boolean {
    const { log, logClock } = this.#options;
    if (log.forgetsDeliveries !== true) return false;
    const now = logClock.hasLearnt ? logClock.now() : undefined;
    if (now === undefined) return true;
    return publishTime < now - (monotonic(this.#options.clock) - this.#connectedAt) + clockSlackMs;
  }

  /** The log hands them to another worker, or here once more. */
  #leaveUnbegun(): void {
    for (const { message } of [...this.#waiting.splice(0), ...this.#beginning])
      this.#inHand.delete(nameOf(message));
    this.#beginning.clear();
  }

  async #send(result: RunCommand, attempt: Attempt): Promise<void> {
    const { sender } = this.#options;
    try {
      await sender.send(result);
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      // Of our own words, as where it can't be encrypted.
      await sender.send(attempt.failed(failure("invalid", "InvalidOutput", problem)));
    }
  }

  #next(): void {
    if (this.#stopping) {
      if (this.#running.size === 0) this.#idle?.();
      return;
    }
    while (this.#running.size < this.#concurrency) {
      const at = this.#waiting.findIndex(
        ({ message }) => message.careful !== true || this.#options.trial.isFree,
      );
      const [next] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (next === undefined) return;
      void this.#take(next);
    }
  }

  #answer(name: string): void {
    for (const position of this.#inHand.get(name) ?? []) this.#consumer.acknowledge(position);
    this.#inHand.delete(name);
    keepLately(this.#answered, name);
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

/** Not begun: nobody wants it any longer, or it is another worker's. */
type Unbegun = "dropped" | "left";

function keepLately(names: Set<string>, name: string): void {
  names.add(name);
  if (names.size <= mostUnacknowledged) return;
  for (const oldest of names) {
    names.delete(oldest);
    break;
  }
}

const free = { begun: (): void => {}, over: (): void => {} };

interface Taken {
  readonly message: JobMessage;
  /** By the log's clock. */
  readonly publishTime: number;
  /** How often the log delivered it before. */
  readonly redelivered: number;
}

/** Why the result itself can't be sent, now or ever; nothing when it may be. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof InvalidCommand) return error.message;
  const isTooLarge = error instanceof LogError && error.code === "tooLarge";
  return isTooLarge ? "The log does not take so large an output." : undefined;
}

function nameOf({ runId, jobId, attempt }: Pick<JobMessage, "runId" | "jobId" | "attempt">): string {
  return `${runId}/${jobId}/${attempt}`;
}
