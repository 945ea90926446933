import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";

/*
 * The part of the module `pulsar-client` that is used here. Its own types can't be: on a machine that could not fetch its binary nothing of it is
 * there.
 */

export interface NativeModule {
  readonly Client: new (options: NativeClientOptions) => NativeClient;
  readonly AuthenticationToken: new (options: { readonly token: string | NativeTokenSource }) => object;
  readonly AuthenticationTls: new (options: {
    readonly certificatePath: string;
    readonly privateKeyPath: string;
  }) => object;
}

/**
 * Asked for each connection. Must not reject: the module's thread would wait forever, and the process end with an unhandled rejection. Keeps the process running,
 * also when the client is closed.
 */
export type NativeTokenSource = () => Promise<string>;

interface NativeClientOptions {
  readonly serviceUrl: string;
  readonly authentication?: object;
  readonly tlsTrustCertsFilePath?: string;
  readonly tlsValidateHostname?: boolean;
  readonly operationTimeoutSeconds?: number;
  readonly log?: (level: number, file: string, line: number, message: string) => void;
}

export interface NativeClient {
  createProducer(options: NativeProducerOptions): Promise<NativeProducer>;
  subscribe(options: NativeConsumerOptions): Promise<NativeConsumer>;
  close(): Promise<unknown>;
}

export interface NativeSession {
  /** False too while the client, by itself, connects again. */
  isConnected(): boolean;
  close(): Promise<unknown>;
}

interface NativeProducerOptions {
  readonly topic: string;
  readonly producerName?: string;
  readonly initialSequenceId?: number;
  readonly sendTimeoutMs: number;
  readonly maxPendingMessages: number;
  readonly blockIfQueueFull: boolean;
  readonly batchingEnabled: boolean;
}

export interface NativeProducer extends NativeSession {
  send(message: NativeOutgoing): Promise<NativeMessageId>;
}

export interface NativeOutgoing {
  readonly data: Buffer;
  readonly partitionKey?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly eventTimestamp?: number;
  readonly deliverAt?: number;
}

interface NativeConsumerOptions {
  readonly topic: string;
  readonly subscription: string;
  readonly subscriptionType: "Exclusive" | "Shared" | "Failover" | "KeyShared";
  readonly subscriptionInitialPosition: "Earliest" | "Latest";
  readonly receiverQueueSize: number;
  readonly consumerName?: string;
  readonly ackTimeoutMs?: number;
  readonly nAckRedeliverTimeoutMs?: number;
}

export interface NativeConsumer extends NativeSession {
  receive(): Promise<NativeMessage>;
  acknowledgeId(id: NativeMessageId): Promise<unknown>;
  negativeAcknowledgeId(id: NativeMessageId): void;
}

export interface NativeMessage {
  getMessageId(): NativeMessageId;
  getData(): Buffer;
  /** An array without elements, whose named entries they are. */
  getProperties(): Readonly<Record<string, string>>;
  /** Empty without one. */
  getPartitionKey(): string;
  /** ms since the epoch */
  getPublishTimestamp(): number;
  /** 0 without one. */
  getEventTimestamp(): number;
  getRedeliveryCount(): number;
}

export interface NativeMessageId {
  /** Pulsar's `MessageIdData`, as on every other way. */
  serialize(): Buffer;
}

/** @throws Error that says how to install it, or how to do without */
export function loadNativeModule(): NativeModule {
  // It keeps its constructors in the process: loaded by a second thread, it ends the first one's calls with a fatal error.
  if (!isMainThread) throw new Error("The native Pulsar client works in the main thread only.");
  let loaded: unknown;
  try {
    // Not import(): opening a log asks nobody to wait.
    loaded = createRequire(import.meta.url)("pulsar-client");
  } catch (cause) {
    throw new Error(
      `The native Pulsar client is not installed here: "npm install pulsar-client" fetches it, from outside the npm registry. Or leave DOWNBEAT_PULSAR_CLIENT and --pulsar-client away, and the WebSocket client is used.`,
      { cause },
    );
  }
  if (isNativeModule(loaded)) return loaded;
  throw new Error("The installed module pulsar-client is not the one that is known here (1.12 or later).");
}

function isNativeModule(value: unknown): value is NativeModule {
  const has = (name: string) => typeof (value as Record<string, unknown>)[name] === "function";
  return (
    typeof value === "object" &&
    value !== null &&
    has("Client") &&
    has("AuthenticationToken") &&
    has("AuthenticationTls")
  );
}
