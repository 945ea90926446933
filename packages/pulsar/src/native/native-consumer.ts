import type { Clock, Consumer, LogError, Position, ReceivedMessage } from "@downbeat/message-log";
import type { NativeConsumer, NativeMessageId } from "./module.ts";
import { receivedMessage } from "./native-delivery.ts";
import { nativeError } from "./native-error.ts";
import { NativeLife } from "./native-session.ts";

export interface NativeConsumerLimits {
  readonly clock: Clock;
  /** Messages handed over and not answered; what else is here waits in the client's own queue. */
  readonly held: number;
}

/** Takes one message after the other with `receive()`: listeners of the native client have lost messages. */
export class NativeConsumerSession implements Consumer {
  readonly #consumer: NativeConsumer;
  readonly #life: NativeLife;
  readonly #held: number;
  readonly #onMessage: (message: ReceivedMessage) => void;
  readonly #inFlight = new Map<Position, NativeMessageId>();
  #room: (() => void) | undefined;

  constructor(
    what: string,
    consumer: NativeConsumer,
    { clock, held }: NativeConsumerLimits,
    onMessage: (message: ReceivedMessage) => void,
    onEnd: (reason?: Error) => void,
  ) {
    this.#consumer = consumer;
    this.#held = held;
    this.#onMessage = onMessage;
    this.#life = new NativeLife(what, consumer, clock, (reason?: LogError) => {
      this.#inFlight.clear();
      this.#room?.();
      onEnd(reason);
    });
    // Whoever opened the session has it in hand first.
    setImmediate(() => void this.#receiveAll());
  }

  acknowledge(position: Position): void {
    const id = this.#take(position);
    // Not acknowledged, the message comes again.
    if (id !== undefined) this.#consumer.acknowledgeId(id).catch(() => {});
  }

  negativeAcknowledge(position: Position): void {
    const id = this.#take(position);
    if (id !== undefined) this.#consumer.negativeAcknowledgeId(id);
  }

  async close(): Promise<void> {
    if (this.#life.end()) await this.#life.closeSession();
  }

  async #receiveAll(): Promise<void> {
    while (!this.#life.ended) {
      if (this.#inFlight.size >= this.#held) {
        await new Promise<void>((resolve) => (this.#room = resolve));
        continue;
      }
      try {
        const native = await this.#consumer.receive();
        if (this.#life.ended) return;
        const message = receivedMessage(native);
        this.#inFlight.set(message.position, native.getMessageId());
        this.#onMessage(message);
      } catch (error) {
        if (this.#life.end(nativeError(this.#life.what, error))) await this.#life.closeSession();
      }
    }
  }

  #take(position: Position): NativeMessageId | undefined {
    const id = this.#inFlight.get(position);
    if (id === undefined) return undefined;
    this.#inFlight.delete(position);
    this.#room?.();
    return id;
  }
}
