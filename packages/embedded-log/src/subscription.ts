import type { Backlog, Clock, SubscriptionStats, SubscriptionType } from "@downbeat/message-log";
import type { ConsumerSession } from "./consumer-session.ts";
import type { MessageStore } from "./message-store.ts";
import { MinHeap } from "./min-heap.ts";
import type { Pump, Source } from "./pump.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { Topic, TopicListener } from "./topic.ts";

const fetchAtOnce = 256;
// Messages looked at but not handed out (delayed ones, gaps) before others get their turn.
const scanAtOnce = 1_000;

interface Due {
  readonly due: number;
  readonly entry: number;
}

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
 *    delayed, or waiting for redelivery. Heaps are cleaned lazily: what is no longer in `#unacked` is skipped there.
 * S3 Redelivery comes before new messages and in log order, so that a Failover or Exclusive successor sees its
 *    predecessor's unacknowledged messages first and in order.
 */
export class Subscription implements Source, TopicListener {
  readonly id: number;
  readonly name: string;
  readonly topic: Topic;
  type: SubscriptionType | undefined;
  markDelete: number;
  /** Acknowledged above `markDelete` since the last write, where the message stays for others. */
  ackedToStore: number[] = [];
  readonly #context: SubscriptionContext;
  readonly #consumers: ConsumerSession[] = [];
  #active: ConsumerSession | undefined;
  #nextTurn = 0;
  #readEntry: number;
  /** Entry to redelivery count. */
  readonly #unacked = new Map<number, number>();
  readonly #recovered: Set<number>;
  readonly #recoveredEnd: number;
  readonly #delayed = new MinHeap<Due>(earlier);
  readonly #redelivery = new MinHeap<number>((a, b) => a < b);
  readonly #fetched = new Map<number, StoredMessage>();
  #cold: StoredMessage[] = [];
  #coldAt = 0;
  #loading = false;
  #timer: { readonly due: number; readonly cancel: () => void } | undefined;

  constructor(options: {
    readonly id: number;
    readonly name: string;
    readonly topic: Topic;
    readonly markDelete: number;
    readonly acked?: readonly number[];
    readonly context: SubscriptionContext;
  }) {
    this.id = options.id;
    this.name = options.name;
    this.topic = options.topic;
    this.markDelete = options.markDelete;
    this.#readEntry = options.markDelete + 1;
    this.#recovered = new Set(options.acked);
    this.#recoveredEnd = options.topic.lastEntry;
    this.#context = options.context;
  }

  get nextEntry(): number {
    return this.#consumers.length === 0 ? Number.POSITIVE_INFINITY : this.#readEntry;
  }

  get consumerCount(): number {
    return this.#consumers.length;
  }

