import { LogError } from "../log-error.ts";
import type { OutgoingMessage, Producer, ProducerOptions } from "../message-log.ts";
import type { Position } from "../position.ts";
import type { MemoryTopic } from "./memory-topic.ts";

const maxMessageBytes = 1024 * 1024;

export class MemoryProducer implements Producer {
  readonly #topic: MemoryTopic;
  readonly #name: string | undefined;
  readonly #onClose: ProducerOptions["onClose"];
  #number: number;
  #isClosed = false;

  /** @throws LogError when another producer of the name is connected */
  constructor(topic: MemoryTopic, { producerName, initialSequenceId = 0, onClose }: ProducerOptions) {
    if (producerName !== undefined) {
      if (topic.producerNames.has(producerName))
        throw new LogError("conflict", `${topic.name} has a producer named ${producerName} already.`);
      topic.producerNames.add(producerName);
    }
    this.#topic = topic;
    this.#name = producerName;
    this.#number = initialSequenceId;
    this.#onClose = onClose;
  }

  async send(message: OutgoingMessage): Promise<Position | undefined> {
    if (this.#isClosed) throw new LogError("closed", `The producer of ${this.#topic.name} is closed.`);
    if (message.payload.byteLength > maxMessageBytes)
      throw new LogError("tooLarge", `A message has at most ${maxMessageBytes} bytes.`);
    if (this.#name !== undefined) {
      this.#number += 1;
      const highest = this.#topic.numbers.get(this.#name) ?? Number.NEGATIVE_INFINITY;
      if (this.#number <= highest) return undefined;
      this.#topic.numbers.set(this.#name, this.#number);
    }
    return this.#topic.append(message);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#name !== undefined) this.#topic.producerNames.delete(this.#name);
    this.#onClose?.();
  }
}
