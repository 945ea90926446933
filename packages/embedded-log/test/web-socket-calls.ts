import { until } from "@downbeat/message-log/testing";
import { RawSocket } from "./raw-socket.ts";

/** A log that is spoken to in Pulsar's WebSocket API. */
export interface CallStage {
  /** `ws://host:port` */
  readonly url: string;
  /** A topic that no other call uses, as `persistent/public/default/t`. */
  topic(): string;
}

export interface Call {
  readonly what: string;
  /** What came of it, in words that both logs can say. */
  readonly outcome: (stage: CallStage) => Promise<string>;
}

type Kind = "producer" | "consumer" | "reader";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function open(stage: CallStage, kind: Kind, topic: string, query = ""): Promise<RawSocket> {
  const place = kind === "consumer" ? `${topic}/sub` : topic;
  return RawSocket.open(`${stage.url}/ws/v2/${kind}/${place}${query === "" ? "" : `?${query}`}`);
}

/** `opens`, or the HTTP status that it is refused with. */
async function opening(stage: CallStage, kind: Kind, query: string, topic = stage.topic()): Promise<string> {
  try {
    const socket = await open(stage, kind, topic, query);
    socket.close();
    await socket.ended();
    return "opens";
  } catch (error) {
    return /^\d{3}/.exec((error as Error).message)?.[0] ?? (error as Error).message;
  }
}

function opened(kind: Kind, query: string): Call {
  const what = query === "" ? `a ${kind} without parameters` : `a ${kind} with \`${query}\``;
  return { what, outcome: (stage) => opening(stage, kind, query) };
}

async function publish(stage: CallStage, topic: string, ...texts: string[]): Promise<void> {
  const producer = await open(stage, "producer", topic);
  for (const text of texts) producer.send({ payload: base64(text), key: text.split(" ")[0] });
  await producer.frame(texts.length - 1);
  producer.close();
}

const textOf = (frame: Record<string, unknown>) => Buffer.from(String(frame.payload), "base64").toString();

async function answer(stage: CallStage, frame: string): Promise<string> {
  const socket = await open(stage, "producer", stage.topic());
  socket.send(frame);
  await until("it is answered", () => socket.frames.length > 0 || socket.closed !== undefined);
  if (socket.closed !== undefined) return `closed with ${socket.closed.code}`;
  const { result } = await socket.frame(0);
  socket.close();
  return String(result);
}

/** Each with a value that Pulsar takes. */
const parameters: Readonly<Record<Kind, readonly string[]>> = {
  producer: [
    "producerName=p",
    "initialSequenceId=5",
    "sendTimeoutMillis=30000",
    "batchingEnabled=true",
    "batchingEnabled=true&batchingMaxMessages=10",
    "batchingEnabled=true&batchingMaxPublishDelay=5",
    "maxPendingMessages=100",
    "messageRoutingMode=SinglePartition",
    "hashingScheme=Murmur3_32Hash",
    "compressionType=LZ4",
    "token=any",
    "nonsense=1",
  ],
  consumer: [
    "subscriptionType=Exclusive",
    "subscriptionType=Shared",
    "subscriptionType=Failover",
    "subscriptionType=Key_Shared",
    "subscriptionType=Broadcast",
    "subscriptionMode=Durable",
    "subscriptionMode=NonDurable",
    "subscriptionMode=nonsense",
    "subscriptionInitialPosition=Earliest",
    "subscriptionInitialPosition=nonsense",
    "receiverQueueSize=10",
    "receiverQueueSize=many",
    "consumerName=c",
    "ackTimeoutMillis=1000",
    "ackTimeoutMillis=10",
    "negativeAckRedeliveryDelay=100",
    "pullMode=true",
    "subscriptionType=Shared&maxRedeliverCount=2",
    "subscriptionType=Shared&maxRedeliverCount=0",
    "subscriptionType=Shared&deadLetterTopic=dead",
    "maxRedeliverCount=2",
    "priorityLevel=1",
    "cryptoFailureAction=CONSUME",
    "token=any",
    "nonsense=1",
  ],
  reader: [
    "messageId=earliest",
    "messageId=latest",
    "messageId=nonsense",
    "receiverQueueSize=10",
    "readerName=r",
    "cryptoFailureAction=CONSUME",
    "token=any",
    "nonsense=1",
  ],
};

const messages: readonly Call[] = [
  { what: "a message", outcome: (stage) => answer(stage, JSON.stringify({ payload: base64("x") })) },
  { what: "a frame that is not JSON", outcome: (stage) => answer(stage, "nonsense") },
  { what: "a payload that is not base64", outcome: (stage) => answer(stage, '{"payload":"%%%"}') },
  {
    what: "a frame of over 1 MiB",
    outcome: (stage) => answer(stage, JSON.stringify({ payload: "A".repeat(1_100_000) })),
  },
  {
    what: "a second producer of the same name",
    outcome: async (stage) => {
      const topic = stage.topic();
      const first = await open(stage, "producer", topic, "producerName=p");
      const outcome = await opening(stage, "producer", "producerName=p", topic);
      first.close();
      return outcome;
    },
  },
];