  wake(): void {
    if (this.#consumers.length > 0) this.#context.pump.wake(this);
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
    this.#consumers.push(consumer);
    this.#electActive();
  }

  detach(consumer: ConsumerSession): void {
    const at = this.#consumers.indexOf(consumer);
    if (at < 0) return;
    this.#consumers.splice(at, 1);
    this.#giveBack(consumer);
    this.#electActive();
    if (this.#consumers.length === 0) {
      this.#cold = [];
      this.#coldAt = 0;
      this.#fetched.clear();
      this.#timer?.cancel();
      this.#timer = undefined;
    }
    this.#context.pump.wake(this);
  }

  acknowledge(entry: number, by: ConsumerSession): void {
    if (!this.#unacked.delete(entry)) return;
    // Pulsar takes an acknowledgement from whoever knows the position, for instance from a consumer no longer active.
    if (!by.inFlight.delete(entry)) for (const consumer of this.#consumers) consumer.inFlight.delete(entry);
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
    if (this.#loading || this.#consumers.length === 0) return 0;
    const now = this.#context.clock.now();
    this.#releaseDue(now);
    let handedOut = 0;
    for (let scanned = 0; handedOut < budget; scanned++) {
      if (scanned === scanAtOnce) return budget;
      const step = this.#redelivery.size > 0 ? this.#redeliverNext(now) : this.#deliverNext(now);
      if (step === "stop") break;
      if (step === "delivered") handedOut += 1;
    }
    this.#armTimer();
    return handedOut;
  }

  async stats(): Promise<SubscriptionStats> {
    const active = this.type === "Shared" ? undefined : this.#active?.name;
    return {
      name: this.name,
      type: this.type,
      backlog: this.#unacked.size + (await this.#unread()),
      delayed: this.#countDelayed(),
      consumers: this.#consumers.map((consumer) => consumer.name),
      ...(active === undefined ? {} : { activeConsumer: active }),
    };
  }

  async backlog(): Promise<Backlog> {
    const messages = this.#unacked.size + (await this.#unread());
    const oldest = messages === 0 ? undefined : await this.#oldest();
    return { messages, ...(oldest !== undefined && { oldest }) };
  }

  async #oldest(): Promise<number | undefined> {
    for (let entry = this.markDelete + 1; entry <= this.topic.lastEntry; entry++) {
      if (this.isAcknowledged(entry)) continue;
      const message =
        this.topic.hot(entry) ??
        (await this.#context.store.firstWhole(this.topic, entry, this.topic.lastEntry));
      if (message === undefined) return undefined;
      if (!this.isAcknowledged(message.entry)) return message.publishTime;
      entry = message.entry;
    }
    return undefined;
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
    const consumer = this.#pick(entry);
    if (consumer === undefined) return "stop";
    const message = this.topic.hot(entry) ?? this.#fetched.get(entry);
    if (message === undefined) {
      this.#fetchRedelivery();
      return "stop";
    }
    this.#redelivery.pop();
    this.#fetched.delete(entry);
    consumer.deliver(count === 0 ? message : { ...message, redeliveryCount: count }, entry, now);
    return "delivered";
  }

  #deliverNext(now: number): "delivered" | "skipped" | "stop" {
    const entry = this.#readEntry;
    const consumer = this.#pick(entry);
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
    if (this.type === "Shared" && message.deliverAt !== undefined && message.deliverAt > now) {
      this.#delayed.push({ due: message.deliverAt, entry });
      return "skipped";
    }
    consumer.deliver(message, entry, now);
    return "delivered";
  }

  #nextCold(entry: number): StoredMessage | "loading" {
    for (; this.#coldAt < this.#cold.length; this.#coldAt++) {
      const message = this.#cold[this.#coldAt];
      if (message !== undefined && message.entry >= entry) return message;
    }
    const to = this.topic.hotFloor - 1;
    this.#load(this.#context.store.read(this.topic, entry, to), ({ messages, complete }) => {
      this.#cold = messages;
      this.#coldAt = 0;
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

  #pick(entry: number): ConsumerSession | undefined {
    if (this.type !== "Shared") return this.#active?.canTake(entry) ? this.#active : undefined;
    const consumers = this.#consumers;
    for (let i = 0; i < consumers.length; i++) {
      const at = (this.#nextTurn + i) % consumers.length;
      const consumer = consumers[at];
      if (consumer?.canTake(entry)) {
        this.#nextTurn = at + 1;
        return consumer;
      }
    }
    return undefined;
  }

  #electActive(): void {
    if (this.type === "Shared") return;
    const sorted = this.#consumers.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const active = sorted[sorted.length === 0 ? 0 : this.topic.partitionIndex % sorted.length];
    if (active === this.#active) return;
    if (this.#active !== undefined) this.#giveBack(this.#active);
    this.#active = active;
  }

  #becomes(type: SubscriptionType): void {
    this.type = type;
    this.#active = undefined;
    if (type === "Shared") return;
    for (const { entry } of this.#delayed.values()) this.#redelivery.push(entry);
    while (this.#delayed.pop() !== undefined);
  }

  #giveBack(consumer: ConsumerSession): void {
    for (const entry of consumer.inFlight.keys()) this.#redeliver(entry);
    consumer.inFlight.clear();
    for (const { entry } of consumer.nacked.values()) this.#redeliver(entry);
    while (consumer.nacked.pop() !== undefined);
  }

  #redeliver(entry: number): void {
    const count = this.#unacked.get(entry);
    if (count === undefined) return;
    this.#unacked.set(entry, count + 1);
    this.#redelivery.push(entry);
  }

  #releaseDue(now: number): void {
    for (
      let head = this.#delayed.peek();
      head !== undefined && head.due <= now;
      head = this.#delayed.peek()
    ) {
      this.#delayed.pop();
      if (this.#unacked.has(head.entry)) this.#redelivery.push(head.entry);
    }
    for (const consumer of this.#consumers) {
      for (
        let head = consumer.nacked.peek();
        head !== undefined && head.due <= now;
        head = consumer.nacked.peek()
      ) {
        consumer.nacked.pop();
        this.#redeliver(head.entry);
      }
      if (consumer.ackTimeoutMs === undefined) continue;
      // In the order of delivery: who was delivered last times out last.
      for (const [entry, deliveredAt] of consumer.inFlight) {
        if (deliveredAt + consumer.ackTimeoutMs > now) break;
        consumer.inFlight.delete(entry);
        this.#redeliver(entry);
      }
    }
  }

  #armTimer(): void {
    let due = this.#delayed.peek()?.due ?? Number.POSITIVE_INFINITY;
    for (const consumer of this.#consumers) due = Math.min(due, consumer.nextDue());
    if (due === (this.#timer?.due ?? Number.POSITIVE_INFINITY)) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (due === Number.POSITIVE_INFINITY) return;
    const { clock, pump } = this.#context;
    const cancel = clock.setTimer(() => {
      this.#timer = undefined;
      pump.wake(this);
    }, due - clock.now());
    this.#timer = { due, cancel };
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

function earlier(a: Due, b: Due): boolean {
  return a.due < b.due || (a.due === b.due && a.entry < b.entry);
}
