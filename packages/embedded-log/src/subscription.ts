import {
  type Backlog,
  type Clock,
  MinHeap,
  type SubscriptionStats,
  type SubscriptionType,
} from "@downbeat/message-log";
import { ColdMessages } from "./cold-messages.ts";
import { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerSession } from "./consumer-session.ts";
import { putAway } from "./dead-letters.ts";
import { DueHeap } from "./due-heap.ts";
import { DueTimer } from "./due-timer.ts";
import { KeyShared } from "./key-shared.ts";
import type { MessageStore } from "./message-store.ts";
import { oldestWaiting } from "./oldest-waiting.ts";
import type { Pump, Source } from "./pump.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { Topic, TopicListener } from "./topic.ts";

const fetchAtOnce = 256;
// Messages looked at but not handed out (delayed ones, gaps) before others get their turn.
const scanAtOnce = 1_000;

export interface SubscriptionContext {
  readonly clock: Clock;
  readonly pump: Pump;
  readonly store: MessageStore;
  /** Called when `subscription` acknowledged `entry`, after its cursor has moved. */
  readonly onAcknowledged: (subscription: Subscription, entry: number) => void;
}

/**
 * A subscription: its cursor, and who gets what.
 *
 * S1 Entries up to `markDelete` are acknowledged. Of those up to `readEntry`, the ones in `#unacked` are not.
 *    From `readEntry` on nothing was handed out, and only what a former life acknowledged (`#recovered`) is.
 * S2 An entry in `#unacked` is in exactly one place: in flight at a consumer, negatively acknowledged at a consumer,
 *    delayed, waiting for redelivery, waiting for the consumer of its key (Key_Shared), or on its way to the dead letters.
 *    Heaps are cleaned lazily: what is no longer in `#unacked` is skipped there.
 * S3 Redelivery comes before new messages and in log order, so that a Failover or Exclusive successor sees its
 *    predecessor's unacknowledged messages first and in order.
 */
export class Subscription implements Source, TopicListener {
  readonly id: number;
  readonly name: string;
  readonly topic: Topic;
  /** One that is not goes with its last consumer. */
  readonly isDurable: boolean;
  markDelete: number;
  /** Acknowledged above `markDelete` since the last write, where the message stays for others. */
  ackedToStore: number[] = [];
  readonly #context: SubscriptionContext;
  readonly #group: ConsumerGroup;
  readonly #keyShared: KeyShared;
  #readEntry: number;
  /** Entry to redelivery count. */
  readonly #unacked = new Map<number, number>();
  readonly #recovered: Set<number>;
  readonly #recoveredEnd: number;
  readonly #delayed = new DueHeap();
  readonly #redelivery = new MinHeap<number>((a, b) => a < b);
  readonly #fetched = new Map<number, StoredMessage>();
  readonly #cold = new ColdMessages();
  #loading = false;
  readonly #timer: DueTimer;

  constructor(options: {
    readonly id: number;
    readonly name: string;
    readonly topic: Topic;
    readonly markDelete: number;
    readonly isDurable: boolean;
    readonly acked?: readonly number[] | undefined;
    readonly context: SubscriptionContext;
  }) {
    this.id = options.id;
    this.name = options.name;
    this.topic = options.topic;
    this.isDurable = options.isDurable;
    this.markDelete = options.markDelete;
    this.#group = new ConsumerGroup(options.topic.partitionIndex);
    this.#keyShared = new KeyShared(this.#group);
    this.#readEntry = options.markDelete + 1;
    this.#recovered = new Set(options.acked);
    this.#recoveredEnd = options.topic.lastEntry;
    this.#context = options.context;
    this.#timer = new DueTimer(options.context.clock, () => options.context.pump.wake(this));
  }

  get nextEntry(): number {
    return this.#group.all.length === 0 ? Number.POSITIVE_INFINITY : this.#readEntry;
  }

  get consumerCount(): number {
    return this.#group.all.length;
  }

  get type(): SubscriptionType | undefined {
    return this.#group.type;
  }

