import {
  type Backlog,
  type ConsumerOptions,
  checkConsumerOptions,
  LogError,
  type MessageLog,
  type OutgoingMessage,
  type Position,
  type Producer,
  type ProducerOptions,
  type ReaderOptions,
  type TopicStats,
} from "@downbeat/message-log";
import type { Scope } from "./catalogue.ts";
import { ConsumerSession } from "./consumer-session.ts";
import { type DeadLetterPolicy, type DeadLetters, deadLetterOf } from "./dead-letters.ts";
import type { EmbeddedLog } from "./embedded-log.ts";
import { entryAtTime } from "./position-at.ts";
import { ProducerSession } from "./producer-session.ts";
import { ReaderSession } from "./reader-session.ts";
import { noProperties } from "./storage/message-codec.ts";
import { type StoredMessage, weightOf } from "./stored-message.ts";
import type { Topic } from "./topic.ts";

interface Session {
  end(reason?: LogError): void;
}

let anonymous = 0;

/** One `connect()`: the port on a tenant's namespace of the embedded log. */
export class LogHandle implements MessageLog {
  readonly #log: EmbeddedLog;
  readonly #scope: Scope;
  readonly #seesUncommitted: boolean;
  readonly #onClose: () => void;
  readonly #sessions = new Set<Session>();
  #open = true;

  constructor(log: EmbeddedLog, scope: Scope, seesUncommitted: boolean, onClose: () => void) {
    this.#log = log;
    this.#scope = scope;
    this.#seesUncommitted = seesUncommitted;
    this.#onClose = onClose;
  }

  async openProducer(topicName: string, options: ProducerOptions = {}): Promise<Producer> {
    this.#assertOpen();
    const topic = this.#log.catalogue.findOrCreate(this.#scope, topicName);
    const { producerName, initialSequenceId, onClose } = options;
    if (producerName !== undefined) {
      if (topic.connectedProducers.has(producerName)) {
        throw new LogError(
          "conflict",
          `A producer named ${producerName} is connected to ${topicName} already.`,
        );
      }
      topic.connectedProducers.add(producerName);
    }
    const known = producerName === undefined ? undefined : topic.sequences.get(producerName);
    const session = new ProducerSession(
      { append: (message, sequence) => this.#append(topic, message, producerName, sequence) },
      initialSequenceId ?? known ?? -1,
      (ended, reason) => {
        if (producerName !== undefined) topic.connectedProducers.delete(producerName);
        this.#sessions.delete(ended);
        onClose?.(reason);
      },
    );
    this.#sessions.add(session);
    return session;
  }

  /** @param options.pull deliver nothing that was not asked for with `permit()`; `queueSize` then means nothing */
  async openConsumer(
    topicName: string,
    options: ConsumerOptions & {
      readonly pull?: boolean;
      /** Default: it is. One that is not goes with its last consumer. */
      readonly isDurable?: boolean;
      readonly deadLetter?: DeadLetterPolicy;
    },
  ): Promise<ConsumerSession> {
    this.#assertOpen();
    checkConsumerOptions(options);
    const topic = this.#log.catalogue.findOrCreate(this.#scope, topicName);
    const isNew = !topic.subscriptions.has(options.subscription);
    const existing = topic.subscriptions.get(options.subscription);
    if (existing !== undefined && existing.consumerCount > 0) {
      if (existing.type !== options.type) {
        throw new LogError(
          "conflict",
          `Subscription ${options.subscription} of ${topicName} is in use as ${existing.type}.`,
        );
      }
      if (options.type === "Exclusive") {
        throw new LogError(
          "conflict",
          `Subscription ${options.subscription} of ${topicName} has its one consumer already.`,
        );
      }
    }
    const isDurable = options.isDurable ?? true;
    if (existing !== undefined && existing.isDurable !== isDurable) {
      throw new LogError(
        "conflict",
        `Subscription ${options.subscription} of ${topicName} exists and is ${existing.isDurable ? "durable" : "not durable"}.`,
      );
    }
    const subscription = this.#log.catalogue.subscribe(
      topic,
      options.subscription,
      options.initialPosition ?? "earliest",
      isDurable,
    );
    const session = new ConsumerSession(
      subscription,
      {
        ...options,
        name: options.consumerName ?? `consumer-${++anonymous}`,
        seesUncommitted: this.#seesUncommitted,
        deadLetters: options.deadLetter && this.#deadLetters(topicName, options.deadLetter),
      },
      (ended, reason) => {
        this.#sessions.delete(ended);
        if (!subscription.isDurable && subscription.consumerCount === 0)
          this.#log.catalogue.unsubscribe(subscription);
        options.onClose?.(reason);
      },
      (unneeded) => this.#log.catalogue.unsubscribe(unneeded),
    );
    subscription.attach(session, options.type);
    this.#sessions.add(session);
    if (isNew) await this.#log.commits.settled();
    setImmediate(() => session.start());
    return session;
  }

