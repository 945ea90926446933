import type { OutgoingMessage } from "@downbeat/message-log";

/** The frame that publishes a message. Put together by hand: it is the hot path, and base64 needs no escaping. */
export function publishText(message: OutgoingMessage, context: string): string {
  const { payload, key, properties, deliverAt, eventTime } = message;
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("base64");
  let text = `{"payload":"${base64}","context":"${context}"`;
  if (key !== undefined) text += `,"key":${JSON.stringify(key)}`;
  if (properties !== undefined) text += `,"properties":${JSON.stringify(properties)}`;
  if (deliverAt !== undefined) text += `,"deliverAt":${Math.ceil(deliverAt)}`;
  if (eventTime !== undefined) text += `,"eventTime":"${new Date(eventTime).toISOString()}"`;
  return `${text}}`;
}
