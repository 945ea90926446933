import type { Clock } from "./clock.ts";

/** How long one turn of the event loop works at most before it lets everything else have a turn, ms. */
const sliceMs = 10;

/**
 * Cuts the long work of one process into slices. Between them the event loop sees to everything else: other partitions, receipts, workers,
 * questions. One for all partitions, since they share the loop.
 */
export class Slices {
  readonly #clock: Pick<Clock, "monotonic" | "defer">;
  /** When this turn's work began; it ends with the turn. */
  #began: number | undefined;
  /** Oldest first. */
  readonly #waiting: (() => void)[] = [];
  #goesOn = false;

  constructor(clock: Pick<Clock, "monotonic" | "defer">) {
    this.#clock = clock;
  }

  /** Whether this turn has worked for long enough. */
  get isOver(): boolean {
    const now = this.#clock.monotonic();
    if (this.#began === undefined) {
      this.#began = now;
      this.#clock.defer(() => {
        this.#began = undefined;
      });
    }
    return now - this.#began >= sliceMs;
  }

  /** Resolves in a turn that has time left. Those who wait go on in the order in which they came, and nobody is woken in vain. */
  rest(): Promise<void> {
    if (this.#waiting.length === 0 && !this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#goesOn) this.#nextTurn();
    });
  }

  #nextTurn(): void {
    this.#goesOn = true;
    this.#clock.defer(() => {
      this.#began = undefined;
      void this.#goOn();
    });
  }

  async #goOn(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.isOver) return this.#nextTurn();
      this.#waiting.shift()?.();
      // It works up to its next pause before the clock is looked at.
      await undefined;
    }
    this.#goesOn = false;
  }
}
