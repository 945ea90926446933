import type { Clock as LogClock } from "@downbeat/message-log";

/** Everything the engine takes from outside besides the log: time, chance and fresh names. The simulation brings its own. */
export interface Clock {
  /** ms that only ever grow, from an arbitrary start. Never the wall clock: see `log-time.ts`. */
  monotonic(): number;
  /** @returns cancels the timer */
  setTimer(ms: number, run: () => void): () => void;
  /** Runs the function soon, after what the current turn of the event loop still brings. */
  defer(run: () => void): void;
  /** 0 to 1, for back-off. */
  random(): number;
  /** Unique forever. */
  newId(): string;
}

/** The same clock for what is shared with other users of the log. It only measures how long something takes. */
export function logClockOf(clock: Clock): LogClock {
  return { now: () => clock.monotonic(), setTimer: (run, ms) => clock.setTimer(ms, run) };
}
