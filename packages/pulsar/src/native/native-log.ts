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
import { checkedName, Namespace } from "@downbeat/wire";
import { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "../pulsar-log.ts";
import type { PulsarOptions } from "../pulsar-options.ts";
import { readToken } from "../sign-in.ts";
import { loadNativeModule, type NativeClient, type NativeModule, type NativeTokenSource } from "./module.ts";
import { NativeConsumerSession } from "./native-consumer.ts";
import { isUnreachable, nativeError } from "./native-error.ts";
import { NativeProducerSession } from "./native-producer.ts";

export interface PulsarNativeOptions
  extends PulsarOptions,
    Pick<PulsarWebSocketOptions, "maxSessionAgeMs" | "pingIntervalMs"> {
  /** `pulsar://host:6650` or `pulsar+ssl://…`. Default: the usual port of the WebSocket service's host. */
  readonly brokerUrl?: string;
  /** Messages of one producer that may be without a receipt; further ones wait. Default 1,000. */
  readonly maxInFlight?: number;
  /** Default: the installed module `pulsar-client`. */
  readonly module?: NativeModule;
}

const sendTimeoutMs = 30_000;
// The C++ client takes none that is shorter.
const leastAckTimeoutMs = 10_000;

/**
 * The log of a Pulsar cluster through the module `pulsar-client`, which speaks Pulsar's own protocol. What that client doesn't do (the last position, partitions,
 * figures), or not safely (readers), goes by way of the WebSocket service and its admin API. Producers and consumers renew their credentials by themselves.
 *
 * @throws Error that says what to do when the module is not installed
 */
export function openPulsarNativeLog(options: PulsarNativeOptions): MessageLog {
  return new PulsarNativeLog(options, options.module ?? loadNativeModule());
}

class PulsarNativeLog implements MessageLog {
  readonly forgetsDeliveries = true;
  readonly #options: PulsarNativeOptions;
  readonly #namespace: Namespace;
  readonly #webSocket: MessageLog;
  readonly #brokerUrl: string;
  readonly #client: NativeClient;
  readonly #clock: Clock;
  readonly #sessions = new Set<{ close(): Promise<void> }>();
  #closed = false;

  constructor(options: PulsarNativeOptions, module: NativeModule) {
    this.#options = options;
    this.#namespace = new Namespace(options.tenant ?? "public", options.namespace ?? "default");
    this.#clock = options.clock ?? systemClock;
    this.#webSocket = openPulsarWebSocketLog(options);
    const { caFile } = options;
    const authentication = authenticationOf(options, module);
    this.#brokerUrl = options.brokerUrl ?? brokerUrlOf(options.serviceUrl);
    this.#client = new module.Client({
      serviceUrl: this.#brokerUrl,
      operationTimeoutSeconds: 15,
      // What goes wrong is said by what fails of it.
      log: () => {},
      ...(authentication !== undefined && { authentication }),
      ...(caFile !== undefined && { tlsTrustCertsFilePath: caFile, tlsValidateHostname: true }),
    });
  }

  async openProducer(topic: string, options: ProducerOptions = {}): Promise<Producer> {
    const { producerName, initialSequenceId } = options;
    const { maxInFlight = 1_000 } = this.#options;
    const what = `Producer of ${topic}`;
    const producer = await this.#open(what, topic, (fullName) =>
      this.#client.createProducer({
        topic: fullName,
        ...(producerName !== undefined && { producerName }),
        ...(initialSequenceId !== undefined && { initialSequenceId }),
        sendTimeoutMs,
        maxPendingMessages: maxInFlight,
        blockIfQueueFull: false,
        batchingEnabled: false,
      }),
    );
    const limits = { clock: this.#clock, maxInFlight };
    return this.#keep((onEnd) => new NativeProducerSession(what, producer, limits, onEnd), options.onClose);
  }

  async openConsumer(topic: string, options: ConsumerOptions): Promise<Consumer> {
    checkConsumerOptions(options);
    const { queueSize = mostUnacknowledged, prefetch = queueSize, consumerName } = options;
    const { ackTimeoutMs, negativeAckDelayMs } = options;
    if (ackTimeoutMs !== undefined && ackTimeoutMs < leastAckTimeoutMs)
      throw new LogError(
        "invalid",
        `The native Pulsar client takes no ackTimeoutMs under ${leastAckTimeoutMs}: give a longer one, or use the WebSocket client.`,
      );
    const subscription = checkedName("subscription", options.subscription);
    const what = `Consumer ${subscription} of ${topic}`;
    // Half as many more as may be unacknowledged here wait in the client's own queue.
    const receiverQueueSize = Math.max(1, Math.min(prefetch, Math.floor(queueSize / 2)));
    const consumer = await this.#open(what, topic, (fullName) =>
      this.#client.subscribe({
        topic: fullName,
        subscription,
        subscriptionType: options.type === "Key_Shared" ? "KeyShared" : options.type,
        subscriptionInitialPosition: options.initialPosition === "latest" ? "Latest" : "Earliest",
        receiverQueueSize,
        ...(consumerName !== undefined && { consumerName }),
        ...(ackTimeoutMs !== undefined && { ackTimeoutMs }),
        ...(negativeAckDelayMs !== undefined && { nAckRedeliverTimeoutMs: negativeAckDelayMs }),
      }),
    );
    const limits = { clock: this.#clock, held: queueSize };
    const { onMessage } = options;
    return this.#keep(
      (onEnd) => new NativeConsumerSession(what, consumer, limits, onMessage, onEnd),
      options.onClose,
    );
  }

  openReader(topic: string, options: ReaderOptions): Promise<Reader> {
    return this.#webSocket.openReader(topic, options);
  }

  lastPosition(topic: string): Promise<Position | undefined> {
    return this.#webSocket.lastPosition(topic);
  }

  positionAt(topic: string, timeMs: number): Promise<Position | undefined> {
    return this.#webSocket.positionAt(topic, timeMs);
  }

  partitionsOf(topic: string): Promise<number> {
    return this.#webSocket.partitionsOf(topic);
  }

  createPartitionedTopic(topic: string, partitions: number): Promise<void> {
    return this.#webSocket.createPartitionedTopic(topic, partitions);
  }

  topicStats(topic: string): Promise<TopicStats> {
    return this.#webSocket.topicStats(topic);
  }

  backlogOf(topic: string, subscription: string): Promise<Backlog | undefined> {
    return this.#webSocket.backlogOf(topic, subscription);
  }

  refusalOf(topic: string): Promise<string | undefined> {
    return this.#webSocket.refusalOf?.(topic) ?? Promise.resolve(undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all(Array.from(this.#sessions, (session) => session.close()));
    await this.#webSocket.close();
    await this.#client.close().catch(() => {});
  }

  async #open<S>(what: string, topic: string, open: (fullName: string) => Promise<S>): Promise<S> {
    if (this.#closed) throw new LogError("closed", "This connection to the log is closed.");
    const fullName = this.#namespace.fullName(topic);
    // The client would only say that it was refused.
    await readToken(this.#options);
    try {
      return await open(fullName);
    } catch (error) {
      throw isUnreachable(error) ? await this.#unreachable(what, topic, error) : nativeError(what, error);
    }
  }

  /** What the admin API says to the same token, when it refuses it. */
  async #unreachable(what: string, topic: string, cause: unknown): Promise<LogError> {
    const asked = await this.#webSocket.partitionsOf(topic).catch((error: unknown) => error);
    if (asked instanceof LogError && asked.code === "unauthorized") return asked;
    return new LogError(
      "unavailable",
      `${what}: no broker answers at ${this.#brokerUrl}. If they are elsewhere, say so with DOWNBEAT_PULSAR_BROKER_URL or --pulsar-broker.`,
      { cause },
    );
  }

  async #keep<S extends { close(): Promise<void> }>(
    make: (onEnd: (reason?: Error) => void) => S,
    onClose: ((reason?: Error) => void) | undefined,
  ): Promise<S> {
    const session = make((reason) => {
      this.#sessions.delete(session);
      onClose?.(reason);
    });
    this.#sessions.add(session);
    if (!this.#closed) return session;
    await session.close();
    throw new LogError("closed", "This connection to the log is closed.");
  }
}

/** A token goes before a certificate: the module takes one of the two only. */
function authenticationOf(options: PulsarOptions, module: NativeModule): object | undefined {
  const { token, tokenFile, oauth, certFile, keyFile } = options;
  if (tokenFile !== undefined || (token === undefined && oauth !== undefined))
    return new module.AuthenticationToken({ token: tokenSource(options) });
  if (token !== undefined) return new module.AuthenticationToken({ token });
  if (certFile === undefined || keyFile === undefined) return undefined;
  return new module.AuthenticationTls({ certificatePath: certFile, privateKeyPath: keyFile });
}

function tokenSource(options: PulsarOptions): NativeTokenSource {
  return async () => (await readToken(options).catch(() => undefined)) ?? "";
}

function brokerUrlOf(serviceUrl: string): string {
  const { protocol, hostname } = new URL(serviceUrl);
  return protocol === "wss:" ? `pulsar+ssl://${hostname}:6651` : `pulsar://${hostname}:6650`;
}
