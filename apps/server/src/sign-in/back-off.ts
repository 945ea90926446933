interface Failures {
  readonly count: number;
  readonly at: number;
}

const firstMs = 1_000;
const longestMs = 15 * 60_000;
const forgottenAfterMs = 60 * 60_000;
/** The oldest give way. */
const mostKept = 20_000;

/** Makes whoever fails again and again wait, twice as long each time: guessing takes years, and nobody is locked out for good. */
export class BackOff {
  readonly #free: number;
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  /** @param free so many failures cost nothing: people mistype */
  constructor(free: number, now: () => number) {
    this.#free = free;
    this.#now = now;
  }

  /** ms until the next attempt is looked at; 0 now. */
  waitMs(who: string): number {
    const failures = this.#known(who);
    if (failures === undefined || failures.count <= this.#free) return 0;
    const pauseMs = Math.min(longestMs, firstMs * 2 ** (failures.count - this.#free - 1));
    return Math.max(0, failures.at + pauseMs - this.#now());
  }

  /** Counts the attempt as failed before it is looked at, so that a thousand at once are not a thousand guesses. */
  begin(who: string): void {
    const count = (this.#known(who)?.count ?? 0) + 1;
    this.#failures.delete(who);
    this.#failures.set(who, { count, at: this.#now() });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= mostKept) break;
      this.#failures.delete(oldest);
    }
  }

  /** The attempt was right after all. */
  takeBack(who: string): void {
    const failures = this.#failures.get(who);
    if (failures === undefined) return;
    if (failures.count <= 1) this.#failures.delete(who);
    else this.#failures.set(who, { ...failures, count: failures.count - 1 });
  }

  forget(who: string): void {
    this.#failures.delete(who);
  }

  #known(who: string): Failures | undefined {
    const failures = this.#failures.get(who);
    if (failures === undefined || this.#now() - failures.at < forgottenAfterMs) return failures;
    this.#failures.delete(who);
    return undefined;
  }
}
