import type { Position } from "@downbeat/message-log";

/**
 * Holds back acknowledgements: an inbox message may go when the record that was newest at its deciding is accepted and has its effects
 * published, and so everything before it.
 */
export class Acknowledgements {
  readonly #waiting: { after: number; position: Position }[] = [];
  #through = 0;
  readonly #acknowledge: (position: Position) => void;

  constructor(acknowledge: (position: Position) => void) {
    this.#acknowledge = acknowledge;
  }

  /** @param after number of the record to wait for */
  add(position: Position, after: number): void {
    if (after <= this.#through) this.#acknowledge(position);
    else this.#waiting.push({ after, position });
  }

  /** Records up to this number are safe and published. */
  advance(through: number): void {
    // Rule 16: an input that is let go sooner is lost with a record that does not count, or its effect with a crash.
    if (through <= this.#through) return;
    this.#through = through;
    let done = 0;
    for (const { after, position } of this.#waiting) {
      if (after > through) break;
      this.#acknowledge(position);
      done += 1;
    }
    this.#waiting.splice(0, done);
  }

  get size(): number {
    return this.#waiting.length;
  }
}
