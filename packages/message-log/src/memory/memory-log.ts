import type { Clock } from "../clock.ts";
import { LogError } from "../log-error.ts";
import type {
  Backlog,
  Consumer,
  ConsumerOptions,
  MessageLog,
  Producer,
  ProducerOptions,
  Reader,
  ReaderOptions,
  Topic,
  TopicStats,
} from "../message-log.ts";
import type { Position } from "../position.ts";
import { MemoryProducer } from "./memory-producer.ts";
import { MemoryReader } from "./memory-reader.ts";
import { MemoryTopic } from "./memory-topic.ts";

export interface MemoryLogOptions {
  readonly clock: Clock;
  /** Called whenever a message is taken or handed over. */
  readonly onActivity?: () => void;
}

interface Closable {
  close(): Promise<void>;
}

/**
 * A log that lives as long as its process, for tests: it keeps all promises of the port but those that need a disk. What it does is done in the same turn of
 * the event loop, one thing after another, so the same calls come to the same order of deliveries every time.
 */
export class MemoryLog implements MessageLog {
  readonly #clock: Clock;
  readonly #onActivity: () => void;
  readonly #topics = new Map<Topic, MemoryTopic>();
  readonly #partitions = new Map<Topic, number>();
  readonly #sessions = new Set<Closable>();
  #isClosed = false;

  constructor({ clock, onActivity = () => {} }: MemoryLogOptions) {
    this.#clock = clock;
    this.#onActivity = onActivity;
  }

  async openProducer(name: Topic, options: ProducerOptions = {}): Promise<Producer> {
    return this.#opened(options, (onClose) => new MemoryProducer(this.#topic(name), { ...options, onClose }));
  }

  async openConsumer(name: Topic, options: ConsumerOptions): Promise<Consumer> {
    return this.#opened(options, (onClose) =>
      this.#topic(name)
        .subscription(options)
        .open({ ...options, onClose }),
    );
  }

  async openReader(name: Topic, options: ReaderOptions): Promise<Reader> {
    return this.#opened(options, (onClose) => new MemoryReader(this.#topic(name), { ...options, onClose }));
  }

  async lastPosition(name: Topic): Promise<Position | undefined> {
    return this.#known(name)?.messages.at(-1)?.position;
  }

  async positionAt(name: Topic, timeMs: number): Promise<Position | undefined> {
    return this.#known(name)?.messages.find(({ publishTime }) => publishTime >= timeMs)?.position;
  }

  async partitionsOf(name: Topic): Promise<number> {
    this.#check(name);
    return this.#partitions.get(name) ?? 0;
  }

  async createPartitionedTopic(name: Topic, partitions: number): Promise<void> {
    this.#check(name);
    const there = this.#partitions.get(name) ?? (this.#topics.has(name) ? 0 : partitions);
    if (there !== partitions)
      throw new LogError(
        "conflict",
        `${name} has ${there} partitions, and can't be made with ${partitions}.`,
      );
    this.#partitions.set(name, partitions);
  }

  async topicStats(name: Topic): Promise<TopicStats> {
    return { subscriptions: this.#known(name)?.stats() ?? [] };
  }

  async backlogOf(name: Topic, subscription: string): Promise<Backlog | undefined> {
    return this.#known(name)?.subscriptions.get(subscription)?.backlog();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#sessions, (session) => session.close()));
  }

  #opened<S extends Closable>(
    options: { readonly onClose?: (reason?: Error) => void },
    open: (onClose: () => void) => S,
  ): S {
    const session = open(() => {
      this.#sessions.delete(session);
      options.onClose?.();
    });
    this.#sessions.add(session);
    return session;
  }

  #topic(name: Topic): MemoryTopic {
    const known = this.#known(name);
    if (known !== undefined) return known;
    const topic = new MemoryTopic(name, this.#clock, this.#onActivity);
    this.#topics.set(name, topic);
    return topic;
  }

  #known(name: Topic): MemoryTopic | undefined {
    this.#check(name);
    return this.#topics.get(name);
  }

  #check(name: Topic): void {
    if (this.#isClosed) throw new LogError("closed", "The log is closed.");
    if (!/^(?!\.+$)[A-Za-z0-9._-]+$/.test(name))
      throw new LogError("invalid", `${JSON.stringify(name)} is no name of a topic.`);
  }
}
