import {
  damagedProperty,
  type OutgoingMessage,
  type Position,
  type ReceivedMessage,
} from "@downbeat/message-log";
import type { StoredMessage } from "../stored-message.ts";

/*
 * A stored message: flags (1 byte), publish time (8), then what the flags announce: event time (8), deliver-at (8),
 * key (4 + bytes), properties as JSON (4 + bytes), how many entries before it it stands for (4); the rest is the payload.
 */
const hasEventTime = 1;
const hasDeliverAt = 2;
const hasKey = 4;
const hasProperties = 8;
const hasCovers = 16;

export const noProperties: Readonly<Record<string, string>> = Object.freeze({});

/** Most bytes the message can take, without measuring its strings twice. */
export function sizeBound(message: OutgoingMessage | ReceivedMessage, properties: string): number {
  return (
    37 +
    (message.key === undefined ? 0 : message.key.length * 3) +
    properties.length * 3 +
    message.payload.byteLength
  );
}

export function propertiesJson(message: OutgoingMessage | ReceivedMessage): string {
  return message.properties === undefined || message.properties === noProperties
    ? ""
    : JSON.stringify(message.properties);
}

/** Writes the message and returns where it ends. The target must have {@link sizeBound} bytes left. */
export function encodeMessage(
  message: StoredMessage,
  properties: string,
  target: Buffer,
  start: number,
): number {
  let flags = 0;
  let at = target.writeDoubleLE(message.publishTime, start + 1);
  if (message.eventTime !== undefined) {
    flags |= hasEventTime;
    at = target.writeDoubleLE(message.eventTime, at);
  }
  if (message.deliverAt !== undefined) {
    flags |= hasDeliverAt;
    at = target.writeDoubleLE(message.deliverAt, at);
  }
  if (message.key !== undefined) {
    flags |= hasKey;
    at = writeText(message.key, target, at);
  }
  if (properties !== "") {
    flags |= hasProperties;
    at = writeText(properties, target, at);
  }
  if (message.covers !== undefined) {
    flags |= hasCovers;
    at = target.writeUInt32LE(message.covers, at);
  }
  target[start] = flags;
  target.set(message.payload, at);
  return at + message.payload.byteLength;
}

export function decodeMessage(source: Buffer, entry: number, position: Position): StoredMessage {
  const flags = source.readUInt8(0);
  const publishTime = source.readDoubleLE(1);
  let at = 9;
  const message: { -readonly [K in keyof StoredMessage]: StoredMessage[K] } = {
    entry,
    position,
    payload: source,
    properties: noProperties,
    publishTime,
    redeliveryCount: 0,
  };
  if (flags & hasEventTime) {
    message.eventTime = source.readDoubleLE(at);
    at += 8;
  }
  if (flags & hasDeliverAt) {
    message.deliverAt = source.readDoubleLE(at);
    at += 8;
  }
  if (flags & hasKey) {
    const length = source.readUInt32LE(at);
    message.key = source.toString("utf8", at + 4, at + 4 + length);
    at += 4 + length;
  }
  if (flags & hasProperties) {
    const length = source.readUInt32LE(at);
    message.properties = readProperties(source.toString("utf8", at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (flags & hasCovers) {
    message.covers = source.readUInt32LE(at);
    at += 4;
  }
  message.payload = source.subarray(at);
  return message;
}

/**
 * A message whose bytes can't be trusted: see `damagedProperty` of the port. What is left of its properties and payload is kept for people to look at.
 *
 * @param damage a sentence
 */
export function damagedMessage(
  source: Buffer,
  entry: number,
  position: Position,
  { damage, publishTime }: { readonly damage: string; readonly publishTime: number },
): StoredMessage {
  const { payload, properties, covers } = remains(source, entry, position);
  return {
    ...(covers !== undefined && { covers }),
    entry,
    position,
    payload: Buffer.concat([Buffer.from(`${damage}\n`), payload]),
    properties: { ...properties, [damagedProperty]: damage },
    publishTime,
    redeliveryCount: 0,
  };
}

function remains(
  source: Buffer,
  entry: number,
  position: Position,
): Pick<StoredMessage, "payload" | "properties" | "covers"> {
  try {
    return decodeMessage(source, entry, position);
  } catch {
    return { payload: source, properties: noProperties };
  }
}

function writeText(text: string, target: Buffer, at: number): number {
  const length = target.write(text, at + 4, "utf8");
  target.writeUInt32LE(length, at);
  return at + 4 + length;
}

function readProperties(json: string): Readonly<Record<string, string>> {
  const parsed: unknown = JSON.parse(json);
  if (!isProperties(parsed)) throw new TypeError("Stored properties are not an object of strings");
  return parsed;
}

function isProperties(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => typeof one === "string")
  );
}
