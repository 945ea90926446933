import type {
  Consumer,
  ConsumerOptions,
  MessageLog,
  OutgoingMessage,
  Producer,
  Reader,
  ReaderOptions,
  ReceivedMessage,
  Topic,
} from "../message-log.ts";
import type { Position } from "../position.ts";
import { until } from "./until.ts";

export function text(value: string | number): OutgoingMessage {
  return { payload: new TextEncoder().encode(String(value)) };
}

export function textOf(message: ReceivedMessage): string {
  return new TextDecoder().decode(message.payload);
}

/** Sends the texts without waiting in between, and waits for all receipts. */
export async function sendAll(producer: Producer, texts: readonly (string | number)[]): Promise<Position[]> {
  const receipts = await Promise.all(texts.map((one) => producer.send(text(one))));
  return receipts.map((receipt) => {
    if (receipt === undefined) throw new Error("The log took a new message for a duplicate");
    return receipt;
  });
}

export function numbers(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(from + i));
}

/** Collects what a session receives. */
export class Inbox {
  readonly messages: ReceivedMessage[] = [];
  readonly closings: (Error | undefined)[] = [];

  get texts(): string[] {
    return this.messages.map(textOf);
  }

  at(index: number): ReceivedMessage {
    const message = this.messages[index];
    if (message === undefined) throw new Error(`There is no message ${index}`);
    return message;
  }

  holds(count: number): Promise<void> {
    return until(`${count} messages received`, () => this.messages.length >= count);
  }
}

export async function consume(
  log: MessageLog,
  topic: Topic,
  options: Partial<ConsumerOptions> & { readonly acknowledge?: boolean } = {},
): Promise<{ readonly consumer: Consumer; readonly inbox: Inbox }> {
  const inbox = new Inbox();
  const { acknowledge = true, ...rest } = options;
  const consumer: Consumer = await log.openConsumer(topic, {
    subscription: "sub",
    type: "Shared",
    onMessage: (message) => {
      inbox.messages.push(message);
      if (acknowledge) consumer.acknowledge(message.position);
    },
    onClose: (reason) => inbox.closings.push(reason),
    ...rest,
  });
  return { consumer, inbox };
}

export async function read(
  log: MessageLog,
  topic: Topic,
  options: Partial<ReaderOptions> = {},
): Promise<{ readonly reader: Reader; readonly inbox: Inbox }> {
  const inbox = new Inbox();
  const reader = await log.openReader(topic, {
    from: "earliest",
    onMessage: (message) => {
      inbox.messages.push(message);
    },
    onClose: (reason) => inbox.closings.push(reason),
    ...options,
  });
  return { reader, inbox };
}

/** What the subscription still holds back, as the log's own figures say. */
export async function backlogOf(
  log: MessageLog,
  topic: Topic,
  subscription = "sub",
): Promise<number | undefined> {
  const { subscriptions } = await log.topicStats(topic);
  return subscriptions.find((one) => one.name === subscription)?.backlog;
}
