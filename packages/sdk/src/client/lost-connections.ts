import type { OnProblem } from "../problem-listener.ts";

/** Partitions of history that are not connected. One log has one outage, however many are: it is said once, until all are back. */
export class LostConnections {
  readonly #onProblem: OnProblem;
  readonly #lost = new Set<number>();

  constructor(onProblem: OnProblem) {
    this.#onProblem = onProblem;
  }

  lost(partition: number, reason: Error): void {
    if (this.#lost.size === 0) this.#onProblem("The connection to the history was lost.", reason);
    this.#lost.add(partition);
  }

  back(partition: number): void {
    this.#lost.delete(partition);
  }
}
