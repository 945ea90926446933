import type { MessageLog, Producer } from "@downbeat/message-log";
import { encodeQuarantineMessage, topics } from "@downbeat/protocol";
import type { EngineObserver } from "./observer.ts";

/** Where what nobody could read is kept, with the reason, for a person to look at. */
export class Quarantine {
  readonly #log: MessageLog;
  readonly #observer: EngineObserver;
  readonly #now: () => number;
  #producer: Promise<Producer> | undefined;

  constructor(log: MessageLog, observer: EngineObserver, now: () => number) {
    this.#log = log;
    this.#observer = observer;
    this.#now = now;
  }

  /** Resolves when it is durable. */
  async add(item: { topic: string; position: string; reason: string; text: string }): Promise<void> {
    this.#observer.quarantined?.(item.topic, item.reason);
    this.#producer ??= this.#log.openProducer(topics.quarantine, { onClose: () => this.#forget() });
    this.#producer.catch(() => this.#forget());
    const producer = await this.#producer;
    await producer.send({ payload: encodeQuarantineMessage({ ...item, at: this.#now() }) });
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#forget();
    await (await producer?.catch(() => undefined))?.close();
  }

  #forget(): void {
    this.#producer = undefined;
  }
}
