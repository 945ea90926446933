import type { Reader, ReaderOptions } from "../message-log.ts";
import { nextTurn } from "../next-turn.ts";
import { indexOf, type MemoryTopic } from "./memory-topic.ts";

const defaultQueueSize = 1_000;

export class MemoryReader implements Reader {
  readonly #topic: MemoryTopic;
  readonly #options: ReaderOptions;
  #next: number;
  #underWay = 0;
  #isWoken = false;
  #isClosed = false;

  constructor(topic: MemoryTopic, options: ReaderOptions) {
    const { from } = options;
    this.#topic = topic;
    this.#options = options;
    this.#next =
      from === "earliest" ? 0 : from === "latest" ? topic.messages.length : indexOf(from.after) + 1;
    topic.listeners.add(this.#wake);
    this.#wake();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#topic.listeners.delete(this.#wake);
    this.#options.onClose?.();
  }

  readonly #wake = (): void => {
    if (this.#isWoken) return;
    this.#isWoken = true;
    // Whoever opened a session has it in hand by then.
    nextTurn(() => {
      this.#isWoken = false;
      this.#deliver();
    });
  };

  #deliver(): void {
    const { onMessage, queueSize = defaultQueueSize } = this.#options;
    while (!this.#isClosed && this.#underWay < queueSize) {
      const message = this.#topic.messages[this.#next];
      if (message === undefined) return;
      this.#next += 1;
      this.#topic.onActivity();
      const done = onMessage({ ...message, redeliveryCount: 0 });
      if (done === undefined) continue;
      this.#underWay += 1;
      void done.finally(() => {
        this.#underWay -= 1;
        this.#wake();
      });
    }
  }
}
