/** Something that hands out messages when there are any. */
export interface Source {
  /** Hands out at most `budget` messages and returns how many it did. When it did all of them it is asked again. */
  dispatch(budget: number): number;
}

const perSource = 64;
const perTurn = 1_000;

/**
 * Runs every handler of the process, one at a time and never inside a call into the log: a handler that sends or
 * acknowledges only marks sources as ready. Works in microtasks, so that a chain (append, delivery, next append) is done
 * within one turn of the event loop and lands in one commit; after `perTurn` messages it lets I/O and timers have a turn.
 */
export class Pump {
  #ready = new Set<Source>();
  #scheduled = false;
  #handedOut = 0;
  #turnEndArmed = false;

  wake(source: Source): void {
    this.#ready.add(source);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#handedOut < perTurn) queueMicrotask(this.#run);
  }

  readonly #run = (): void => {
    while (this.#ready.size > 0 && this.#handedOut < perTurn) {
      const round = this.#ready;
      this.#ready = new Set();
      for (const source of round) {
        const count = source.dispatch(perSource);
        this.#handedOut += count;
        if (count >= perSource) this.#ready.add(source);
      }
    }
    if (this.#handedOut > 0) this.#armTurnEnd();
    this.#scheduled = this.#ready.size > 0;
  };

  #armTurnEnd(): void {
    if (this.#turnEndArmed) return;
    this.#turnEndArmed = true;
    setImmediate(() => {
      this.#turnEndArmed = false;
      this.#handedOut = 0;
      if (this.#scheduled) this.#run();
    });
  }
}
