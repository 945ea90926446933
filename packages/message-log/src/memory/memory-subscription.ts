import { LogError } from "../log-error.ts";
import type {
  Backlog,
  Consumer,
  ConsumerOptions,
  SubscriptionStats,
  SubscriptionType,
} from "../message-log.ts";
import { MinHeap } from "../min-heap.ts";
import { nextTurn } from "../next-turn.ts";
import { MemoryConsumer } from "./memory-consumer.ts";
import type { MemoryTopic, StoredMessage } from "./memory-topic.ts";

/** What one subscription of a topic still has to deliver, and to whom. */
export class MemorySubscription {
  readonly #topic: MemoryTopic;
  readonly #name: string;
  #type: SubscriptionType;
  /** The first message that was never looked at. */
  #next: number;
  /** To be delivered: come back, or due by now, or held up by their key. */
  #ready = new MinHeap<number>((a, b) => a < b);
  readonly #delayed = new Set<number>();
  readonly #unacknowledged = new Set<number>();
  readonly #deliveries = new Map<number, number>();
  #consumers: MemoryConsumer[] = [];
  #turn = 0;
  #isWoken = false;

  constructor(topic: MemoryTopic, name: string, type: SubscriptionType, first: number) {
    this.#topic = topic;
    this.#name = name;
    this.#type = type;
    this.#next = first;
  }

  /** @throws LogError when its present consumers leave no room for this one */
  open(options: ConsumerOptions): Consumer {
    const { type } = options;
    const isTaken = this.#consumers.length > 0;
    if (isTaken && (type !== this.#type || type === "Exclusive"))
      throw new LogError("conflict", `The ${this.#type} subscription ${this.#name} is in use.`);
    this.#type = type;
    const consumer = new MemoryConsumer(this.#topic.clock, options, {
      onAcknowledged: (index) => {
        this.#unacknowledged.delete(index);
        this.#deliveries.delete(index);
        this.wake();
      },
      onReturned: (indexes) => {
        for (const index of indexes) this.#ready.push(index);
        this.wake();
      },
      onClosed: () => {
        this.#consumers = this.#consumers.filter((other) => other !== consumer);
      },
    });
    this.#consumers.push(consumer);
    this.wake();
    return consumer;
  }

  readonly wake = (): void => {
    if (this.#isWoken) return;
    this.#isWoken = true;
    // Whoever opened a session has it in hand by then.
    nextTurn(() => {
      this.#isWoken = false;
      this.#deliver();
    });
  };

  backlog(): Backlog {
    const held = [...this.#unacknowledged, ...this.#unseen()].sort((a, b) => a - b);
    const [first] = held;
    const oldest = first === undefined ? undefined : this.#topic.messages[first]?.publishTime;
    return { messages: held.length, ...(oldest !== undefined && { oldest }) };
  }

  stats(): SubscriptionStats {
    const active = this.#active();
    const now = this.#topic.clock.now();
    const isDelayed = (index: number) => (this.#topic.messages[index]?.deliverAt ?? 0) > now;
    const unseen = this.#type === "Shared" ? this.#unseen().filter(isDelayed).length : 0;
    return {
      name: this.#name,
      type: this.#type,
      backlog: this.backlog().messages,
      delayed: this.#delayed.size + unseen,
      consumers: this.#consumers.map(({ name }) => name),
      ...(active !== undefined && { activeConsumer: active.name }),
    };
  }

  #unseen(): number[] {
    const count = Math.max(0, this.#topic.messages.length - this.#next);
    return Array.from({ length: count }, (_, offset) => this.#next + offset);
  }

  #deliver(): void {
    /** Keys whose consumer has no room, so that what follows of them waits too. */
    const full = new Set<string>();
    const waiting: number[] = [];
    while (this.#consumers.some(({ hasRoom }) => hasRoom)) {
      const index = this.#take();
      if (index === undefined) break;
      const message = this.#topic.messages[index];
      if (message === undefined || this.#isDelayed(index, message)) continue;
      const consumer = full.has(message.key ?? "") ? undefined : this.#consumerFor(message);
      if (consumer === undefined) {
        waiting.push(index);
        if (this.#type !== "Key_Shared") break;
        full.add(message.key ?? "");
        continue;
      }
      const redeliveryCount = this.#deliveries.get(index) ?? 0;
      this.#deliveries.set(index, redeliveryCount + 1);
      this.#topic.onActivity();
      consumer.take(index, { ...message, redeliveryCount });
    }
    for (const index of waiting) this.#ready.push(index);
  }

  #take(): number | undefined {
    const ready = this.#ready.peek();
    if (ready !== undefined && ready < this.#next) return this.#ready.pop();
    if (this.#next >= this.#topic.messages.length) return undefined;
    const index = this.#next++;
    this.#unacknowledged.add(index);
    return index;
  }

  #isDelayed(index: number, { deliverAt }: StoredMessage): boolean {
    const { clock } = this.#topic;
    if (this.#type !== "Shared" || deliverAt === undefined || deliverAt <= clock.now()) return false;
    this.#delayed.add(index);
    const wait = (): void => {
      // Timers of Node may be a little early.
      const left = deliverAt - clock.now();
      if (left > 0) return void clock.setTimer(wait, left);
      this.#delayed.delete(index);
      this.#ready.push(index);
      this.wake();
    };
    wait();
    return true;
  }

  #active(): MemoryConsumer | undefined {
    if (this.#type === "Shared" || this.#type === "Key_Shared") return undefined;
    const sorted = this.#consumers.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const partition = Number(/-partition-(\d+)$/.exec(this.#topic.name)?.[1] ?? 0);
    return sorted[partition % Math.max(1, sorted.length)];
  }

  #consumerFor({ key }: StoredMessage): MemoryConsumer | undefined {
    const consumer = this.#type === "Key_Shared" ? this.#ofKey(key) : (this.#active() ?? this.#nextInTurn());
    return consumer?.hasRoom === true ? consumer : undefined;
  }

  #nextInTurn(): MemoryConsumer | undefined {
    const withRoom = this.#consumers.filter(({ hasRoom }) => hasRoom);
    return withRoom[this.#turn++ % Math.max(1, withRoom.length)];
  }

  /** A key stays where something of it is unacknowledged. */
  #ofKey(key: string | undefined): MemoryConsumer | undefined {
    if (key === undefined) return this.#nextInTurn();
    const holder = this.#consumers.find((consumer) =>
      consumer.held.some((index) => this.#topic.messages[index]?.key === key),
    );
    if (holder !== undefined) return holder;
    let hash = 0;
    for (const letter of key) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
    return this.#consumers[hash % this.#consumers.length];
  }
}
