// Kept before a test runner can put others in their place.
const microtask = queueMicrotask;
const nextTick = process.nextTick.bind(process);

/**
 * Calls back when every microtask queued so far has run, and every one that those queued. No I/O happens in between.
 *
 * Rests on how Node empties its queues: all of `nextTick`'s, then all microtasks, and around again until both are empty.
 * A tick asked for by a microtask therefore comes after the last of them. Whoever registers before that microtask ran
 * shares its tick, so a thousand runs that wake together cost one drain.
 */
export class Drain {
  #registered: (() => void)[] = [];
  #armed: (() => void)[] = [];

  whenDrained(callback: () => void): void {
    if (this.#registered.push(callback) === 1) microtask(this.#arm);
  }

  // Only what was registered before a microtask can be sure that its own microtasks run before the tick.
  readonly #arm = (): void => {
    const registered = this.#registered;
    this.#registered = [];
    if (this.#armed.length > 0) {
      for (const callback of registered) this.#armed.push(callback);
      return;
    }
    this.#armed = registered;
    nextTick(this.#fire);
  };

  readonly #fire = (): void => {
    const armed = this.#armed;
    this.#armed = [];
    for (const callback of armed) callback();
  };
}
