import {
  type Backlog,
  type Clock,
  type Consumer,
  type ConsumerOptions,
  checkConsumerOptions,
  LogError,
  type MessageLog,
  mostUnacknowledged,
  type Position,
  type Producer,
  type ProducerOptions,
  type Reader,
  type ReaderOptions,
  systemClock,
  type TopicStats,
} from "@downbeat/message-log";
import { checkedName, messageIdOf, Namespace } from "@downbeat/wire";
import { Connection, type ConnectionEvents } from "./connection.ts";
import { PulsarConsumer } from "./consumer-session.ts";
import { Openings } from "./openings.ts";
import { PulsarProducer } from "./producer-session.ts";
import type { PulsarOptions } from "./pulsar-options.ts";
import { PulsarReader } from "./reader-session.ts";
import { sessionLife } from "./session-life.ts";
import { signIn } from "./sign-in.ts";
import { readTlsFiles } from "./tls.ts";
import { type TopicAdmin, topicAdmin } from "./topic-admin.ts";

export interface PulsarWebSocketOptions extends PulsarOptions {
  /**
   * A session ends after so long, ms, at the latest; one whose token is a JSON Web Token ends before that does. Whoever opened it opens another, with the
   * token that there is then. Default: no limit.
   */
  readonly maxSessionAgeMs?: number;
  /**
   * A connection that has not answered three pings by the next one is given up. Default 5 s: a broker may be set to end connections that are silent
   * for some seconds, so that what a paused process holds is given to others.
   */
  readonly pingIntervalMs?: number;
  /** Largest text frame the proxy takes (`webSocketMaxTextFrameSize`). Default 1 MiB, about 750 KiB of payload. */
  readonly maxFrameBytes?: number;
  /** Messages of one producer that may be without a receipt; further ones wait. Default and the proxy's limit: 1,000. */
  readonly maxInFlight?: number;
  /**
   * Lets a broker's proxy batch what producers send: several times the throughput. A batch is then acknowledged when all
   * of it is, and comes again as a whole; figures count batches. Never for producers with an `initialSequenceId`: a batch
   * that begins with a duplicate would be dropped with what is new in it. The embedded log ignores it.
   */
  readonly batching?: boolean;
}

interface Session {
  close(): Promise<void>;
  connected(connection: Connection): void;
  onText(text: string): void;
  lost(error: LogError): void;
  /** Ends it in order, with a reason that isn't its owner's. */
  retire(reason: LogError): Promise<void>;
}

// The proxy's own bound on a producer's messages without a receipt.
const proxyQueue = 1_000;

/** The log of a Pulsar cluster, or of an embedded log's server, over Pulsar's WebSocket and admin APIs. Connects lazily. */
export function openPulsarWebSocketLog(options: PulsarWebSocketOptions): MessageLog {
  return new PulsarWebSocketLog(options);
}

class PulsarWebSocketLog implements MessageLog {
  readonly forgetsDeliveries = true;
  readonly #options: PulsarWebSocketOptions;
  readonly #namespace: Namespace;
  readonly #admin: TopicAdmin;
  readonly #openings: Openings;
  readonly #clock: Clock;
  /** With what takes back the end of its life. */
  readonly #sessions = new Map<object, { readonly session: Session; readonly spare: () => void }>();
  #closed = false;

  constructor(options: PulsarWebSocketOptions) {
    this.#options = options;
    this.#namespace = new Namespace(options.tenant ?? "public", options.namespace ?? "default");
    this.#clock = options.clock ?? systemClock;
    // What is in no file now won't be there for the first session.
    readTlsFiles(options);
    this.#openings = new Openings(this.#clock);
    this.#admin = topicAdmin(options, this.#namespace);
  }

