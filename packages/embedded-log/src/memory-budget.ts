import type { Topic } from "./topic.ts";

const trimEveryMs = 100;

/** Keeps the messages held in memory within a bound. What is dropped is read back from the file when someone wants it. */
export class MemoryBudget {
  readonly #limit: number;
  readonly #warm = new Set<Topic>();
  #used = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  added(topic: Topic, weight: number): void {
    this.#used += weight;
    this.#warm.add(topic);
    if (this.#used > this.#limit) this.#makeRoom();
    this.#timer ??= setTimeout(this.#trim, trimEveryMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  readonly #trim = (): void => {
    this.#timer = undefined;
    for (const topic of this.#warm) {
      topic.trim();
      if (topic.hotWeight === 0) this.#warm.delete(topic);
    }
    this.#measure();
    if (this.#warm.size > 0) this.#timer = setTimeout(this.#trim, trimEveryMs).unref();
  };

  #makeRoom(): void {
    for (const topic of this.#warm) topic.trim();
    this.#measure();
    // A quarter at once, from those that hold most, so that this is rare.
    let excess = this.#used - this.#limit * 0.75;
    for (const topic of [...this.#warm].sort((a, b) => b.hotWeight - a.hotWeight)) {
      if (excess <= 0) break;
      excess -= topic.evict(excess);
    }
    this.#measure();
  }

  #measure(): void {
    this.#used = 0;
    for (const topic of this.#warm) this.#used += topic.hotWeight;
  }
}
