import { LogError } from "./log-error.ts";
import type { MessageLog, OutgoingMessage, Producer, Topic } from "./message-log.ts";
import type { Position } from "./position.ts";

/**
 * One producer for each topic, shared by all who send there through this: opened when it is first needed, and again after its end. What was under way at
 * its end fails; whoever sent it knows whether to send it again.
 */
export class TopicProducers {
  readonly #log: Pick<MessageLog, "openProducer">;
  readonly #producers = new Map<Topic, Promise<Producer>>();
  #isClosed = false;

  constructor(log: Pick<MessageLog, "openProducer">) {
    this.#log = log;
  }

  /** Resolves when the message is durable. */
  async send(topic: Topic, message: OutgoingMessage): Promise<Position | undefined> {
    const producer = await this.#producer(topic);
    return producer.send(message);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const open = [...this.#producers.values()];
    this.#producers.clear();
    await Promise.allSettled(open.map(async (producer) => (await producer).close()));
  }

  #producer(topic: Topic): Promise<Producer> {
    const known = this.#producers.get(topic);
    if (known !== undefined) return known;
    const forget = () => {
      if (this.#producers.get(topic) === opening) this.#producers.delete(topic);
    };
    const opening = this.#open(topic, forget);
    this.#producers.set(topic, opening);
    opening.catch(forget);
    return opening;
  }

  async #open(topic: Topic, onClose: () => void): Promise<Producer> {
    if (this.#isClosed) throw new LogError("closed", `Nothing is sent to ${topic} any more: it is closed.`);
    return this.#log.openProducer(topic, { onClose });
  }
}
