import { LogError, type Reader, type ReceivedMessage } from "@downbeat/message-log";
import type { Connection } from "./connection.ts";
import { parseDelivery } from "./delivery.ts";

/** The log sends `queueSize` messages; each answer makes room for one more. That is the back-pressure. */
export class PulsarReader implements Reader {
  readonly #onMessage: (message: ReceivedMessage) => void | Promise<void>;
  readonly #onEnd: (session: PulsarReader, reason?: LogError) => void;
  #connection: Connection | undefined;
  #ended = false;

  constructor(
    onMessage: (message: ReceivedMessage) => void | Promise<void>,
    onEnd: (session: PulsarReader, reason?: LogError) => void,
  ) {
    this.#onMessage = onMessage;
    this.#onEnd = onEnd;
  }

  connected(connection: Connection): void {
    this.#connection = connection;
  }

  onText(text: string): void {
    try {
      const { message, messageId } = parseDelivery(text);
      const handled = this.#onMessage(message);
      if (handled === undefined) this.#answer(messageId);
      else
        handled.then(
          () => this.#answer(messageId),
          (error: unknown) => this.#fail(text, error),
        );
    } catch (error) {
      this.#fail(text, error);
    }
  }

  async close(): Promise<void> {
    if (!this.#end()) return;
    await this.#connection?.close();
  }

  lost(error: LogError): void {
    this.#end(error);
  }

  async retire(reason: LogError): Promise<void> {
    if (!this.#end(reason)) return;
    await this.#connection?.close();
  }

  #answer(messageId: string): void {
    this.#connection?.send(`{"messageId":"${messageId}"}`);
  }

  #fail(text: string, cause: unknown): void {
    this.#connection?.fail(
      new LogError("unavailable", `The reader ended on a message it could not take: ${text.slice(0, 200)}`, {
        cause,
      }),
    );
  }

  #end(reason?: LogError): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#onEnd(this, reason);
    return true;
  }
}
