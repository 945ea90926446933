import { LogError, type OutgoingMessage, type Position, type Producer } from "@downbeat/message-log";
import { messageIdOf, publishFrame, wireErrors } from "@downbeat/wire";
import type { LogHandle } from "../log-handle.ts";
import type { Opened } from "./opened.ts";
import { wholeNumber } from "./query.ts";
import type { SessionPath } from "./session-path.ts";
import type { SocketSession } from "./socket-session.ts";

// With more than this without a receipt the client has to wait.
const mostInFlight = 5_000;
const mostBytesInFlight = 16 * 1024 * 1024;
const duplicateId = encodeMinusOne();

export async function openProducer(
  log: LogHandle,
  path: SessionPath,
  query: URLSearchParams,
): Promise<Opened> {
  const producerName = query.get("producerName");
  const initialSequenceId = wholeNumber(query, "initialSequenceId", -1);
  let socket: SocketSession | undefined;
  const producer = await log.openProducer(path.topic, {
    ...(producerName === null ? {} : { producerName }),
    ...(initialSequenceId === undefined ? {} : { initialSequenceId }),
    onClose: (reason) => socket?.end(reason),
  });
  return {
    attach: (attached) => {
      socket = attached;
      const receiver = new PublishReceiver(producer, attached, () => Date.now());
      return { onText: (text) => receiver.onText(text), onClose: () => void producer.close() };
    },
    abandon: () => void producer.close(),
  };
}

class PublishReceiver {
  readonly #producer: Producer;
  readonly #socket: SocketSession;
  readonly #now: () => number;
  #inFlight = 0;
  #bytesInFlight = 0;
  #paused = false;

  constructor(producer: Producer, socket: SocketSession, now: () => number) {
    this.#producer = producer;
    this.#socket = socket;
    this.#now = now;
  }

  onText(text: string): void {
    const frame = parse(text);
    if (frame === undefined)
      return this.#refuse(wireErrors.cannotParse, "The frame is not a message in JSON", undefined);
    const context = frame.context ?? undefined;
    const message = this.#messageOf(frame);
    if (typeof message === "string") return this.#refuse(wireErrors.badPayload, message, context);
    const size = message.payload.byteLength;
    this.#began(size);
    this.#producer.send(message).then(
      (position) => this.#receipt(position, size, context),
      (error: unknown) => this.#failed(error, size, context),
    );
  }

  #messageOf(frame: NonNullable<ReturnType<typeof parse>>): OutgoingMessage | string {
    const payload = Buffer.from(frame.payload, "base64");
    // Node skips what is not base64; a byte count that doesn't match shows it.
    if (payload.byteLength !== base64Bytes(frame.payload)) return "The payload is not base64";
    const eventTime = frame.eventTime == null ? undefined : Date.parse(frame.eventTime);
    if (Number.isNaN(eventTime)) return "eventTime is not a time";
    const deliverAt =
      frame.deliverAt ?? (frame.deliverAfterMs == null ? undefined : this.#now() + frame.deliverAfterMs);
    return {
      payload,
      ...(frame.key == null ? {} : { key: frame.key }),
      ...(frame.properties == null ? {} : { properties: frame.properties }),
      ...(eventTime === undefined ? {} : { eventTime }),
      ...(deliverAt === undefined ? {} : { deliverAt }),
    };
  }

  #receipt(position: Position | undefined, size: number, context: string | undefined): void {
    this.#ended(size);
    const messageId = position === undefined ? duplicateId : messageIdOf(position);
    this.#socket.send(`{"result":"ok","messageId":"${messageId}"${contextField(context)}}`);
  }

  #failed(error: unknown, size: number, context: string | undefined): void {
    this.#ended(size);
    const tooLarge = error instanceof LogError && error.code === "tooLarge";
    const message = error instanceof Error ? error.message : String(error);
    this.#refuse(wireErrors.unknown, tooLarge ? `TooLarge: ${message}` : message, context);
  }

  #refuse(code: number, message: string, context: string | undefined): void {
    this.#socket.send(
      `{"result":"send-error:${code}","errorMsg":${JSON.stringify(message)}${contextField(context)}}`,
    );
  }

  #began(size: number): void {
    this.#inFlight += 1;
    this.#bytesInFlight += size;
    if (this.#paused || (this.#inFlight < mostInFlight && this.#bytesInFlight < mostBytesInFlight)) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #ended(size: number): void {
    this.#inFlight -= 1;
    this.#bytesInFlight -= size;
    if (!this.#paused || this.#inFlight > mostInFlight / 2 || this.#bytesInFlight > mostBytesInFlight / 2)
      return;
    this.#paused = false;
    this.#socket.resume();
  }
}

function parse(text: string) {
  try {
    return publishFrame.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function contextField(context: string | undefined): string {
  return context === undefined ? "" : `,"context":${JSON.stringify(context)}`;
}

function base64Bytes(text: string): number {
  const length = text.endsWith("==") ? text.length - 2 : text.endsWith("=") ? text.length - 1 : text.length;
  return Math.floor((length * 3) / 4);
}

/** Ledger and entry -1, which a duplicate is answered with. */
function encodeMinusOne(): string {
  const minusOne = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
  return Buffer.from([0x08, ...minusOne, 0x10, ...minusOne]).toString("base64");
}
