/** Time as the log layer sees it. Tests hand in their own. */
export interface Clock {
  /** Ms since the epoch. */
  now(): number;
  /** Calls back once, later, about `delayMs` from now. Who must not be early compares `now()` again. The result cancels. */
  setTimer(callback: () => void, delayMs: number): () => void;
  /** Ms that only ever grow, from an arbitrary start. Default: this process's. */
  monotonic?(): number;
}

/** What has passed by this clock, whoever sets it. */
export function monotonic(clock: Clock): number {
  return clock.monotonic?.() ?? performance.now();
}

// Node fires a longer timeout at once.
const longestTimeoutMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    const timeout = setTimeout(callback, Math.min(Math.max(delayMs, 0), longestTimeoutMs));
    return () => clearTimeout(timeout);
  },
};
