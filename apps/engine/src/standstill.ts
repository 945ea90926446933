/** The main thread, as another thread sees it. */
export interface Look {
  /** Changes as long as the event loop turns. */
  readonly beat: number;
  /** The thread's own time, ms: what it has spent on a processor. */
  readonly ownMs: number;
  /** It waits for something, and wants no processor: in the loop's own rest, or in a call that blocks. */
  readonly isAsleep: boolean;
}

/**
 * For how long a thread's event loop has stood still of its own doing. A machine that gives it no processor makes it slow, and is no reason to end it: only
 * its own time counts, and time in which it sleeps although it was to be awake.
 */
export class Standstill {
  readonly #everyMs: number;
  #last: Look | undefined;
  #ms = 0;

  /** @param everyMs how often a look is taken */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** @returns for how long it has stood still, ms */
  see(look: Look): number {
    const last = this.#last;
    this.#last = look;
    if (last === undefined || look.beat !== last.beat) this.#ms = 0;
    else if (look.isAsleep && last.isAsleep) this.#ms += this.#everyMs;
    else this.#ms += Math.max(0, look.ownMs - last.ownMs);
    return this.#ms;
  }
}