  #deadLetters(topicName: string, policy: DeadLetterPolicy): DeadLetters {
    const target = this.#log.catalogue.findOrCreate(this.#scope, policy.topic);
    return {
      from: policy.maxRedeliverCount,
      put: (message) => {
        const letter = deadLetterOf(message, { topic: `persistent://${this.#scope}/${topicName}` });
        return this.#append(target, letter, undefined, -1);
      },
    };
  }

  async openReader(topicName: string, options: ReaderOptions): Promise<ReaderSession> {
    this.#assertOpen();
    const topic = this.#log.catalogue.findOrCreate(this.#scope, topicName);
    const session = new ReaderSession(
      topic,
      this.#firstEntry(topic, options),
      { ...options, seesUncommitted: this.#seesUncommitted, store: this.#log.store, pump: this.#log.pump },
      (ended, reason) => {
        this.#sessions.delete(ended);
        options.onClose?.(reason);
      },
    );
    this.#sessions.add(session);
    setImmediate(() => session.start());
    return session;
  }

  /** Names of the namespace's topics that exist. */
  topics(): string[] {
    this.#assertOpen();
    return this.#log.catalogue.topicsOf(this.#scope);
  }

  hasTopic(topicName: string): boolean {
    this.#assertOpen();
    return this.#log.catalogue.find(this.#scope, topicName) !== undefined;
  }

  async lastPosition(topicName: string): Promise<Position | undefined> {
    this.#assertOpen();
    const topic = this.#log.catalogue.find(this.#scope, topicName);
    return this.#seesUncommitted ? topic?.lastPosition : topic?.committedPosition;
  }

  async positionAt(topicName: string, timeMs: number): Promise<Position | undefined> {
    this.#assertOpen();
    const topic = this.#log.catalogue.find(this.#scope, topicName);
    if (topic === undefined) return undefined;
    const end = this.#seesUncommitted ? topic.lastEntry : topic.committedEntry;
    const entry = await entryAtTime(topic, this.#log.store, end, timeMs);
    return entry === undefined ? undefined : topic.positionOf(entry);
  }

  async partitionsOf(topicName: string): Promise<number> {
    this.#assertOpen();
    return this.#log.catalogue.partitionsOf(this.#scope, topicName);
  }

  async createPartitionedTopic(topicName: string, partitions: number): Promise<void> {
    this.#assertOpen();
    this.#log.catalogue.createPartitioned(this.#scope, topicName, partitions);
    await this.#log.commits.settled();
  }

  async topicStats(topicName: string): Promise<TopicStats> {
    this.#assertOpen();
    const topic = this.#log.catalogue.find(this.#scope, topicName);
    const subscriptions = [...(topic?.subscriptions.values() ?? [])];
    return { subscriptions: await Promise.all(subscriptions.map((subscription) => subscription.stats())) };
  }

  async backlogOf(topicName: string, subscription: string): Promise<Backlog | undefined> {
    this.#assertOpen();
    // What was acknowledged since is not durable, and neither is what came of it.
    this.#log.assertRoom();
    const topic = this.#log.catalogue.find(this.#scope, topicName);
    return topic?.subscriptions.get(subscription)?.backlog();
  }

  async close(): Promise<void> {
    this.end();
  }

  end(reason?: LogError): void {
    if (!this.#open) return;
    this.#open = false;
    for (const session of [...this.#sessions]) session.end(reason);
    this.#onClose();
  }

  #firstEntry(topic: Topic, { from }: ReaderOptions): number {
    if (from === "earliest") return 0;
    if (from === "latest") return (this.#seesUncommitted ? topic.lastEntry : topic.committedEntry) + 1;
    const entry = topic.entryAt(from.after);
    if (entry !== undefined) return entry + 1;
    throw new LogError(
      "invalid",
      `Position ${from.after} is not one of ${topic.name}: the log was replaced, or lost what was not durable in a crash.`,
    );
  }

  #append(
    topic: Topic,
    message: OutgoingMessage,
    producerName: string | undefined,
    sequence: number,
  ): Promise<Position | undefined> {
    this.#log.assertOpen();
    this.#log.assertRoom();
    this.#checkSize(message);
    const { commits } = this.#log;
    if (producerName !== undefined) {
      // A duplicate may be one of a message that is not durable yet: its receipt waits for it.
      if (sequence <= (topic.sequences.get(producerName) ?? -1))
        return commits.settled().then(() => undefined);
      topic.sequences.set(producerName, sequence);
    }
    const position = topic.nextPosition();
    const stored: StoredMessage = {
      entry: topic.lastEntry + 1,
      position,
      payload: message.payload,
      properties: message.properties ?? noProperties,
      publishTime: this.#log.clock.now(),
      redeliveryCount: 0,
      ...(message.key === undefined ? {} : { key: message.key }),
      ...(message.eventTime === undefined ? {} : { eventTime: message.eventTime }),
      ...(message.deliverAt === undefined ? {} : { deliverAt: message.deliverAt }),
    };
    topic.append(stored);
    this.#log.memory.added(topic, weightOf(stored));
    return commits.append(topic, stored, producerName);
  }

  #checkSize({ payload, key, properties }: OutgoingMessage): void {
    let size = payload.byteLength + (key?.length ?? 0);
    for (const name in properties) size += name.length + (properties[name]?.length ?? 0);
    const limit = this.#log.maxMessageBytes;
    if (size <= limit) return;
    throw new LogError("tooLarge", `The message has ${size} bytes; this log takes at most ${limit}.`);
  }

  #assertOpen(): void {
    this.#log.assertOpen();
    if (!this.#open) throw new LogError("closed", "This connection to the log is closed.");
  }
}
