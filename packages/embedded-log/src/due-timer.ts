import type { Clock } from "@downbeat/message-log";

/** One timer, for the earliest time that something is due. */
export class DueTimer {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #due = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** @param due infinite: nothing is */
  arm(due: number): void {
    if (due === this.#due) return;
    this.cancel();
    if (due === Number.POSITIVE_INFINITY) return;
    this.#due = due;
    this.#cancel = this.#clock.setTimer(() => {
      this.cancel();
      this.#onDue();
    }, due - this.#clock.now());
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due = Number.POSITIVE_INFINITY;
  }
}
