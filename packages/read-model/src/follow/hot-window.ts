import type { Clock } from "@downbeat/message-log";

export interface HotWindowOptions {
  readonly clock: Clock;
  /** How long the events of a run stay after its end, ms. */
  readonly ms: number;
  /** Lets a few runs' events leave. Says whether there are more. */
  readonly next: (endedBefore: number) => boolean;
  readonly onFailure: (error: unknown) => void;
}

const longestRoundMs = 60_000;
const shortestRoundMs = 500;
/** Between two slices: messages that came meanwhile are taken first. */
const pauseMs = 20;

/** Lets events leave the cache that are older than the hot window: a slice at a time, round after round. */
export class HotWindow {
  readonly #options: HotWindowOptions;
  #cancel: (() => void) | undefined;

  constructor(options: HotWindowOptions) {
    this.#options = options;
    this.#arm(pauseMs);
  }

  /** A small part of the window, so that nothing stays much longer. */
  get #roundMs(): number {
    return Math.min(longestRoundMs, Math.max(shortestRoundMs, this.#options.ms / 10));
  }

  stop(): void {
    this.#cancel?.();
  }

  #arm(wait: number): void {
    this.#cancel = this.#options.clock.setTimer(() => this.#slice(), wait);
  }

  #slice(): void {
    const { clock, ms, next, onFailure } = this.#options;
    try {
      this.#arm(next(clock.now() - ms) ? pauseMs : this.#roundMs);
    } catch (error) {
      onFailure(error);
    }
  }
}
