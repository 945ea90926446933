/** Something that takes a while and says how things stand when it begins: whoever asks meanwhile shares the one after it. */
export class SharedPass {
  readonly #run: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param run never rejects */
  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  /** Resolves at the end of a pass that began after this was called. */
  done(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#begin();
    this.#next = this.#running.then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  #begin(): Promise<void> {
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
