interface Failures {
  readonly count: number;
  readonly at: number;
}

const firstMs = 1_000;
const forgottenAfterMs = 60 * 60_000;
/** The oldest give way. */
const mostKept = 20_000;

interface Pace {
  /** So many failures cost nothing: people mistype. */
  readonly free: number;
  /** ms; however many there were. */
  readonly longestMs: number;
}

/** Makes whoever fails again and again wait, twice as long each time: guessing takes years, and nobody is locked out for good. */
export class BackOff {
  readonly #pace: Pace;
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  /** @param now ms, of any beginning */
  constructor(pace: Pace, now: () => number) {
    this.#pace = pace;
    this.#now = now;
  }

  /** ms until the next attempt is looked at; 0 now. */
  waitMs(who: string): number {
    const failures = this.#known(who);
    const { free, longestMs } = this.#pace;
    if (failures === undefined || failures.count <= free) return 0;
    const pauseMs = Math.min(longestMs, firstMs * 2 ** (failures.count - free - 1));
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
