/** Remembers what was done for a key, so that a repeated request has one effect and the same answer. */
export class Idempotent<Result> {
  readonly #done = new Map<string, Result>();
  readonly #limit: number;

  /** @param limit how many keys are remembered; the oldest are forgotten */
  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  once(key: string, effect: () => Result): Result {
    const before = this.#done.get(key);
    if (before !== undefined) return before;
    const result = effect();
    this.#done.set(key, result);
    if (this.#done.size > this.#limit) {
      for (const oldest of this.#done.keys()) {
        this.#done.delete(oldest);
        break;
      }
    }
    return result;
  }

  /** How many effects there were, as far as remembered. */
  get size(): number {
    return this.#done.size;
  }
}
