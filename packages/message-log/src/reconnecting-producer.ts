import { systemClock } from "./clock.ts";
import { LogError } from "./log-error.ts";
import type { MessageLog, OutgoingMessage, Producer, ProducerOptions, Topic } from "./message-log.ts";
import { Numbering } from "./numbering.ts";
import type { Position } from "./position.ts";
import { type ReconnectOptions, Reconnector } from "./reconnector.ts";

export interface ReconnectingProducerOptions
  extends Pick<ProducerOptions, "producerName" | "onClose">,
    ReconnectOptions {
  /**
   * Numbers the messages under a name of its own, so that a log with deduplication drops what is sent again and is stored already; `send` then
   * resolves with `undefined`. Not combined with `producerName`.
   */
  readonly deduplicate?: boolean;
  /** Messages that may be under way without a receipt. Further ones wait. Default 1,000. */
  readonly maxInFlight?: number;
  /** `room()` waits while so many messages have no receipt. Default 10,000. */
  readonly maxPending?: number;
}

export interface ReconnectingProducer extends Producer {
  /** Resolves when there is room for more: who sends in a loop awaits it, so that an outage doesn't fill the memory. */
  room(): Promise<void>;
  /** Resolves when there is a connection, or will be none any more: who may still take a message back awaits it. */
  connected(): Promise<void>;
  /** Messages without a receipt. */
  readonly pending: number;
}

interface Pending {
  readonly message: OutgoingMessage;
  /** Of its latest transmission. */
  number: number;
  readonly resolve: (position: Position | undefined) => void;
  readonly reject: (error: Error) => void;
  settled: boolean;
}

/**
 * A producer that comes back when its connection is lost and sends again, in order, what has no receipt yet. Without `deduplicate` a message
 * can be stored twice that way (its receipt was lost), never lost: who receives recognises it by an id of its own.
 *
 * `send` rejects only when the message itself is refused, or the producer is closed before the receipt came.
 */
export function reconnectingProducer(
  log: MessageLog,
  topic: Topic,
  options: ReconnectingProducerOptions = {},
): ReconnectingProducer {
  return new ResendingProducer(log, topic, options);
}

class ResendingProducer implements ReconnectingProducer {
  readonly #reconnector: Reconnector<Producer>;
  readonly #numbering: Numbering | undefined;
  readonly #maxInFlight: number;
  readonly #maxPending: number;
  /** Sent on the present session, in the order of the calls. */
  #underWay = new Set<Pending>();
  /** Sends on the present session that have no outcome. */
  #transmissions = new Set<Promise<void>>();
  /** Called later than all under way. */
  #waiting: Pending[] = [];
  #waitingAt = 0;
  #waitingForRoom: (() => void)[] = [];
  #waitingForConnection: (() => void)[] = [];
  #drained: (() => void) | undefined;
  #ended: LogError | undefined;

  constructor(log: MessageLog, topic: Topic, options: ReconnectingProducerOptions) {
    this.#maxInFlight = options.maxInFlight ?? 1_000;
    this.#maxPending = options.maxPending ?? 10_000;
    const { producerName } = options;
    this.#numbering = options.deduplicate === true ? new Numbering(options.clock ?? systemClock) : undefined;
    const name = producerName === undefined ? {} : { producerName };
    this.#reconnector = new Reconnector<Producer>(
      (session) =>
        this.#numbering?.open((numbered) => log.openProducer(topic, { ...session, ...numbered })) ??
        log.openProducer(topic, { ...session, ...name }),
      {
        onSession: () => {
          this.#sendWaiting();
          for (const resolve of this.#waitingForConnection.splice(0)) resolve();
        },
        // A session may end before the last receipts of what was sent on it are in.
        onLost: () => this.#outcomes().then(() => this.#sendAgain()),
        onClose: (reason) => {
          this.#end(reason);
          options.onClose?.(reason);
        },
      },
      options,
    );
    this.#reconnector.start();
  }

  get pending(): number {
    return this.#underWay.size + this.#waiting.length - this.#waitingAt;
  }

