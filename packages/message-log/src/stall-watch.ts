import type { Clock } from "./clock.ts";

export interface StallWatchOptions {
  readonly clock: Clock;
  /** Silence after which the session is looked at, ms. */
  readonly afterMs: number;
  /** Asked of the log: whether something should have come. A rejection counts as no. */
  readonly isStalled: () => Promise<boolean>;
  readonly onStalled: (silentMs: number) => void;
}

/**
 * Looks at a session through which nothing comes. A broker that moves a topic at a bad moment can forget a session whose connection stays open and
 * answers pings: it is silent from then on, forever, and looks as if there were nothing to say.
 */
export class StallWatch {
  readonly #o: StallWatchOptions;
  #wait: number;
  #heard = 0;
  #cancel: () => void;
  #isClosed = false;

  constructor(options: StallWatchOptions) {
    this.#o = options;
    this.#wait = options.afterMs;
    this.#cancel = this.#arm();
  }

  /** Something came. */
  heard(): void {
    this.#heard += 1;
    this.#wait = this.#o.afterMs;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #arm(): () => void {
    const [before, wait] = [this.#heard, this.#wait];
    return this.#o.clock.setTimer(() => {
      void this.#look(before, wait).finally(() => {
        if (!this.#isClosed) this.#cancel = this.#arm();
      });
    }, wait);
  }

  async #look(before: number, silentMs: number): Promise<void> {
    const isSilent = () => !this.#isClosed && this.#heard === before;
    if (!isSilent()) return;
    const isStalled = await this.#o.isStalled().catch(() => false);
    if (!isStalled || !isSilent()) return;
    // Where that doesn't help either, it is no stall, or none that one can mend: more patience each time.
    this.#wait = Math.min(silentMs * 2, Math.max(longestMs, this.#o.afterMs));
    this.#o.onStalled(silentMs);
  }
}

const longestMs = 300_000;