  wake(): void {
    if (this.#group.all.length > 0) this.#context.pump.wake(this);
  }

  onAppend(): void {
    this.wake();
  }

  onCommit(): void {
    this.wake();
  }

  isAcknowledged(entry: number): boolean {
    if (entry <= this.markDelete) return true;
    return entry < this.#readEntry ? !this.#unacked.has(entry) : this.#recovered.has(entry);
  }

  attach(consumer: ConsumerSession, type: SubscriptionType): void {
    if (this.type !== type) this.#becomes(type);
    this.#group.all.push(consumer);
    this.#electActive();
  }

  detach(consumer: ConsumerSession): void {
    const at = this.#group.all.indexOf(consumer);
    if (at < 0) return;
    this.#group.all.splice(at, 1);
    this.#giveBack(consumer);
    this.#electActive();
    if (this.#group.all.length === 0) {
      this.#queueWaiting();
      this.#cold.clear();
      this.#fetched.clear();
      this.#timer.cancel();
    }
    this.#context.pump.wake(this);
  }

  acknowledge(entry: number, by: ConsumerSession): void {
    if (!this.#unacked.delete(entry)) return;
    this.#keyShared.released(entry);
    // Pulsar takes an acknowledgement from whoever knows the position, for instance from a consumer no longer active.
    if (!by.inFlight.delete(entry)) for (const consumer of this.#group.all) consumer.inFlight.delete(entry);
    if (entry === this.markDelete + 1) this.#advanceMark();
    this.#context.onAcknowledged(this, entry);
    this.#context.pump.wake(this);
  }

  negativeAcknowledge(entry: number, by: ConsumerSession): void {
    if (!by.inFlight.delete(entry) || !this.#unacked.has(entry)) return;
    by.nacked.push({ due: this.#context.clock.now() + by.negativeAckDelayMs, entry });
    this.#context.pump.wake(this);
  }

  dispatch(budget: number): number {
    if (this.#loading || this.#group.all.length === 0) return 0;
    const now = this.#context.clock.now();
    this.#releaseDue(now);
    let handedOut = 0;
    for (let scanned = 0; handedOut < budget; scanned++) {
      if (scanned === scanAtOnce) return budget;
      const step = this.#next(now);
      if (step === "stop") break;
      if (step === "delivered") handedOut += 1;
    }
    this.#armTimer();
    return handedOut;
  }

  #next(now: number): "delivered" | "skipped" | "stop" {
    if (this.#redelivery.size > 0) return this.#redeliverNext(now);
    if (this.type !== "Key_Shared") return this.#deliverNext(now);
    const next = this.#keyShared.next();
    if (next !== undefined) return this.#deliver(next.message, next.consumer, now);
    return this.#keyShared.hasRoom ? this.#deliverNext(now) : "stop";
  }

  /** With Key_Shared, whose it is shows when its key is known. */
  #handOver(message: StoredMessage, consumer: ConsumerSession, now: number): "delivered" | "skipped" {
    if (this.type !== "Key_Shared") return this.#deliver(message, consumer, now);
    this.#keyShared.add(message);
    return "skipped";
  }

  #deliver(message: StoredMessage, consumer: ConsumerSession, now: number): "delivered" | "skipped" {
    const { entry } = message;
    const count = this.#unacked.get(entry);
    if (count === undefined) {
      this.#keyShared.released(entry);
      return "skipped";
    }
    consumer.deliver(count === 0 ? message : { ...message, redeliveryCount: count }, entry, now);
    return "delivered";
  }

  async stats(): Promise<SubscriptionStats> {
    const active = this.#group.isShared ? undefined : this.#group.active?.name;
    return {
      name: this.name,
      type: this.type,
      backlog: this.#unacked.size + (await this.#unread()),
      delayed: this.#countDelayed(),
      consumers: this.#group.all.map((consumer) => consumer.name),
      ...(active === undefined ? {} : { activeConsumer: active }),
    };
  }

  async backlog(): Promise<Backlog> {
    const messages = this.#unacked.size + (await this.#unread());
    const oldest = messages === 0 ? undefined : await oldestWaiting(this, this.#context.store);
    return { messages, ...(oldest !== undefined && { oldest }) };
  }

  /** Not yet read and not acknowledged in a former life. Only what was there at the start can have gaps. */
  async #unread(): Promise<number> {
    const fresh = this.topic.lastEntry - Math.max(this.#readEntry - 1, this.#recoveredEnd);
    if (this.#readEntry > this.#recoveredEnd) return fresh;
    const stored = await this.#context.store.count(this.topic, this.#readEntry, this.#recoveredEnd);
    let acknowledged = 0;
    for (const entry of this.#recovered) if (entry >= this.#readEntry) acknowledged += 1;
    return fresh + stored - acknowledged;
  }

  #countDelayed(): number {
    const now = this.#context.clock.now();
    let count = 0;
    for (const { due, entry } of this.#delayed.values())
      if (due > now && this.#unacked.has(entry)) count += 1;
    return count;
  }

  #redeliverNext(now: number): "delivered" | "skipped" | "stop" {
    const entry = this.#redelivery.peek() ?? 0;
    const count = this.#unacked.get(entry);
    if (count === undefined) {
      this.#redelivery.pop();
      return "skipped";
    }
    const consumer = this.#group.pick(entry);
    if (consumer === undefined) return "stop";
    const message = this.topic.hot(entry) ?? this.#fetched.get(entry);
    if (message === undefined) {
      this.#fetchRedelivery();
      return "stop";
    }
    this.#redelivery.pop();
    this.#fetched.delete(entry);
    return this.#handOver(message, consumer, now);
  }

  #deliverNext(now: number): "delivered" | "skipped" | "stop" {
    const entry = this.#readEntry;
    const consumer = this.#group.pick(entry);
    if (consumer === undefined) return "stop";
    const message = entry < this.topic.hotFloor ? this.#nextCold(entry) : this.topic.hot(entry);
    if (message === "loading") return "stop";
    if (message === undefined || this.#recovered.delete(entry)) {
      this.#skipTo(entry + 1);
      return "skipped";
    }
    if (message.entry !== entry) {
      this.#skipTo(message.entry);
      return "skipped";
    }
    this.#readEntry = entry + 1;
    this.#unacked.set(entry, 0);
    if (this.#group.isShared && message.deliverAt !== undefined && message.deliverAt > now) {
      this.#delayed.push({ due: message.deliverAt, entry });
      return "skipped";
    }
    return this.#handOver(message, consumer, now);
  }

  #nextCold(entry: number): StoredMessage | "loading" {
    const message = this.#cold.from(entry);
    if (message !== undefined) return message;
    const to = this.topic.hotFloor - 1;
    this.#load(this.#context.store.read(this.topic, entry, to), ({ messages, complete }) => {
      this.#cold.fill(messages);
      if (complete && messages.length === 0) this.#skipTo(to + 1);
    });
    return "loading";
  }

  #fetchRedelivery(): void {
    const entries: number[] = [];
    while (entries.length < fetchAtOnce) {
      const entry = this.#redelivery.pop();
      if (entry === undefined) break;
      if (this.#unacked.has(entry)) entries.push(entry);
    }
    for (const entry of entries) this.#redelivery.push(entry);
    const missing = entries.filter((entry) => this.topic.hot(entry) === undefined);
    this.#load(this.#context.store.fetch(this.topic, missing), (messages) => {
      this.#fetched.clear();
      for (const message of messages) this.#fetched.set(message.entry, message);
      // Not on disk any more: acknowledged while we asked, or erased; either way there is nothing left to deliver.
      for (const entry of missing) if (!this.#fetched.has(entry)) this.#unacked.delete(entry);
      this.#advanceMark();
    });
  }

  #load<T>(loading: Promise<T>, apply: (result: T) => void): void {
    this.#loading = true;
    loading.then(
      (result) => {
        this.#loading = false;
        apply(result);
        this.#context.pump.wake(this);
      },
      () => {
        // The store has reported the failure, and the log is ending.
      },
    );
  }

  #electActive(): void {
    const replaced = this.#group.elect();
    if (replaced !== undefined) this.#giveBack(replaced);
  }

  #becomes(type: SubscriptionType): void {
    this.#queueWaiting();
    this.#group.type = type;
    this.#group.active = undefined;
    if (this.#group.isShared) return;
    for (const { entry } of this.#delayed.values()) this.#redelivery.push(entry);
    while (this.#delayed.pop() !== undefined);
  }

  #giveBack(consumer: ConsumerSession): void {
    for (const entry of consumer.inFlight.keys()) this.#redeliver(entry);
    consumer.inFlight.clear();
    for (const { entry } of consumer.nacked.values()) this.#redeliver(entry);
    while (consumer.nacked.pop() !== undefined);
  }

  /** What was looked at and is with nobody. */
  #queueWaiting(): void {
    for (const entry of this.#keyShared.takeWaiting()) this.#redelivery.push(entry);
  }

  /** Asked for again by its consumer. */
  #askedAgain(entry: number, by: ConsumerSession): void {
    const { deadLetters } = by;
    const isDead = deadLetters !== undefined && (this.#unacked.get(entry) ?? 0) >= deadLetters.from;
    if (!isDead) return this.#redeliver(entry);
    putAway(deadLetters, entry, this.topic, this.#context.store)
      .then(
        () => this.acknowledge(entry, by),
        () => this.#redeliver(entry),
      )
      .finally(() => this.#context.pump.wake(this));
  }

  #redeliver(entry: number): void {
    const count = this.#unacked.get(entry);
    if (count === undefined) return;
    this.#keyShared.released(entry);
    this.#unacked.set(entry, count + 1);
    this.#redelivery.push(entry);
  }

  #releaseDue(now: number): void {
    for (const { entry } of this.#delayed.take(now))
      if (this.#unacked.has(entry)) this.#redelivery.push(entry);
    for (const consumer of this.#group.all) {
      for (const { entry } of consumer.nacked.take(now)) this.#askedAgain(entry, consumer);
      if (consumer.ackTimeoutMs === undefined) continue;
      // In the order of delivery: who was delivered last times out last.
      for (const [entry, deliveredAt] of consumer.inFlight) {
        if (deliveredAt + consumer.ackTimeoutMs > now) break;
        consumer.inFlight.delete(entry);
        this.#askedAgain(entry, consumer);
      }
    }
  }

  #armTimer(): void {
    let due = this.#delayed.peek()?.due ?? Number.POSITIVE_INFINITY;
    for (const consumer of this.#group.all) due = Math.min(due, consumer.nextDue());
    this.#timer.arm(due);
  }

  #skipTo(entry: number): void {
    this.#readEntry = entry;
    this.#advanceMark();
  }

  #advanceMark(): void {
    while (this.markDelete + 1 < this.#readEntry && !this.#unacked.has(this.markDelete + 1))
      this.markDelete += 1;
  }
}
