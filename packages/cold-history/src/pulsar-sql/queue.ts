import { ColdError, cancelled } from "../port/cold-error.ts";

export interface QueueLimits {
  /** Queries at a time, of all people. */
  readonly atOnce: number;
  /** How many more may wait. */
  readonly waiting: number;
}

interface Waiting {
  readonly who: string;
  readonly begin: () => void;
}

/**
 * One query a person at a time, and a bounded number of all people's. Whoever waited longest and has none under way is next. A newer query of a
 * person waits for the older: two pages of one person must not cancel each other's in turns. A page that is left aborts its signal, so what is
 * not wanted any more does not hold up what is.
 */
export class Queue {
  readonly #limits: QueueLimits;
  readonly #underWay = new Set<string>();
  readonly #waiting = new Set<Waiting>();

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * @param onWait called when it can't begin at once
   * @throws ColdError `busy`, or `cancelled` when the signal is aborted before its turn
   */
  async take<T>(who: string, signal: AbortSignal, onWait: () => void, work: () => Promise<T>): Promise<T> {
    await this.#turn(who, signal, onWait);
    try {
      return await work();
    } finally {
      this.#underWay.delete(who);
      this.#next();
    }
  }

  #turn(who: string, signal: AbortSignal, onWait: () => void): Promise<void> {
    if (signal.aborted) return Promise.reject(cancelled());
    if (this.#isFree(who)) {
      this.#underWay.add(who);
      return Promise.resolve();
    }
    const { waiting } = this.#limits;
    if (this.#waiting.size >= waiting) {
      return Promise.reject(
        new ColdError("busy", `${waiting} queries wait for Pulsar SQL already: try again in a while.`),
      );
    }
    onWait();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(entry);
        reject(cancelled());
      };
      const entry: Waiting = {
        who,
        begin: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      this.#waiting.add(entry);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #isFree(who: string): boolean {
    return this.#underWay.size < this.#limits.atOnce && !this.#underWay.has(who);
  }

  #next(): void {
    for (const entry of this.#waiting) {
      if (!this.#isFree(entry.who)) continue;
      this.#waiting.delete(entry);
      this.#underWay.add(entry.who);
      entry.begin();
    }
  }
}
