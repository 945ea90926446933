import {
  type Backlog,
  type Consumer,
  type ConsumerOptions,
  LogError,
  type MessageLog,
  type OutgoingMessage,
  type Position,
  position,
  type ReaderOptions,
} from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import type { Faults } from "./faults.ts";
import { indexOf, SimulatedSubscription } from "./simulated-subscription.ts";
import type { SimulatedProcess, World } from "./world.ts";

export interface StoredMessage extends OutgoingMessage {
  readonly position: Position;
  readonly publishTime: number;
  /** True times; `sentAt` of the first time, where it was sent again under the same id. */
  readonly sentAt: number;
  readonly landedAt: number;
}

interface SimulatedTopic {
  readonly name: string;
  readonly messages: StoredMessage[];
  /** So many of its first messages were cut off. */
  front: number;
  readonly subscriptions: Map<string, SimulatedSubscription>;
  readonly readers: Set<() => void>;
}

/** A log that does everything a real one may do to its clients. Never loses what it has given a receipt for, and keeps each topic's order. */
export class SimulatedLog {
  readonly world: World;
  readonly topics = new Map<string, SimulatedTopic>();
  faults: Faults;
  /** As brokers do, when the last consumer of a subscription is gone. */
  forgetsDeliveries = false;
  readonly partitions: number;
  /** How far the log's clock is ahead of the true time, ms. */
  #ahead = 0;
  readonly #firstSent = new Map<string, number>();
  /** Told of every acknowledgement that reaches the log. */
  onAcknowledged: (topic: string, index: number) => void = () => {};

  constructor(world: World, faults: Faults, partitions: number) {
    this.world = world;
    this.faults = faults;
    this.partitions = partitions;
  }

  /** Somebody sets the log's clock. */
  setClock(aheadMs: number): void {
    this.#ahead = aheadMs;
    for (const topic of this.topics.values())
      for (const subscription of topic.subscriptions.values()) subscription.wake();
  }

  /** What the log takes to be the time, ms since the epoch. */
  get time(): number {
    return this.world.now + this.#ahead;
  }

  messages(topic: string): readonly StoredMessage[] {
    const { messages, front } = this.#topic(topic);
    return messages.slice(front);
  }

  /** Retention, or an operator, takes the topic's first messages away. */
  cutFront(topic: string, count: number): void {
    this.#topic(topic).front += count;
  }

  backlog(topic: string, subscription: string): number {
    const found = this.#topic(topic);
    return found.messages.length - (found.subscriptions.get(subscription)?.acknowledged.size ?? 0);
  }

