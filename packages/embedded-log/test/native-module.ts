import {
  type Consumer,
  LogError,
  type MessageLog,
  type Producer,
  parsePosition,
  type ReceivedMessage,
} from "@downbeat/message-log";
import type { NativeModule } from "@downbeat/pulsar/native";
import { encodeMessageId, positionOf } from "@downbeat/wire";

type Native = InstanceType<NativeModule["Client"]>;
type NativeMessage = Awaited<ReturnType<Awaited<ReturnType<Native["subscribe"]>>["receive"]>>;
type NativeMessageId = ReturnType<NativeMessage["getMessageId"]>;

/** The C++ client's words for what went wrong. */
const results: Partial<Record<LogError["code"], string>> = {
  conflict: "ProducerBusy",
  missing: "TopicNotFound",
  tooLarge: "MessageTooBig",
  invalid: "InvalidTopicName",
  closed: "AlreadyClosed",
};

/**
 * A module with the form of `pulsar-client` 1.18 whose cluster is an embedded log: shows what the native adapter makes of that form. It has no readers, as
 * those of the real one end the process. Closed sessions, short acknowledgement timeouts and properties are answered as the real one answers them.
 */
export function nativeModuleOn(log: () => MessageLog): NativeModule & { readonly clients: FakeClient[] } {
  const clients: FakeClient[] = [];
  return {
    clients,
    Client: class extends FakeClient {
      constructor() {
        super(log);
        clients.push(this);
      }
    },
    AuthenticationToken: class {},
    AuthenticationTls: class {},
  };
}

class FakeMessageId implements NativeMessageId {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  serialize(): Buffer {
    return this.#bytes;
  }
}

export class FakeClient implements Native {
  readonly #log: () => MessageLog;
  /** What `isConnected` says from now on. */
  connected = true;

  constructor(log: () => MessageLog) {
    this.#log = log;
  }

  async createProducer(options: Parameters<Native["createProducer"]>[0]) {
    const { topic, producerName, initialSequenceId } = options;
    const producer: Producer = await this.#log()
      .openProducer(nameOf(topic), {
        ...(producerName !== undefined && { producerName }),
        ...(initialSequenceId !== undefined && { initialSequenceId }),
      })
      .catch(refuse);
    let closed = false;
    return {
      send: async (message: Parameters<Awaited<ReturnType<Native["createProducer"]>>["send"]>[0]) => {
        const { data, partitionKey: key, properties, eventTimestamp: eventTime, deliverAt } = message;
        if (closed) throw new Error("Failed to send message: AlreadyClosed");
        const position = await producer
          .send({
            payload: data,
            ...(key !== undefined && { key }),
            ...(properties !== undefined && { properties }),
            ...(eventTime !== undefined && { eventTime }),
            ...(deliverAt !== undefined && { deliverAt }),
          })
          .catch(refuse);
        return new FakeMessageId(position === undefined ? duplicateId : idOf(position));
      },
      isConnected: () => this.connected && !closed,
      close: async () => {
        if (closed) throw new Error("Failed to close producer: AlreadyClosed");
        closed = true;
        await producer.close();
      },
    };
  }

  async subscribe(options: Parameters<Native["subscribe"]>[0]) {
    const { topic, subscription, subscriptionType: type, consumerName } = options;
    const { ackTimeoutMs, nAckRedeliverTimeoutMs } = options;
    if (ackTimeoutMs !== undefined && ackTimeoutMs !== 0 && ackTimeoutMs < 10_000)
      throw new Error("Ack timeout should be 0 or greater than or equal to 10000");
    const queue = new Queue();
    const consumer: Consumer = await this.#log()
      .openConsumer(nameOf(topic), {
        subscription,
        type: type === "KeyShared" ? "Key_Shared" : type,
        initialPosition: options.subscriptionInitialPosition === "Latest" ? "latest" : "earliest",
        // Its own queue, and what the adapter has taken from it.
        queueSize: Math.min(1_000, options.receiverQueueSize * 3),
        ...(consumerName !== undefined && { consumerName }),
        ...(ackTimeoutMs !== undefined && { ackTimeoutMs }),
        ...(nAckRedeliverTimeoutMs !== undefined && { negativeAckDelayMs: nAckRedeliverTimeoutMs }),
        onMessage: (message) => queue.add(message),
      })
      .catch(refuse);
    return {
      receive: () => queue.next(),
      acknowledgeId: async (id: NativeMessageId) => {
        if (queue.ended) throw new Error("Failed to acknowledge id: AlreadyClosed");
        consumer.acknowledge(positionIn(id));
      },
      negativeAcknowledgeId: (id: NativeMessageId) => consumer.negativeAcknowledge(positionIn(id)),
      isConnected: () => this.connected && !queue.ended,
      close: async () => {
        queue.end();
        await consumer.close();
      },
    };
  }

  async close(): Promise<void> {}
}

/** Hands out one message to each call, in order; a call that waits is refused when it is closed. */
class Queue {
  readonly #messages: ReceivedMessage[] = [];
  #waiting: { resolve: (message: NativeMessage) => void; reject: (error: Error) => void } | undefined;
  ended = false;

  add(message: ReceivedMessage): void {
    this.#messages.push(message);
    this.#handOver();
  }

  next(): Promise<NativeMessage> {
    if (this.ended) return Promise.reject(alreadyClosed());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#handOver();
    });
  }

  end(): void {
    this.ended = true;
    this.#waiting?.reject(alreadyClosed());
    this.#waiting = undefined;
  }

  #handOver(): void {
    const [message] = this.#messages;
    if (message === undefined || this.#waiting === undefined) return;
    this.#messages.shift();
    this.#waiting.resolve(nativeMessage(message));
    this.#waiting = undefined;
  }
}

function alreadyClosed(): Error {
  return new Error("Failed to receive message: AlreadyClosed");
}

function nativeMessage(message: ReceivedMessage): NativeMessage {
  return {
    getMessageId: () => new FakeMessageId(idOf(message.position)),
    getData: () => Buffer.from(message.payload),
    getProperties: () => namedEntries(message.properties),
    getPartitionKey: () => message.key ?? "",
    getPublishTimestamp: () => message.publishTime,
    getEventTimestamp: () => message.eventTime ?? 0,
    getRedeliveryCount: () => message.redeliveryCount,
  };
}

/** The real module fills an array by names. */
function namedEntries(properties: Readonly<Record<string, string>>): Record<string, string> {
  const entries: Record<string, string> & string[] = Object.assign([], properties);
  return entries;
}

const duplicateId = Buffer.from([0x08, ...minusOne(), 0x10, ...minusOne()]);

function minusOne(): number[] {
  return [...new Array<number>(9).fill(0xff), 1];
}

function idOf(position: ReceivedMessage["position"]): Buffer {
  const { ledger, entry, batchIndex } = parsePosition(position);
  return Buffer.from(encodeMessageId(ledger, entry, batchIndex), "base64");
}

function positionIn(id: NativeMessageId): ReceivedMessage["position"] {
  const position = positionOf(id.serialize().toString("base64"));
  if (typeof position === "symbol") throw new Error("Not a place");
  return position;
}

function nameOf(fullName: string): string {
  return fullName.split("/").at(-1) ?? "";
}

function refuse(error: unknown): never {
  const result = error instanceof LogError ? results[error.code] : undefined;
  throw new Error(`Failed: ${result ?? "ConnectError"}`);
}
