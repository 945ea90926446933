interface SharedAnswersOptions {
  /** ms, of a clock that never goes back */
  readonly now: () => number;
}

interface Running<T> {
  readonly answer: Promise<T>;
  readonly ending: AbortController;
  askers: number;
}

/** An answer is given again for ten times as long as it took to make, and no longer than this, ms. */
const longestFreshMs = 30_000;
const freshPerWork = 10;
const mostKept = 50;

/** For answers that are much work: who asks what another one asks, or has just asked, is given the same. */
export class SharedAnswers<T> {
  readonly #now: () => number;
  readonly #running = new Map<string, Running<T>>();
  readonly #fresh = new Map<string, { readonly answer: T; readonly until: number }>();

  constructor({ now }: SharedAnswersOptions) {
    this.#now = now;
  }

  /**
   * @param make is given up when nobody who asked waits any more
   * @throws what `make` throws, which is not kept; the signal's reason
   */
  async of(key: string, signal: AbortSignal, make: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const fresh = this.#fresh.get(key);
    if (fresh !== undefined && this.#now() < fresh.until) return fresh.answer;
    const running = this.#running.get(key) ?? this.#begin(key, make);
    running.askers++;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([running.answer, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      running.askers--;
      if (running.askers === 0 && this.#running.get(key) === running) {
        this.#running.delete(key);
        running.ending.abort(signal.reason);
      }
    }
  }

  #begin(key: string, make: (signal: AbortSignal) => Promise<T>): Running<T> {
    const ending = new AbortController();
    const began = this.#now();
    const answer = make(ending.signal);
    const running: Running<T> = { answer, ending, askers: 0 };
    this.#running.set(key, running);
    const over = (): void => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    };
    answer.then((made) => {
      over();
      this.#keep(key, made, this.#now() - began);
    }, over);
    return running;
  }

  #keep(key: string, answer: T, tookMs: number): void {
    const now = this.#now();
    for (const [known, { until }] of this.#fresh) if (until <= now) this.#fresh.delete(known);
    this.#fresh.delete(key);
    const [oldest] = this.#fresh.keys();
    if (this.#fresh.size >= mostKept && oldest !== undefined) this.#fresh.delete(oldest);
    this.#fresh.set(key, { answer, until: now + Math.min(longestFreshMs, freshPerWork * tookMs) });
  }
}
