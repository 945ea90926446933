import type { Clock } from "./clock.ts";

/**
 * The time as the log tells it. A message published at `p` and seen at monotonic `m` says that the log's clock was at least
 * `p` then; the largest `p - m` seen lately, added to the monotonic clock, never runs ahead of the log and lags by no more than the shortest
 * delivery. A wall clock of this machine that jumps therefore never fires a timer early, and machines need not agree on the time.
 */
export class LogTime {
  readonly #clock: Clock;
  #current = Number.NEGATIVE_INFINITY;
  #previous = Number.NEGATIVE_INFINITY;
  #bucketStart: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#bucketStart = clock.monotonic();
  }

  observe(publishTime: number): void {
    const now = this.#clock.monotonic();
    if (now - this.#bucketStart > bucketMs) {
      this.#previous = this.#current;
      this.#current = Number.NEGATIVE_INFINITY;
      this.#bucketStart = now;
    }
    this.#current = Math.max(this.#current, publishTime - now);
  }

  /** ms since the epoch; `undefined` before the first message. */
  now(): number | undefined {
    const offset = Math.max(this.#current, this.#previous);
    return offset === Number.NEGATIVE_INFINITY ? undefined : Math.floor(offset + this.#clock.monotonic());
  }
}

// A log clock that was ahead and has been set right is believed again after at most two of these.
const bucketMs = 60_000;
