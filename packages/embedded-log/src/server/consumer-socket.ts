import {
  LogError,
  mostUnacknowledged,
  type ReceivedMessage,
  type SubscriptionType,
} from "@downbeat/message-log";
import { commandFrame, duplicate, positionOf } from "@downbeat/wire";
import type { ConsumerSession } from "../consumer-session.ts";
import type { DeadLetterPolicy } from "../dead-letters.ts";
import type { LogHandle } from "../log-handle.ts";
import { deliveryText } from "./delivery-text.ts";
import type { Opened } from "./opened.ts";
import { oneOf, wholeNumber } from "./query.ts";
import type { SessionPath } from "./session-path.ts";
import type { SocketSession } from "./socket-session.ts";

export async function openConsumer(
  log: LogHandle,
  path: SessionPath,
  query: URLSearchParams,
): Promise<Opened> {
  let socket: SocketSession | undefined;
  const consumerName = query.get("consumerName");
  const ackTimeoutMs = wholeNumber(query, "ackTimeoutMillis", 0);
  const negativeAckDelayMs = wholeNumber(query, "negativeAckRedeliveryDelay", 0);
  const type = oneOf(query, "subscriptionType", ["Exclusive", "Shared", "Failover", "Key_Shared"]);
  const deadLetter = deadLetterOf(path, type, query);
  const consumer = await log.openConsumer(path.topic, {
    subscription: path.subscription,
    type,
    // Pulsar's own default for a new subscription.
    initialPosition:
      oneOf(query, "subscriptionInitialPosition", ["Latest", "Earliest"]) === "Earliest"
        ? "earliest"
        : "latest",
    isDurable: oneOf(query, "subscriptionMode", ["Durable", "NonDurable"]) === "Durable",
    queueSize: Math.min(wholeNumber(query, "receiverQueueSize", 0) || mostUnacknowledged, mostUnacknowledged),
    pull: oneOf(query, "pullMode", ["false", "true"]) === "true",
    ...(deadLetter === undefined ? {} : { deadLetter }),
    ...(consumerName === null ? {} : { consumerName }),
    ...(ackTimeoutMs === undefined || ackTimeoutMs === 0 ? {} : { ackTimeoutMs }),
    ...(negativeAckDelayMs === undefined ? {} : { negativeAckDelayMs }),
    onMessage: (message: ReceivedMessage) => socket?.send(deliveryText(message)),
    onClose: (reason) => socket?.end(reason),
  });
  return {
    attach: (attached) => {
      socket = attached;
      return {
        onText: (text) => handle(text, consumer, attached),
        onClose: () => void consumer.close(),
        onCongested: (is) => consumer.congested(is),
      };
    },
    abandon: () => void consumer.close(),
  };
}

/** Throws on what is no command: that ends the session. */
function handle(text: string, consumer: ConsumerSession, socket: SocketSession): void {
  const { type, messageId, permitMessages } = commandFrame.parse(JSON.parse(text));
  switch (type) {
    case "permit":
      if (permitMessages == null || !(permitMessages > 0))
        throw new Error("permitMessages must be a positive number");
      return consumer.permit(permitMessages);
    case "unsubscribe":
      if (!consumer.unsubscribe()) throw new Error("The subscription has other consumers");
      return;
    case "isEndOfTopic":
      return socket.send(`{"endOfTopic":false}`);
    case "negativeAcknowledge":
      return consumer.negativeAcknowledge(positionIn(messageId));
    default:
      return consumer.acknowledge(positionIn(messageId));
  }
}

function positionIn(messageId: string | null | undefined) {
  const position = positionOf(messageId ?? "");
  if (position === duplicate) throw new Error("No message has this id");
  return position;
}

function deadLetterOf(
  { topic, subscription }: SessionPath,
  type: SubscriptionType,
  query: URLSearchParams,
): DeadLetterPolicy | undefined {
  const maxRedeliverCount = wholeNumber(query, "maxRedeliverCount", 1);
  const named = query.get("deadLetterTopic");
  if (maxRedeliverCount === undefined) {
    if (named === null) return undefined;
    throw new LogError("invalid", "deadLetterTopic takes maxRedeliverCount, of at least 1.");
  }
  if (type !== "Shared" && type !== "Key_Shared")
    throw new LogError("invalid", "maxRedeliverCount takes subscriptionType Shared or Key_Shared.");
  return { maxRedeliverCount, topic: localName(named ?? `${topic}-${subscription}-DLQ`) };
}

/** Also where the whole name is given. */
function localName(topic: string): string {
  return topic.slice(topic.lastIndexOf("/") + 1);
}
