import { parsePosition, type ReceivedMessage } from "@downbeat/message-log";
import { encodeMessageId } from "@downbeat/wire";

let isoFor = -1;
let iso = "";

/** The frame that delivers a message. Put together by hand: it is the hot path, and base64 needs no escaping. */
export function deliveryText(message: ReceivedMessage): string {
  const { payload, key, eventTime } = message;
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("base64");
  let text = `{"messageId":"${wireIdOf(message)}","payload":"${base64}","properties":`;
  text += JSON.stringify(message.properties);
  text += `,"publishTime":"${isoOf(message.publishTime)}","redeliveryCount":${message.redeliveryCount}`;
  if (key !== undefined) text += `,"key":${JSON.stringify(key)}`;
  if (eventTime !== undefined) text += `,"eventTime":"${new Date(eventTime).toISOString()}"`;
  return `${text}}`;
}

function wireIdOf(message: ReceivedMessage): string {
  const { ledger, entry, batchIndex } = parsePosition(message.position);
  return encodeMessageId(ledger, entry, batchIndex);
}

/** Messages of one commit mostly share their millisecond. */
function isoOf(time: number): string {
  if (time !== isoFor) {
    isoFor = time;
    iso = new Date(time).toISOString();
  }
  return iso;
}
