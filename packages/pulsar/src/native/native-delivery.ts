import type { ReceivedMessage } from "@downbeat/message-log";
import { duplicate, positionOf } from "@downbeat/wire";
import type { NativeMessage } from "./module.ts";

export function receivedMessage(message: NativeMessage): ReceivedMessage {
  const position = positionOf(message.getMessageId().serialize().toString("base64"));
  if (position === duplicate) throw new RangeError("A message without a position");
  const key = message.getPartitionKey();
  const eventTime = message.getEventTimestamp();
  return {
    position,
    payload: message.getData(),
    properties: { ...message.getProperties() },
    publishTime: message.getPublishTimestamp(),
    redeliveryCount: message.getRedeliveryCount(),
    ...(key !== "" && { key }),
    ...(eventTime > 0 && { eventTime }),
  };
}
