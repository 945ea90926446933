import type { Duplex } from "node:stream";

/**
 * Holds back what is written to the socket until the end of the turn, so that a burst of frames leaves in one system call.
 */
export class Corked {
  readonly #socket: Duplex;
  #corked = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Call before each write. */
  hold(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    // Runs after the promise reactions of this turn, thus after the whole burst.
    setImmediate(this.#release);
  }

  readonly #release = (): void => {
    this.#corked = false;
    this.#socket.uncork();
  };
}
