import {
  type Clock,
  type MessageLog,
  type Position,
  type ReconnectingProducer,
  type ReconnectOptions,
  reconnectingProducer,
} from "@downbeat/message-log";
import { encodeQuarantineMessage, topics } from "@downbeat/protocol";

/** Where messages go that can't be read, for a person to look at. */
export class Quarantine {
  readonly #log: MessageLog;
  readonly #clock: Clock;
  readonly #reconnect: ReconnectOptions;
  #producer: ReconnectingProducer | undefined;

  constructor(log: MessageLog, clock: Clock, reconnect: ReconnectOptions) {
    this.#log = log;
    this.#clock = clock;
    this.#reconnect = reconnect;
  }

  async add(topic: string, position: Position, payload: Uint8Array, reason: string): Promise<void> {
    this.#producer ??= reconnectingProducer(this.#log, topics.quarantine, this.#reconnect);
    const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8");
    await this.#producer.send({
      payload: encodeQuarantineMessage({ topic, position, reason, text, at: this.#clock.now() }),
    });
  }

  async close(): Promise<void> {
    await this.#producer?.close();
  }
}
