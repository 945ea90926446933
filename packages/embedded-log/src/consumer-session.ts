import {
  type Consumer,
  type ConsumerOptions,
  LogError,
  mostUnacknowledged,
  type Position,
  type ReceivedMessage,
} from "@downbeat/message-log";
import type { DeadLetters } from "./dead-letters.ts";
import { DueHeap } from "./due-heap.ts";
import type { Subscription } from "./subscription.ts";

const defaultNegativeAckDelayMs = 60_000;

export class ConsumerSession implements Consumer {
  readonly name: string;
  readonly negativeAckDelayMs: number;
  readonly ackTimeoutMs: number | undefined;
  readonly deadLetters: DeadLetters | undefined;
  /** Entry to the time of delivery, in the order of delivery. */
  readonly inFlight = new Map<number, number>();
  readonly nacked = new DueHeap();
  readonly #subscription: Subscription;
  readonly #seesUncommitted: boolean;
  readonly #queueSize: number;
  readonly #onMessage: (message: ReceivedMessage) => void;
  readonly #onEnd: (session: ConsumerSession, reason?: Error) => void;
  readonly #onUnsubscribe: (subscription: Subscription) => void;
  #open = true;
  #started = false;
  #congested = false;
  /** In pull mode, how many more messages were asked for. */
  #permits: number;

  constructor(
    subscription: Subscription,
    options: ConsumerOptions & {
      readonly name: string;
      readonly seesUncommitted: boolean;
      readonly pull?: boolean;
      readonly deadLetters?: DeadLetters | undefined;
    },
    onEnd: (session: ConsumerSession, reason?: Error) => void,
    onUnsubscribe: (subscription: Subscription) => void,
  ) {
    this.#subscription = subscription;
    this.name = options.name;
    this.negativeAckDelayMs = options.negativeAckDelayMs ?? defaultNegativeAckDelayMs;
    this.ackTimeoutMs = options.ackTimeoutMs;
    this.deadLetters = options.deadLetters;
    this.#permits = options.pull === true ? 0 : Number.POSITIVE_INFINITY;
    // Who pulls bounds what is in flight itself.
    this.#queueSize =
      options.pull === true ? Number.POSITIVE_INFINITY : (options.queueSize ?? mostUnacknowledged);
    this.#seesUncommitted = options.seesUncommitted;
    this.#onMessage = options.onMessage;
    this.#onEnd = onEnd;
    this.#onUnsubscribe = onUnsubscribe;
  }

  /** Nothing is delivered before, so that whoever opened the session has it in hand when the first message comes. */
  start(): void {
    this.#started = true;
    this.#subscription.wake();
  }

  permit(messages: number): void {
    this.#permits += messages;
    this.#subscription.wake();
  }

  /** True while what was delivered has not left for the client: nothing more until it has. */
  congested(is: boolean): void {
    this.#congested = is;
    if (!is) this.#subscription.wake();
  }

  canTake(entry: number): boolean {
    const { topic } = this.#subscription;
    if (!this.#started || this.#congested || this.#permits <= 0 || this.inFlight.size >= this.#queueSize)
      return false;
    return entry <= (this.#seesUncommitted ? topic.lastEntry : topic.committedEntry);
  }

  deliver(message: ReceivedMessage, entry: number, now: number): void {
    this.inFlight.set(entry, now);
    this.#permits -= 1;
    try {
      this.#onMessage(message);
    } catch (error) {
      this.end(new LogError("closed", "The consumer's message handler threw", { cause: error }));
    }
  }

  nextDue(): number {
    const nacked = this.nacked.peek()?.due ?? Number.POSITIVE_INFINITY;
    if (this.ackTimeoutMs === undefined) return nacked;
    for (const deliveredAt of this.inFlight.values())
      return Math.min(nacked, deliveredAt + this.ackTimeoutMs);
    return nacked;
  }

  acknowledge(position: Position): void {
    if (!this.#open) return;
    const entry = this.#subscription.topic.entryAt(position);
    if (entry !== undefined) this.#subscription.acknowledge(entry, this);
  }

  negativeAcknowledge(position: Position): void {
    if (!this.#open) return;
    const entry = this.#subscription.topic.entryAt(position);
    if (entry !== undefined) this.#subscription.negativeAcknowledge(entry, this);
  }

  /** Removes the subscription with its cursor. Only its last consumer can. */
  unsubscribe(): boolean {
    if (!this.#open || this.#subscription.consumerCount > 1) return false;
    this.end();
    this.#onUnsubscribe(this.#subscription);
    return true;
  }

  async close(): Promise<void> {
    this.end();
  }

  end(reason?: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#subscription.detach(this);
    this.#onEnd(this, reason);
  }
}
