import { type OutgoingMessage, parsePosition, type ReceivedMessage } from "@downbeat/message-log";
import type { MessageStore } from "./message-store.ts";
import type { Topic } from "./topic.ts";

export interface DeadLetterPolicy {
  /** So many redeliveries are asked for; the next one sends the message to the topic instead. */
  readonly maxRedeliverCount: number;
  readonly topic: string;
}

/** Where a consumer's dead letters go. */
export interface DeadLetters {
  /** From so many redeliveries on. */
  readonly from: number;
  /** Resolves when it is durable elsewhere. */
  put(message: ReceivedMessage): Promise<unknown>;
}

/** Resolves when the message is durable there, or is no longer in the topic. */
export async function putAway(
  letters: DeadLetters,
  entry: number,
  topic: Topic,
  store: MessageStore,
): Promise<void> {
  const message = topic.hot(entry) ?? (await store.fetch(topic, [entry]))[0];
  if (message !== undefined) await letters.put(message);
}

/** As Pulsar's client makes it. */
export function deadLetterOf(message: ReceivedMessage, from: { readonly topic: string }): OutgoingMessage {
  const { payload, properties, key, eventTime } = message;
  const { ledger, entry } = parsePosition(message.position);
  return {
    payload,
    properties: { ...properties, REAL_TOPIC: from.topic, ORIGIN_MESSAGE_ID: `${ledger}:${entry}:-1` },
    ...(key === undefined ? {} : { key }),
    ...(eventTime === undefined ? {} : { eventTime }),
  };
}
