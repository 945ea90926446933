import type { Position } from "./position.ts";

/**
 * The port through which everything in Downbeat reaches its log.
 *
 * The words are Pulsar's (topic, partition, subscription, acknowledge), but nothing here names a broker:
 * the embedded log implements it in process, and the Pulsar adapter over WebSocket, against either the embedded
 * log's server or a real cluster. `contract.ts` turns every promise below into a test.
 *
 * Sessions are deliberately mortal. A producer, consumer or reader that loses its connection ends, once, with
 * `onClose(reason)`; it never comes back by itself. The engine's partition processor depends on that: it drops all
 * state with the session. Who wants a session that survives a lost connection wraps it with `reconnecting-*.ts`.
 */
export interface MessageLog {
  /** Rejects with a `LogError` when the session cannot be opened. */
  openProducer(topic: Topic, options?: ProducerOptions): Promise<Producer>;
  openConsumer(topic: Topic, options: ConsumerOptions): Promise<Consumer>;
  openReader(topic: Topic, options: ReaderOptions): Promise<Reader>;

  /** Position of the newest durable message of the topic, `undefined` when it never had one. */
  lastPosition(topic: Topic): Promise<Position | undefined>;

  /**
   * Position of the first message published at or after the time (ms since the epoch), `undefined` when there is none. Found by halving: where the clocks
   * of those who publish went back, it is one near that.
   */
  positionAt(topic: Topic, timeMs: number): Promise<Position | undefined>;

  /** Number of partitions the topic was set up with; 0 for a topic without partitions or one that does not exist. */
  partitionsOf(topic: Topic): Promise<number>;

  /** Makes the partitioned topic if it does not exist. Fails with `LogError("conflict")` when it exists with another number. */
  createPartitionedTopic(topic: Topic, partitions: number): Promise<void>;

  /** Figures for operators: what waits in each subscription and who is connected. */
  topicStats(topic: Topic): Promise<TopicStats>;

  /**
   * Why nothing can be sent to the topic, in a sentence without a subject before it, as far as the log says: it is full, ended for good, or {@link noSuchTopic}.
   * Absent on logs whose topics take everything.
   */
  refusalOf?(topic: Topic): Promise<string | undefined>;
  /**
   * What the subscription still holds: what was sent to it and not acknowledged, whether it is with a consumer or not. `undefined` when there is no such
   * topic or subscription: it holds nothing.
   */
  backlogOf(topic: Topic, subscription: string): Promise<Backlog | undefined>;

  /** Set where counts of deliveries begin again when the last consumer of a subscription is gone. */
  readonly forgetsDeliveries?: true;

  /** Closes every session opened through this handle. */
  close(): Promise<void>;
}

/**
 * Name of one topic inside the tenant and namespace that the adapter was opened with, e.g. `history-partition-3` or
 * `jobs-bookFlight`. Only letters, digits, `-`, `_` and `.`; adapters refuse anything else with `LogError("invalid")`.
 */
export type Topic = string;

export interface OutgoingMessage {
  readonly payload: Uint8Array;
  readonly key?: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** Not delivered to Shared subscriptions before this time (ms since the epoch). Readers and other subscriptions see it at once. */
  readonly deliverAt?: number;
  /** Set by the sender, ms since the epoch. */
  readonly eventTime?: number;
}

export interface ReceivedMessage {
  readonly position: Position;
  readonly payload: Uint8Array;
  readonly key?: string;
  /** With `damagedProperty` among them (see `damageOf`), the log could not read the message whole. */
  readonly properties: Readonly<Record<string, string>>;
  /** When the log took the message, ms since the epoch. */
  readonly publishTime: number;
  readonly eventTime?: number;
  /** How often it was delivered before on this subscription. 0 for readers. Never used to count attempts. */
  readonly redeliveryCount: number;
  /** Of readers, where {@link checkedLog} has looked at it. */
  readonly proof?: MessageProof;
}

/** What is found of who wrote a message. Adapters know nothing of it. */
export type MessageProof =
  | {
      readonly is: "signed" | "altered";
      readonly link: { readonly id: string; readonly follows: string };
      readonly keyId: string;
    }
  | { readonly is: "unsigned" }
  | {
      readonly is: "forged";
      readonly why: string;
      readonly lacks?: { readonly keyId: string; readonly follows: string };
    };

