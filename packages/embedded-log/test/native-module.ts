import {
  type Consumer,
  LogError,
  type MessageLog,
  type Producer,
  parsePosition,
  type Reader,
  type ReadFrom,
  type ReceivedMessage,
} from "@downbeat/message-log";
import type { NativeModule } from "@downbeat/pulsar/native";
import { encodeMessageId, positionOf } from "@downbeat/pulsar/wire";

type Native = InstanceType<NativeModule["Client"]>;
type NativeMessage = Awaited<ReturnType<Awaited<ReturnType<Native["subscribe"]>>["receive"]>>;
type NativeMessageId = ReturnType<NativeModule["MessageId"]["earliest"]>;

/** The C++ client's words for what went wrong. */
const results: Partial<Record<LogError["code"], string>> = {
  conflict: "ProducerBusy",
  missing: "TopicNotFound",
  tooLarge: "MessageTooBig",
  invalid: "InvalidTopicName",
  closed: "AlreadyClosed",
};

/** A module with the form of `pulsar-client` whose cluster is an embedded log: shows what the native adapter makes of that form. */
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
    MessageId: {
      earliest: () => new FakeMessageId("earliest"),
      latest: () => new FakeMessageId("latest"),
      deserialize: (bytes) => new FakeMessageId(bytes),
    },
  };
}

class FakeMessageId implements NativeMessageId {
  readonly place: Buffer | "earliest" | "latest";

  constructor(place: Buffer | "earliest" | "latest") {
    this.place = place;
  }

  serialize(): Buffer {
    return Buffer.isBuffer(this.place) ? this.place : Buffer.alloc(0);
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
    return {
      send: async (message: Parameters<Awaited<ReturnType<Native["createProducer"]>>["send"]>[0]) => {
        const { data, partitionKey: key, properties, eventTimestamp: eventTime, deliverAt } = message;
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
      isConnected: () => this.connected,
      close: () => producer.close(),
    };
  }

  async subscribe(options: Parameters<Native["subscribe"]>[0]) {
    const { topic, subscription, subscriptionType: type, consumerName } = options;
    const { ackTimeoutMs, nAckRedeliverTimeoutMs } = options;
    const queue = new Queue();
    const consumer: Consumer = await this.#log()
      .openConsumer(nameOf(topic), {
        subscription,
        type,
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
      acknowledgeId: async (id: NativeMessageId) => consumer.acknowledge(positionIn(id)),
      negativeAcknowledgeId: (id: NativeMessageId) => consumer.negativeAcknowledge(positionIn(id)),
      isConnected: () => this.connected,
      close: async () => {
        queue.end();
        await consumer.close();
      },
    };
  }

  async createReader({ topic, startMessageId, receiverQueueSize }: Parameters<Native["createReader"]>[0]) {
    const queue = new Queue();
    const reader: Reader = await this.#log()
      .openReader(nameOf(topic), {
        from: startOf(startMessageId),
        queueSize: receiverQueueSize,
        onMessage: (message) => queue.add(message),
      })
      .catch(refuse);
    return {
      readNext: () => queue.next(),
      isConnected: () => this.connected,
      close: async () => {
        queue.end();
        await reader.close();
      },
    };
  }

  async close(): Promise<void> {}
}

/** Hands out one message to each call, in order; a call that waits is refused when it is closed. */
class Queue {
  readonly #messages: (ReceivedMessage & { taken?: () => void })[] = [];
  #waiting: { resolve: (message: NativeMessage) => void; reject: (error: Error) => void } | undefined;

  /** Resolves when it was taken. */
  add(message: ReceivedMessage): Promise<void> {
    return new Promise((taken) => {
      this.#messages.push({ ...message, taken });
      this.#handOver();
    });
  }

  next(): Promise<NativeMessage> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#handOver();
    });
  }

  end(): void {
    this.#waiting?.reject(new Error("Failed to receive message: AlreadyClosed"));
    this.#waiting = undefined;
  }

  #handOver(): void {
    const [message] = this.#messages;
    if (message === undefined || this.#waiting === undefined) return;
    this.#messages.shift();
    message.taken?.();
    this.#waiting.resolve(nativeMessage(message));
    this.#waiting = undefined;
  }
}

function nativeMessage(message: ReceivedMessage): NativeMessage {
  return {
    getMessageId: () => new FakeMessageId(idOf(message.position)),
    getData: () => Buffer.from(message.payload),
    getProperties: () => message.properties,
    getPartitionKey: () => message.key ?? "",
    getPublishTimestamp: () => message.publishTime,
    getEventTimestamp: () => message.eventTime ?? 0,
    getRedeliveryCount: () => message.redeliveryCount,
  };
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

function startOf(id: NativeMessageId): ReadFrom {
  if (id instanceof FakeMessageId && !Buffer.isBuffer(id.place)) return id.place;
  return { after: positionIn(id) };
}

function nameOf(fullName: string): string {
  return fullName.split("/").at(-1) ?? "";
}

function refuse(error: unknown): never {
  const result = error instanceof LogError ? results[error.code] : undefined;
  throw new Error(`Failed: ${result ?? "ConnectError"}`);
}
