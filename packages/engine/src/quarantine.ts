import type { TopicProducers } from "@downbeat/message-log";
import { encodeQuarantineMessage, topics } from "@downbeat/protocol";
import type { EngineObserver } from "./observer.ts";

/** Where what nobody could read is kept, with the reason, for a person to look at. */
export class Quarantine {
  readonly #producers: TopicProducers;
  readonly #observer: EngineObserver;
  readonly #now: () => number;

  constructor(producers: TopicProducers, observer: EngineObserver, now: () => number) {
    this.#producers = producers;
    this.#observer = observer;
    this.#now = now;
  }

  /** Resolves when it is durable. */
  async add(item: { topic: string; position: string; reason: string; text: string }): Promise<void> {
    this.#observer.quarantined?.(item.topic, item.reason);
    const payload = encodeQuarantineMessage({ ...item, at: this.#now() });
    await this.#producers.send(topics.quarantine, { payload });
  }
}