const subscriptions: readonly Call[] = [
  {
    what: "a second consumer of an Exclusive subscription",
    outcome: async (stage) => {
      const topic = stage.topic();
      const first = await open(stage, "consumer", topic);
      const outcome = await opening(stage, "consumer", "", topic);
      first.close();
      return outcome;
    },
  },
  {
    what: "`permit` in pull mode",
    outcome: async (stage) => {
      const topic = stage.topic();
      const consumer = await open(
        stage,
        "consumer",
        topic,
        "pullMode=true&subscriptionInitialPosition=Earliest",
      );
      await publish(stage, topic, "one", "two", "three");
      consumer.send({ type: "permit", permitMessages: 2 });
      await consumer.frame(1);
      consumer.close();
      return `${consumer.frames.length} messages`;
    },
  },
  {
    what: "`isEndOfTopic`",
    outcome: async (stage) => {
      const consumer = await open(stage, "consumer", stage.topic());
      consumer.send({ type: "isEndOfTopic" });
      const frame = await consumer.frame(0);
      consumer.close();
      return JSON.stringify(frame);
    },
  },
  {
    what: "a negatively acknowledged message",
    outcome: async (stage) => {
      const topic = stage.topic();
      const query = "subscriptionType=Shared&negativeAckRedeliveryDelay=100";
      const consumer = await open(stage, "consumer", topic, query);
      await publish(stage, topic, "one");
      consumer.send({ type: "negativeAcknowledge", messageId: (await consumer.frame(0)).messageId });
      const again = await consumer.frame(1);
      consumer.close();
      return `comes again, redeliveryCount ${again.redeliveryCount}`;
    },
  },
  {
    what: "a message asked for again more than `maxRedeliverCount` times",
    outcome: async (stage) => {
      const topic = stage.topic();
      const letters = await RawSocket.open(`${stage.url}/ws/v2/consumer/${topic}-sub-DLQ/letters`);
      const query = "subscriptionType=Shared&negativeAckRedeliveryDelay=100&maxRedeliverCount=1";
      const consumer = await open(stage, "consumer", topic, query);
      await publish(stage, topic, "one");
      for (const delivery of [0, 1])
        consumer.send({ type: "negativeAcknowledge", messageId: (await consumer.frame(delivery)).messageId });
      const letter = await letters.frame(0);
      consumer.close();
      letters.close();
      return `is ${textOf(letter)} in the dead-letter topic, after ${consumer.frames.length} deliveries`;
    },
  },
  {
    what: "what a NonDurable subscription has not acknowledged, once its consumer is gone",
    outcome: async (stage) => {
      const topic = stage.topic();
      const query = "subscriptionMode=NonDurable";
      const first = await open(stage, "consumer", topic, query);
      await publish(stage, topic, "one");
      await first.frame(0);
      first.close();
      await first.ended();
      const second = await open(stage, "consumer", topic, query);
      await publish(stage, topic, "two");
      const next = textOf(await second.frame(0));
      second.close();
      return next === "two" ? "is forgotten" : "comes again";
    },
  },
  {
    what: "messages of one key in a Key_Shared subscription of two consumers",
    outcome: async (stage) => {
      const topic = stage.topic();
      const query = (name: string) => `subscriptionType=Key_Shared&consumerName=${name}`;
      const one = await open(stage, "consumer", topic, query("one"));
      const two = await open(stage, "consumer", topic, query("two"));
      const sent = Array.from({ length: 40 }, (_, i) => `k${i % 8} ${i}`);
      await publish(stage, topic, ...sent);
      await until("all came", () => one.frames.length + two.frames.length === sent.length);
      const keys = (socket: RawSocket) => new Set(socket.frames.map(({ key }) => String(key)));
      const ofBoth = [...keys(one)].filter((key) => keys(two).has(key));
      const inOrder = [one, two].every((socket) => {
        const texts = socket.frames.map(textOf);
        return [...keys(socket)].every((key) => {
          const numbers = texts
            .filter((text) => text.startsWith(`${key} `))
            .map((text) => Number(text.split(" ")[1]));
          return numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0));
        });
      });
      one.close();
      two.close();
      return ofBoth.length === 0 && inOrder ? "go to one of them, in order" : "are spread";
    },
  },
];

/** Section by section, what is called and what comes of it. */
export const calls: Readonly<Record<string, readonly Call[]>> = {
  "Opening a producer": ["", ...parameters.producer].map((query) => opened("producer", query)),
  "Opening a consumer": ["", ...parameters.consumer].map((query) => opened("consumer", query)),
  "Opening a reader": ["", ...parameters.reader].map((query) => opened("reader", query)),
  Publishing: messages,
  Consuming: subscriptions,
};