export interface SessionOptions {
  /** Called exactly once, when the session ends for any reason, a `close()` of its owner included (then without a reason). */
  readonly onClose?: (reason?: Error) => void;
}

export interface ProducerOptions extends SessionOptions {
  /** At most one producer of a name is connected to a topic; a second is refused with `LogError("conflict")`. */
  readonly producerName?: string;
  /**
   * Number of the last message this producer name has sent. With a producer name, messages numbered at or below the
   * highest the log holds are dropped as duplicates: `send` then resolves with `undefined`.
   */
  readonly initialSequenceId?: number;
}

export interface Producer {
  /**
   * Resolves when the message is durable, with its position, or with `undefined` when the log recognised it as a
   * duplicate. Rejects with a `LogError` when the message was not taken or the session ended before its receipt came; in
   * the latter case it may be in the log all the same. Messages of one producer are stored in the order of the calls.
   */
  send(message: OutgoingMessage): Promise<Position | undefined>;
  close(): Promise<void>;
}

/**
 * With `Key_Shared`, messages of one key are with one consumer at a time, in the order of the log; those without a key go to any. Keys move when consumers
 * come and go, each once nothing of it is unacknowledged.
 */
export type SubscriptionType = "Exclusive" | "Shared" | "Failover" | "Key_Shared";

export interface ConsumerOptions extends SessionOptions {
  readonly subscription: string;
  readonly type: SubscriptionType;
  /** Decides, for Failover, who is active: names are sorted, partition index modulo their number. */
  readonly consumerName?: string;
  /** Where a new subscription starts. An existing one goes on where it is. Default `earliest`. */
  readonly initialPosition?: "earliest" | "latest";
  /** How many unacknowledged messages may be with this consumer. Default 1,000, at most 1,000. */
  readonly queueSize?: number;
  /**
   * How many messages may be on their way here unseen. Default: `queueSize`. A log that is far away takes a paused process for gone only after it
   * has nothing more to send to it: who holds what others could take over keeps this small. Ignored in process.
   */
  readonly prefetch?: number;
  /** Wait before a negatively acknowledged message comes again, ms. Default 60,000 as Pulsar's. */
  readonly negativeAckDelayMs?: number;
  /** A message unacknowledged for so long is delivered again, ms. Default: never. At least 1,000. */
  readonly ackTimeoutMs?: number;
  /** Called in delivery order, one call at a time, never after `onClose`. It must not throw. */
  readonly onMessage: (message: ReceivedMessage) => void;
}

export interface Consumer {
  /** Fire and forget: an acknowledgement may be lost with the connection, and the message then comes again. */
  acknowledge(position: Position): void;
  negativeAcknowledge(position: Position): void;
  /** What was delivered and not acknowledged goes to another consumer of the subscription, or to the next session. */
  close(): Promise<void>;
}

export type ReadFrom = "earliest" | "latest" | { readonly after: Position };

export interface ReaderOptions extends SessionOptions {
  readonly from: ReadFrom;
  /**
   * Called in log order. When it returns a promise, no more than `queueSize` messages are handed over before earlier
   * promises resolve: that is the reader's back-pressure. It must not throw.
   */
  readonly onMessage: (message: ReceivedMessage) => void | Promise<void>;
  readonly queueSize?: number;
}

export interface Reader {
  close(): Promise<void>;
}

export interface Backlog {
  /** Messages not acknowledged. */
  readonly messages: number;
  /** When the log took the oldest of them, ms since the epoch; not there when there is none. */
  readonly oldest?: number;
}

export interface TopicStats {
  readonly subscriptions: readonly SubscriptionStats[];
}

export interface SubscriptionStats {
  readonly name: string;
  readonly type: SubscriptionType | undefined;
  /** Messages not acknowledged, delayed ones included. */
  readonly backlog: number;
  readonly delayed: number;
  readonly consumers: readonly string[];
  /** For Failover and Exclusive. */
  readonly activeConsumer?: string;
}

/** What `refusalOf` says of a topic that isn't there. */
export const noSuchTopic = "there is no such topic.";
