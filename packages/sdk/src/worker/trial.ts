import type { Clock } from "@downbeat/message-log";

/**
 * A handler that is to end its process has done so by then, mostly; those that come after it wait no longer. Where a worker ended with a hundred long attempts
 * in hand, all of them are begun again within as many times this.
 */
const longestMs = 5_000;

/**
 * The one place, in the whole worker, for an attempt of a job that had a worker end: it may have died of it. While it is begun,
 * no other such attempt is, so that a deadly one doesn't take those along that were only around.
 */
export class Trial {
  readonly #clock: Clock;
  readonly #whenFree: (() => void)[] = [];
  #current: symbol | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isFree(): boolean {
    return this.#current === undefined;
  }

  /** Called each time that the place becomes free. */
  onFree(listener: () => void): void {
    this.#whenFree.push(listener);
  }

  enter(): { readonly begun: () => void; readonly over: () => void } {
    const mine = Symbol();
    this.#current = mine;
    let cancel = (): void => {};
    const over = (): void => {
      cancel();
      if (this.#current !== mine) return;
      this.#current = undefined;
      for (const listener of this.#whenFree) listener();
    };
    const begun = (): void => {
      cancel = this.#clock.setTimer(over, longestMs);
    };
    return { begun, over };
  }
}