  send(message: OutgoingMessage): Promise<Position | undefined> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, number: 0, resolve, reject, settled: false });
      this.#sendWaiting();
    });
  }

  room(): Promise<void> {
    if (this.pending < this.#maxPending) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForRoom.push(resolve));
  }

  connected(): Promise<void> {
    if (this.#reconnector.session !== undefined || this.#ended !== undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForConnection.push(resolve));
  }

  /** Waits for the receipts of what was sent, as long as there is a connection. */
  async close(): Promise<void> {
    this.#ended ??= new LogError("closed", "The producer is closed.");
    if (this.#reconnector.session !== undefined && this.pending > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    await this.#reconnector.close();
  }

  #sendWaiting(): void {
    const session = this.#reconnector.session;
    if (session === undefined) return;
    while (this.#underWay.size < this.#maxInFlight) {
      const next = this.#waiting[this.#waitingAt];
      if (next === undefined) break;
      this.#waitingAt += 1;
      if (!next.settled) this.#transmit(session, next);
    }
    if (this.#waitingAt === this.#waiting.length || this.#waitingAt >= 1_000) {
      this.#waiting = this.#waiting.slice(this.#waitingAt);
      this.#waitingAt = 0;
    }
  }

  #transmit(session: Producer, pending: Pending): void {
    this.#underWay.add(pending);
    if (this.#numbering !== undefined) pending.number = this.#numbering.next();
    const transmissions = this.#transmissions;
    const transmission: Promise<void> = session
      .send(pending.message)
      .then(
        (position) => this.#settle(pending, () => pending.resolve(position)),
        (error: unknown) => this.#refused(session, pending, error),
      )
      .finally(() => transmissions.delete(transmission));
    transmissions.add(transmission);
  }

  /** Resolves when each send of the session that ended has its receipt, or is known to get none. */
  async #outcomes(): Promise<void> {
    const transmissions = this.#transmissions;
    this.#transmissions = new Set();
    await Promise.all(transmissions);
  }

  #refused(session: Producer, pending: Pending, error: unknown): void {
    const final = error instanceof LogError && (error.code === "tooLarge" || error.code === "invalid");
    if (final) {
      this.#numbering?.blur();
      return this.#settle(pending, () => pending.reject(error));
    }
    // Not taken, or who knows: a new session sends it again, before what was called later.
    if (session !== this.#reconnector.session) return;
    this.#numbering?.blur();
    void this.#reconnector.renew(error instanceof Error ? error : new Error(String(error)));
  }

  /** Also by a late receipt of an earlier session, while the message waits to be sent again or is under way again. */
  #settle(pending: Pending, answer: () => void): void {
    this.#underWay.delete(pending);
    if (pending.settled) return;
    pending.settled = true;
    answer();
    if (this.pending < this.#maxPending) for (const resolve of this.#waitingForRoom.splice(0)) resolve();
    this.#sendWaiting();
    if (this.pending === 0) this.#drained?.();
  }

  #sendAgain(): void {
    this.#waiting = [...this.#underWay, ...this.#waiting.slice(this.#waitingAt)];
    const sentBefore = this.#waiting.filter(({ number, settled }) => number > 0 && !settled);
    this.#numbering?.resume(sentBefore.map(({ number }) => number));
    this.#waitingAt = 0;
    this.#underWay = new Set();
    this.#drained?.();
  }

  #end(reason: Error | undefined): void {
    this.#ended ??= new LogError(
      "closed",
      "The producer is closed.",
      reason === undefined ? {} : { cause: reason },
    );
    for (const pending of [...this.#underWay, ...this.#waiting.slice(this.#waitingAt)]) {
      pending.settled = true;
      pending.reject(this.#ended);
    }
    this.#underWay.clear();
    this.#waiting = [];
    this.#waitingAt = 0;
    for (const resolve of [...this.#waitingForRoom.splice(0), ...this.#waitingForConnection.splice(0)])
      resolve();
  }
}
