import { type Consumer, LogError, type Position, type ReceivedMessage } from "@downbeat/message-log";
import type { Connection } from "./connection.ts";
import { parseDelivery } from "./delivery.ts";

/**
 * Asks for messages in pull mode: a permit each, so that at most `queueSize` unacknowledged ones are here, and a
 * redelivery after an acknowledgement timeout costs no place for good (in push mode the proxy counts it twice).
 */
export class PulsarConsumer implements Consumer {
  readonly #queueSize: number;
  readonly #prefetch: number;
  readonly #onMessage: (message: ReceivedMessage) => void;
  readonly #onEnd: (session: PulsarConsumer, reason?: LogError) => void;
  /** Position to the message id as received. */
  readonly #inFlight = new Map<Position, string>();
  /** Permits given and not used yet. */
  #permits = 0;
  #connection: Connection | undefined;
  #ended = false;

  constructor(
    {
      queueSize,
      prefetch = queueSize,
    }: { readonly queueSize: number; readonly prefetch?: number | undefined },
    onMessage: (message: ReceivedMessage) => void,
    onEnd: (session: PulsarConsumer, reason?: LogError) => void,
  ) {
    this.#queueSize = queueSize;
    this.#prefetch = Math.min(prefetch, queueSize);
    this.#onMessage = onMessage;
    this.#onEnd = onEnd;
  }

  connected(connection: Connection): void {
    this.#connection = connection;
    setImmediate(() => this.#permit());
  }

  onText(text: string): void {
    try {
      const { message, messageId } = parseDelivery(text);
      this.#permits -= 1;
      this.#inFlight.set(message.position, messageId);
      this.#onMessage(message);
    } catch (error) {
      this.#connection?.fail(
        new LogError(
          "unavailable",
          `The consumer ended on a message it could not take: ${text.slice(0, 200)}`,
          {
            cause: error,
          },
        ),
      );
      return;
    }
    this.#permit();
  }

  acknowledge(position: Position): void {
    this.#answer(position, (messageId) => `{"messageId":"${messageId}"}`);
  }

  negativeAcknowledge(position: Position): void {
    this.#answer(position, (messageId) => `{"type":"negativeAcknowledge","messageId":"${messageId}"}`);
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

  #answer(position: Position, text: (messageId: string) => string): void {
    const messageId = this.#inFlight.get(position);
    if (messageId === undefined || this.#ended) return;
    this.#inFlight.delete(position);
    this.#connection?.send(text(messageId));
    this.#permit();
  }

  #permit(): void {
    const free = Math.min(this.#prefetch, this.#queueSize - this.#inFlight.size) - this.#permits;
    // In larger portions, as long as the log has permits left to go on with.
    if (free <= 0 || (this.#permits > 0 && free < this.#prefetch / 4)) return;
    this.#permits += free;
    this.#connection?.send(`{"type":"permit","permitMessages":${free}}`);
  }

  #end(reason?: LogError): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#inFlight.clear();
    this.#onEnd(this, reason);
    return true;
  }
}
