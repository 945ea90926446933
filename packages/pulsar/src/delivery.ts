import type { Position, ReceivedMessage } from "@downbeat/message-log";
import { deliveryFrame, duplicate, positionOf } from "@downbeat/wire";

export interface Delivery {
  readonly message: ReceivedMessage;
  /** As it was received: an acknowledgement sends back exactly this. */
  readonly messageId: string;
}

const noProperties: Readonly<Record<string, string>> = Object.freeze({});

/** Throws when the text is not a message. */
export function parseDelivery(text: string): Delivery {
  const frame = deliveryFrame.parse(JSON.parse(text));
  const position = positionOf(frame.messageId);
  if (position === duplicate) throw new RangeError("A message without a position");
  return { message: messageOf(frame, position), messageId: frame.messageId };
}

function messageOf(frame: ReturnType<typeof deliveryFrame.parse>, position: Position): ReceivedMessage {
  return {
    position,
    payload: Buffer.from(frame.payload ?? "", "base64"),
    properties: frame.properties ?? noProperties,
    publishTime: timeOf(frame.publishTime),
    redeliveryCount: frame.redeliveryCount ?? 0,
    ...(frame.key == null ? {} : { key: frame.key }),
    ...(frame.eventTime == null ? {} : { eventTime: timeOf(frame.eventTime) }),
  };
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError(`Not a time: ${JSON.stringify(text)}`);
  return time;
}