  /** A subscription that nobody has made yet gets all there is, as one that was made ahead. */
  #backlogOf(name: string, subscription: string): Backlog {
    const { messages, subscriptions } = this.#topic(name);
    const acknowledged = subscriptions.get(subscription)?.acknowledged;
    const held = messages.filter((_, index) => acknowledged?.has(index) !== true);
    const oldest = held[0]?.publishTime;
    return { messages: held.length, ...(oldest !== undefined && { oldest }) };
  }

  /** The broker gives partitions to other consumers, without asking those who have them. */
  moveOne(): void {
    const movable = [...this.topics.values()].flatMap((topic) =>
      [...topic.subscriptions.values()].filter(({ type, consumers }) => type === "Failover" && consumers > 1),
    );
    if (movable.length > 0) this.world.random.pick(movable).move();
  }

  /** Acknowledgements that the log has forgotten. */
  redeliverSome(): void {
    for (const topic of this.topics.values()) {
      for (const subscription of topic.subscriptions.values()) subscription.forgetSome();
    }
  }

  /** The network of a dead process goes with it. */
  disconnect(process: SimulatedProcess): void {
    for (const topic of this.topics.values()) {
      for (const subscription of topic.subscriptions.values()) subscription.disconnect(process);
    }
  }

  connect(process: SimulatedProcess): MessageLog {
    const unavailable = () => new LogError("unavailable", "the simulated connection broke");
    return {
      openProducer: (name, options) => this.#openProducer(process, name, options?.onClose),
      openConsumer: (name, options) => this.#openConsumer(process, name, options),
      openReader: (name, options) => this.#openReader(process, name, options),
      lastPosition: async (name) => {
        await this.#delay(process);
        if (this.world.random.chance(this.faults.sessionBreaks)) throw unavailable();
        return this.#topic(name).messages.at(-1)?.position;
      },
      positionAt: async (name, timeMs) => {
        await this.#delay(process);
        return this.messages(name).find((message) => message.publishTime >= timeMs)?.position;
      },
      partitionsOf: async () => this.partitions,
      createPartitionedTopic: async () => {},
      topicStats: async () => ({ subscriptions: [] }),
      backlogOf: async (name, subscription) => {
        await this.#delay(process);
        return this.#backlogOf(name, subscription);
      },
      close: async () => {},
    };
  }

  async #openProducer(process: SimulatedProcess, name: string, onClose?: (reason?: Error) => void) {
    await this.#delay(process);
    const topic = this.#topic(name);
    const isEffect = name === topics.timers || name.startsWith(topics.jobs(""));
    let open = true;
    let landsAt = 0;
    const underWay = new Set<{ reject: (error: Error) => void }>();
    const breakNow = (reason?: Error) => {
      if (!open) return;
      open = false;
      const error = reason ?? new LogError("closed", "closed");
      for (const { reject } of underWay) reject(error);
      underWay.clear();
      onClose?.(reason);
    };
    const send = (message: OutgoingMessage) =>
      new Promise<Position | undefined>((resolve, reject) => {
        if (!open) return reject(new LogError("closed", "the producer is closed"));
        if (message.payload.length > 1_000_000)
          return reject(new LogError("tooLarge", "over the simulated limit"));
        const { random } = this.world;
        const sentAt = this.#sentFirst(message.properties?.id);
        const pending = { reject };
        underWay.add(pending);
        landsAt = Math.max(landsAt + 0.001, this.world.now + random.between(0.5, this.faults.slowestMs));
        const lost = random.chance(isEffect ? this.faults.effectLost : this.faults.sendLost);
        const breaks = lost || random.chance(this.faults.receiptLost);
        this.world.schedule(landsAt - this.world.now, () => {
          if (!open) {
            // Under way when its session broke: it may still arrive, late, behind whatever came meanwhile.
            if (random.chance(this.faults.zombieLands))
              this.world.schedule(random.between(0, 8_000), () => this.#store(topic, message, sentAt));
            return;
          }
          if (lost)
            return void this.world.schedule(1, () => breakNow(new LogError("unavailable", "lost")), process);
          const at = this.#store(topic, message, sentAt);
          const back = random.between(0.5, this.faults.slowestMs / 2);
          if (breaks)
            return void this.world.schedule(
              back,
              () => breakNow(new LogError("unavailable", "receipt lost")),
              process,
            );
          this.world.schedule(
            back,
            () => {
              if (!underWay.delete(pending)) return;
              resolve(at);
            },
            process,
          );
        });
      });
    return { send, close: async () => breakNow() };
  }

  #sentFirst(id: string | undefined): number {
    const { now } = this.world;
    if (id === undefined) return now;
    const first = this.#firstSent.get(id) ?? now;
    this.#firstSent.set(id, first);
    return first;
  }

  #store(topic: SimulatedTopic, message: OutgoingMessage, sentAt: number): Position {
    const at = position(0, topic.messages.length);
    topic.messages.push({
      ...message,
      position: at,
      publishTime: Math.floor(this.time),
      sentAt,
      landedAt: this.world.now,
    });
    for (const wake of topic.readers) wake();
    for (const subscription of topic.subscriptions.values()) subscription.wake();
    return at;
  }

  async #openReader(process: SimulatedProcess, name: string, options: ReaderOptions) {
    await this.#delay(process);
    const topic = this.#topic(name);
    let open = true;
    const asked =
      options.from === "earliest"
        ? 0
        : options.from === "latest"
          ? topic.messages.length
          : indexOf(options.from.after) + 1;
    let next = Math.max(topic.front, asked);
    let pumping = false;
    const end = (reason?: Error) => {
      if (!open) return;
      open = false;
      topic.readers.delete(pump);
      options.onClose?.(reason);
    };
    const pump = () => {
      if (pumping || !open || next >= topic.messages.length) return;
      pumping = true;
      this.world.schedule(
        this.world.random.between(0.2, this.faults.slowestMs / 2),
        () => {
          pumping = false;
          if (!open) return;
          if (this.world.random.chance(this.faults.sessionBreaks))
            return end(new LogError("unavailable", "reader broke"));
          const burst = this.world.random.integer(1, 5);
          for (let count = 0; count < burst && open; count++) {
            const message = topic.messages[next];
            if (message === undefined) break;
            next += 1;
            void options.onMessage({ ...message, properties: message.properties ?? {}, redeliveryCount: 0 });
          }
          pump();
        },
        process,
      );
    };
    topic.readers.add(pump);
    pump();
    return { close: async () => end() };
  }

  async #openConsumer(process: SimulatedProcess, name: string, options: ConsumerOptions): Promise<Consumer> {
    await this.#delay(process);
    return this.#subscription(this.#topic(name), options).open(process, options);
  }

  #delay(process: SimulatedProcess): Promise<void> {
    return new Promise((resolve) => {
      this.world.schedule(this.world.random.between(0.5, this.faults.slowestMs), () => resolve(), process);
    });
  }

  #topic(name: string): SimulatedTopic {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = { name, messages: [], front: 0, subscriptions: new Map(), readers: new Set() };
      this.topics.set(name, topic);
    }
    return topic;
  }

  #subscription(topic: SimulatedTopic, options: ConsumerOptions): SimulatedSubscription {
    let subscription = topic.subscriptions.get(options.subscription);
    if (subscription === undefined) {
      subscription = new SimulatedSubscription(this, topic, options.type);
      topic.subscriptions.set(options.subscription, subscription);
    }
    return subscription;
  }
}
