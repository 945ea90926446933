import { LogError, type OutgoingMessage, type Position, type Producer } from "@downbeat/message-log";
import { duplicate, positionOf, type ReceiptFrame, receiptFrame } from "@downbeat/wire";
import type { Connection } from "./connection.ts";
import { publishText } from "./publish-text.ts";

const receiptsOnCloseMs = 5_000;

interface Sending {
  readonly text: string;
  readonly context: string;
  readonly resolve: (position: Position | undefined) => void;
  readonly reject: (error: LogError) => void;
}

export interface ProducerLimits {
  readonly maxFrameBytes: number;
  /** Messages under way without a receipt; further ones wait here. */
  readonly maxInFlight: number;
}

/** Matches receipts to messages by context: errors overtake what was sent before them. */
export class PulsarProducer implements Producer {
  readonly #limits: ProducerLimits;
  readonly #inFlight = new Map<string, Sending>();
  #waiting: Sending[] = [];
  #waitingAt = 0;
  #connection: Connection | undefined;
  #nextContext = 1;
  #ended: LogError | undefined;
  #drained: (() => void) | undefined;
  readonly #onEnd: (session: PulsarProducer, reason?: LogError) => void;

  constructor(limits: ProducerLimits, onEnd: (session: PulsarProducer, reason?: LogError) => void) {
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  connected(connection: Connection): void {
    this.#connection = connection;
  }

  send(message: OutgoingMessage): Promise<Position | undefined> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const context = String(this.#nextContext++);
    const text = publishText(message, context);
    if (
      text.length * 3 > this.#limits.maxFrameBytes &&
      Buffer.byteLength(text) > this.#limits.maxFrameBytes
    ) {
      const size = Buffer.byteLength(text);
      return Promise.reject(
        new LogError(
          "tooLarge",
          `The message takes a frame of ${size} bytes; the limit is ${this.#limits.maxFrameBytes}.`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, context, resolve, reject });
      this.#sendWaiting();
    });
  }

  async close(): Promise<void> {
    if (!this.#end(new LogError("closed", "The producer is closed."), undefined)) return;
    await this.#finish(new LogError("closed", "The producer was closed before the receipt came."));
  }

  /** What is under way still gets its receipt. */
  async retire(reason: LogError): Promise<void> {
    if (this.#end(reason, reason)) await this.#finish(reason);
  }

  onText(text: string): void {
    const receipt = parseReceipt(text);
    const sending = receipt === undefined ? undefined : this.#inFlight.get(receipt.context ?? "");
    if (receipt === undefined || sending === undefined) {
      this.#connection?.fail(
        new LogError(
          "unavailable",
          `The log sent a receipt that belongs to no message: ${text.slice(0, 200)}`,
        ),
      );
      return;
    }
    this.#inFlight.delete(sending.context);
    try {
      settle(sending, receipt);
    } catch (error) {
      sending.reject(
        new LogError("unavailable", "The log sent a receipt without a valid position.", { cause: error }),
      );
    }
    this.#sendWaiting();
    if (this.#inFlight.size === 0) this.#drained?.();
  }

  lost(error: LogError): void {
    this.#end(error, error);
    this.#rejectAll(error);
    this.#drained?.();
  }

  #sendWaiting(): void {
    while (this.#inFlight.size < this.#limits.maxInFlight) {
      const next = this.#waiting[this.#waitingAt];
      if (next === undefined) break;
      this.#waitingAt += 1;
      this.#inFlight.set(next.context, next);
      this.#connection?.send(next.text);
    }
    if (this.#waitingAt === this.#waiting.length || this.#waitingAt > 1_000) {
      this.#waiting = this.#waiting.slice(this.#waitingAt);
      this.#waitingAt = 0;
    }
  }

  async #finish(unanswered: LogError): Promise<void> {
    if (this.#inFlight.size > 0) await this.#receiptsOrTimeout();
    this.#rejectAll(unanswered);
    await this.#connection?.close();
  }

  #receiptsOrTimeout(): Promise<void> {
    return new Promise((resolve) => {
      const impatient = setTimeout(resolve, receiptsOnCloseMs);
      this.#drained = () => {
        clearTimeout(impatient);
        resolve();
      };
    });
  }

  #end(refusal: LogError, reason: LogError | undefined): boolean {
    if (this.#ended !== undefined) return false;
    this.#ended = refusal;
    this.#onEnd(this, reason);
    return true;
  }

  #rejectAll(error: LogError): void {
    const unsent = this.#waiting.slice(this.#waitingAt);
    this.#waiting = [];
    this.#waitingAt = 0;
    for (const { reject } of [...this.#inFlight.values(), ...unsent]) reject(error);
    this.#inFlight.clear();
  }
}

function parseReceipt(text: string): ReceiptFrame | undefined {
  try {
    return receiptFrame.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function settle(sending: Sending, receipt: ReceiptFrame): void {
  if (receipt.result === "ok") {
    const position = positionOf(receipt.messageId ?? "");
    sending.resolve(position === duplicate ? undefined : position);
    return;
  }
  const message = receipt.errorMsg ?? receipt.result;
  if (/too ?large|exceeds|max message size/i.test(message)) sending.reject(new LogError("tooLarge", message));
  else if (/:(3|7)$/.test(receipt.result)) sending.reject(new LogError("invalid", message));
  else sending.reject(new LogError("unavailable", message));
}