  async openProducer(topic: string, options: ProducerOptions = {}): Promise<Producer> {
    const query = new URLSearchParams();
    if (options.producerName !== undefined) query.set("producerName", options.producerName);
    if (options.initialSequenceId !== undefined)
      query.set("initialSequenceId", String(options.initialSequenceId));
    const batching = this.#options.batching === true && options.initialSequenceId === undefined;
    if (batching) query.set("batchingEnabled", "true");
    const limits = {
      maxFrameBytes: this.#options.maxFrameBytes ?? 1024 * 1024,
      maxInFlight: this.#options.maxInFlight ?? proxyQueue,
    };
    const session = new PulsarProducer(limits, (ended, reason) => {
      this.#forget(ended);
      options.onClose?.(reason);
    });
    await this.#open(
      `producer/${this.#namespace.path(topic)}`,
      query,
      `Producer of ${topic}`,
      session,
      topic,
    );
    return session;
  }

  async openConsumer(topic: string, options: ConsumerOptions): Promise<Consumer> {
    checkConsumerOptions(options);
    const { queueSize = mostUnacknowledged, ackTimeoutMs, negativeAckDelayMs, consumerName } = options;
    const query = new URLSearchParams({
      subscriptionType: options.type,
      subscriptionInitialPosition: options.initialPosition === "latest" ? "Latest" : "Earliest",
      receiverQueueSize: String(queueSize),
      pullMode: "true",
    });
    if (consumerName !== undefined) query.set("consumerName", consumerName);
    if (ackTimeoutMs !== undefined) query.set("ackTimeoutMillis", String(ackTimeoutMs));
    if (negativeAckDelayMs !== undefined) query.set("negativeAckRedeliveryDelay", String(negativeAckDelayMs));
    const session = new PulsarConsumer(
      { queueSize, prefetch: options.prefetch },
      options.onMessage,
      (ended, reason) => {
        this.#forget(ended);
        options.onClose?.(reason);
      },
    );
    const subscription = checkedName("subscription", options.subscription);
    await this.#open(
      `consumer/${this.#namespace.path(topic)}/${subscription}`,
      query,
      `Consumer ${subscription} of ${topic}`,
      session,
    );
    return session;
  }

  async openReader(topic: string, options: ReaderOptions): Promise<Reader> {
    const { from, queueSize = mostUnacknowledged } = options;
    const query = new URLSearchParams({
      messageId: typeof from === "string" ? from : messageIdOf(from.after),
      receiverQueueSize: String(Math.min(queueSize, mostUnacknowledged)),
    });
    const session = new PulsarReader(options.onMessage, (ended, reason) => {
      this.#forget(ended);
      options.onClose?.(reason);
    });
    await this.#open(`reader/${this.#namespace.path(topic)}`, query, `Reader of ${topic}`, session);
    return session;
  }

  lastPosition(topic: string): Promise<Position | undefined> {
    return this.#admin.lastPosition(topic);
  }

  positionAt(topic: string, timeMs: number): Promise<Position | undefined> {
    return this.#admin.positionAt(topic, timeMs);
  }

  partitionsOf(topic: string): Promise<number> {
    return this.#admin.partitionsOf(topic);
  }

  createPartitionedTopic(topic: string, partitions: number): Promise<void> {
    return this.#admin.createPartitionedTopic(topic, partitions);
  }

  topicStats(topic: string): Promise<TopicStats> {
    return this.#admin.topicStats(topic);
  }

  backlogOf(topic: string, subscription: string): Promise<Backlog | undefined> {
    return this.#admin.backlogOf(topic, subscription);
  }

  refusalOf(topic: string): Promise<string | undefined> {
    return this.#admin.refusalOf(topic);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#sessions.values(), ({ session }) => session.close()));
    this.#admin.close();
  }

  /** @param full the topic, where it may be full */
  async #open(
    path: string,
    query: URLSearchParams,
    what: string,
    session: Session,
    full?: string,
  ): Promise<void> {
    this.#assertOpen();
    const url = new URL(`/ws/v2/${path}?${query}`, this.#options.serviceUrl);
    const events: ConnectionEvents = {
      onText: (text) => session.onText(text),
      onLost: (error) => session.lost(error),
    };
    const shown = await signIn(this.#options, this.#options.serviceUrl);
    const { pingIntervalMs = 5_000 } = this.#options;
    const opening = { path, what, ...(full !== undefined && { whyFull: () => this.#admin.whyFull(full) }) };
    const connection = await this.#openings.open(opening, () =>
      Connection.open(url.href, what, { shown, pingIntervalMs }, events),
    );
    session.connected(connection);
    this.#sessions.set(session, { session, spare: this.#limit(session, what, shown.expiresAt) });
    if (!this.#closed) return;
    await session.close();
    this.#assertOpen();
  }

  #limit(session: Session, what: string, expiresAt: number | undefined): () => void {
    const { maxSessionAgeMs: maxAgeMs } = this.#options;
    const life = sessionLife({ now: this.#clock.now(), expiresAt, maxAgeMs, random: Math.random });
    if (life === undefined) return () => {};
    return this.#clock.setTimer(
      () =>
        void session.retire(new LogError("unavailable", `${what}: the session is old enough to be renewed.`)),
      life,
    );
  }

  #forget(session: object): void {
    this.#sessions.get(session)?.spare();
    this.#sessions.delete(session);
  }

  #assertOpen(): void {
    if (this.#closed) throw new LogError("closed", "This connection to the log is closed.");
  }
}
