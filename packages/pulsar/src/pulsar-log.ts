import {
  type Consumer,
  type ConsumerOptions,
  checkConsumerOptions,
  comparePositions,
  LogError,
  type MessageLog,
  mostUnacknowledged,
  type Position,
  type Producer,
  type ProducerOptions,
  position,
  type Reader,
  type ReaderOptions,
  type SubscriptionStats,
  type TopicStats,
} from "@downbeat/message-log";
import { z } from "zod";
import { AdminClient } from "./admin-client.ts";
import { Connection, type ConnectionEvents, type ConnectionOptions } from "./connection.ts";
import { PulsarConsumer } from "./consumer-session.ts";
import { errorOfStatus } from "./http-error.ts";
import { messageIdOf } from "./message-id.ts";
import { PulsarProducer } from "./producer-session.ts";
import { PulsarReader } from "./reader-session.ts";
import { checkedName, Namespace } from "./topic-name.ts";

export interface PulsarWebSocketOptions {
  /** `ws://host:8080` or `wss://…` */
  readonly serviceUrl: string;
  /** Default: the service URL over HTTP. */
  readonly adminUrl?: string;
  readonly tenant?: string;
  readonly namespace?: string;
  readonly token?: string;
  readonly tls?: { readonly ca?: string | Buffer; readonly rejectUnauthorized?: boolean };
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
}

// The proxy's own bound on a producer's messages without a receipt.
const proxyQueue = 1_000;

const partitionsAnswer = z.object({ partitions: z.number() });
const lastMessageAnswer = z.object({
  ledgerId: z.number(),
  entryId: z.number(),
  batchIndex: z.number().optional(),
});
const messageIdAnswer = lastMessageAnswer.omit({ batchIndex: true });
const statsAnswer = z.object({
  subscriptions: z.record(
    z.string(),
    z.object({
      type: z.string().nullish(),
      msgBacklog: z.number(),
      msgDelayed: z.number().nullish(),
      consumers: z.array(z.object({ consumerName: z.string().nullish() })).nullish(),
      activeConsumerName: z.string().nullish(),
    }),
  ),
});

/** The log of a Pulsar cluster, or of an embedded log's server, over Pulsar's WebSocket and admin APIs. Connects lazily. */
export function openPulsarWebSocketLog(options: PulsarWebSocketOptions): MessageLog {
  return new PulsarWebSocketLog(options);
}

class PulsarWebSocketLog implements MessageLog {
  readonly #options: PulsarWebSocketOptions;
  readonly #namespace: Namespace;
  readonly #admin: AdminClient;
  readonly #connection: ConnectionOptions;
  readonly #sessions = new Set<{ close(): Promise<void> }>();
  #closed = false;

  constructor(options: PulsarWebSocketOptions) {
    this.#options = options;
    this.#namespace = new Namespace(options.tenant ?? "public", options.namespace ?? "default");
    const headers: Record<string, string> = {};
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
    this.#connection = { headers, pingIntervalMs: options.pingIntervalMs ?? 5_000, ...options.tls };
    this.#admin = new AdminClient({
      url: options.adminUrl ?? options.serviceUrl.replace(/^ws/, "http"),
      headers,
      ...options.tls,
    });
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
      this.#sessions.delete(ended);
      options.onClose?.(reason);
    });
    await this.#open(`producer/${this.#namespace.path(topic)}`, query, `Producer of ${topic}`, session);
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
        this.#sessions.delete(ended);
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
      this.#sessions.delete(ended);
      options.onClose?.(reason);
    });
    await this.#open(`reader/${this.#namespace.path(topic)}`, query, `Reader of ${topic}`, session);
    return session;
  }

  async lastPosition(topic: string): Promise<Position | undefined> {
    const path = `${this.#namespace.path(topic)}/lastMessageId`;
    const answer = await this.#get(path);
    if (answer === undefined) return undefined;
    const { ledgerId, entryId, batchIndex } = parsed(path, lastMessageAnswer, answer);
    return ledgerId < 0 || entryId < 0 ? undefined : position(ledgerId, entryId, batchIndex ?? -1);
  }

  async positionAt(topic: string, timeMs: number): Promise<Position | undefined> {
    const path = `${this.#namespace.path(topic)}/messageid/${Math.floor(timeMs)}`;
    const answer = await this.#get(path);
    if (answer === undefined) return undefined;
    const { ledgerId, entryId } = parsed(path, messageIdAnswer, answer);
    if (ledgerId < 0 || entryId < 0) return undefined;
    const found = position(ledgerId, entryId);
    // Where nothing is as late as that, the broker answers with the place of the next message.
    const last = await this.lastPosition(topic);
    return last === undefined || comparePositions(found, last) > 0 ? undefined : found;
  }

  async partitionsOf(topic: string): Promise<number> {
    const path = `${this.#namespace.path(topic)}/partitions`;
    const answer = await this.#get(path);
    return answer === undefined ? 0 : parsed(path, partitionsAnswer, answer).partitions;
  }

  async createPartitionedTopic(topic: string, partitions: number): Promise<void> {
    this.#assertOpen();
    const path = `${this.#namespace.path(topic)}/partitions`;
    const { status, body } = await this.#admin.request("PUT", path, String(partitions));
    if (status >= 200 && status < 300) return;
    if (status === 409 && (await this.partitionsOf(topic)) === partitions) return;
    throw errorOfStatus(status, `Creating topic ${topic} with ${partitions} partitions`, body);
  }

  async topicStats(topic: string): Promise<TopicStats> {
    const path = `${this.#namespace.path(topic)}/stats`;
    const answer = await this.#get(path);
    if (answer === undefined) return { subscriptions: [] };
    const { subscriptions } = parsed(path, statsAnswer, answer);
    return {
      subscriptions: Object.entries(subscriptions).map(([name, stats]) => subscriptionStats(name, stats)),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#sessions, (session) => session.close()));
    this.#admin.close();
  }

  async #open(path: string, query: URLSearchParams, what: string, session: Session): Promise<void> {
    this.#assertOpen();
    const url = new URL(`/ws/v2/${path}?${query}`, this.#options.serviceUrl);
    const events: ConnectionEvents = {
      onText: (text) => session.onText(text),
      onLost: (error) => session.lost(error),
    };
    const connection = await Connection.open(url.href, what, this.#connection, events);
    session.connected(connection);
    this.#sessions.add(session);
    if (!this.#closed) return;
    await session.close();
    this.#assertOpen();
  }

  #get(path: string): Promise<unknown> {
    this.#assertOpen();
    return this.#admin.get(path);
  }

  #assertOpen(): void {
    if (this.#closed) throw new LogError("closed", "This connection to the log is closed.");
  }
}

function parsed<T>(path: string, schema: z.ZodType<T>, answer: unknown): T {
  const { data, error } = schema.safeParse(answer);
  if (data !== undefined) return data;
  throw new LogError("unavailable", `GET ${path}: the answer has an unknown form.`, { cause: error });
}

function subscriptionStats(
  name: string,
  stats: z.infer<typeof statsAnswer>["subscriptions"][string],
): SubscriptionStats {
  const { type, activeConsumerName } = stats;
  return {
    name,
    type: type === "Exclusive" || type === "Shared" || type === "Failover" ? type : undefined,
    backlog: stats.msgBacklog,
    delayed: stats.msgDelayed ?? 0,
    consumers: (stats.consumers ?? []).map(({ consumerName }) => consumerName ?? ""),
    ...(activeConsumerName == null || activeConsumerName === ""
      ? {}
      : { activeConsumer: activeConsumerName }),
  };
}
