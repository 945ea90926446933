import type { Clock } from "@downbeat/message-log";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Days that a test lets pass: what is due runs in its order. Node's timers hold 24.8 days, and fire at once what is longer: so does this clock, and it goes on
 * by itself to the next.
 */
export class CalendarClock implements Clock {
  #now: number;
  readonly #due: Timer[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + (delayMs > 2 ** 31 - 1 ? 1 : Math.max(0, delayMs)), callback };
    this.#due.push(timer);
    return () => this.#forget(timer);
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.#forget(next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = until;
  }

  get waiting(): number {
    return this.#due.length;
  }

  #forget(timer: Timer): void {
    const index = this.#due.indexOf(timer);
    if (index >= 0) this.#due.splice(index, 1);
  }
}
