import type { Clock } from "./clock.ts";

/** What was seen of the log's clock: it went ahead and is not followed; that is over; it stayed there and is followed now; it was set back. */
export type Stray = "ahead" | "over" | "followed" | "back";

/**
 * The time as the log tells it. A message published at `p` and seen at monotonic `m` says that the log's clock was at least
 * `p` then; the largest `p - m` seen lately, added to the monotonic clock, never runs ahead of the log and lags by no more than the shortest
 * delivery. A wall clock of this machine that jumps therefore never fires a timer early, and machines need not agree on the time.
 *
 * The log's own clock may jump as well. An own message that was sent at monotonic `s` says how far ahead the log's clock can be at most, `p - s`. What is
 * seen beyond that is a clock that was set: it is not followed for a minute, while time goes on by the monotonic clock, and then believed.
 * docs/decisions/0023-clocks-that-jump.md
 */
export class LogTime {
  readonly #clock: Clock;
  readonly #onStray: (what: Stray, byMs: number) => void;
  #current = Number.NEGATIVE_INFINITY;
  #previous = Number.NEGATIVE_INFINITY;
  #bucketStart: number;
  /** The log's clock is at most so far ahead of the monotonic one, and when that was known. */
  #most: { readonly offset: number; readonly at: number } | undefined;
  /** Of what others owned to be the time, where nothing was sent and read back yet. */
  #told = Number.NEGATIVE_INFINITY;
  #straySince: number | undefined;

  constructor(clock: Clock, onStray: (what: Stray, byMs: number) => void = () => {}) {
    this.#clock = clock;
    this.#onStray = onStray;
    this.#bucketStart = clock.monotonic();
  }

  /** @param sentAt `monotonic()` before an own message was sent; absent for another's */
  observe(publishTime: number, sentAt?: number): void {
    const now = this.#clock.monotonic();
    const seen = publishTime - now;
    const by = seen - this.#bound(now);
    if (by > 0 && !this.#isFollowed(now, by)) return;
    if (this.#straySince !== undefined) {
      this.#straySince = undefined;
      this.#onStray("over", 0);
    }
    if (now - this.#bucketStart > bucketMs) {
      this.#previous = this.#current;
      this.#current = Number.NEGATIVE_INFINITY;
      this.#bucketStart = now;
    }
    this.#current = Math.max(this.#current, seen);
    if (sentAt !== undefined) this.#limit(publishTime - sentAt, seen, now);
  }

  /** An owner of the partition has just taken it to be so late. */
  told(at: number): void {
    this.#told = Math.max(this.#told, at - this.#clock.monotonic());
  }

  /** ms since the epoch; `undefined` before the first message. */
  now(): number | undefined {
    const offset = Math.max(this.#current, this.#previous);
    return offset === Number.NEGATIVE_INFINITY ? undefined : offset + this.#clock.monotonic();
  }

  /** The log's clock is at most so far ahead. */
  #limit(offset: number, seen: number, now: number): void {
    if (this.#most === undefined || offset < this.#aged(this.#most, now)) this.#most = { offset, at: now };
    const believed = Math.max(this.#current, this.#previous);
    if (believed <= offset + toleranceMs) return;
    // It was set back.
    this.#current = seen;
    this.#previous = Number.NEGATIVE_INFINITY;
    this.#onStray("back", believed - seen);
  }

  /** What is seen beyond this is a clock that was set. */
  #bound(now: number): number {
    if (this.#most !== undefined) return this.#aged(this.#most, now) + toleranceMs;
    return this.#told === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : this.#told + toldToleranceMs;
  }

  #aged({ offset, at }: { readonly offset: number; readonly at: number }, now: number): number {
    return offset + (now - at) * drift;
  }

  #isFollowed(now: number, by: number): boolean {
    // Rule 22: a jump of seconds would fire timers hours early.
    if (this.#straySince === undefined) {
      this.#straySince = now;
      this.#onStray("ahead", by);
    }
    if (now - this.#straySince < strayMs) return false;
    this.#straySince = undefined;
    this.#most = undefined;
    this.#told = Number.NEGATIVE_INFINITY;
    this.#onStray("followed", by);
    return true;
  }
}

// Who sends nothing itself believes a log clock that was ahead and has been set right after at most two of these.
const bucketMs = 60_000;
/** A clock that has stayed where it jumped to for so long is right. */
const strayMs = 60_000;
const toleranceMs = 1_000;
/** A record takes as long from its decision to whoever follows, at most. */
const toldToleranceMs = 10_000;
/** No two clocks run at the same pace; a thousandth is more than any that works. */
const drift = 0.001;
