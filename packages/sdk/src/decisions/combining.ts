/** Whom `Promise.race` and its like subscribe to, of one kind of promises. They subscribe to all that they combine before they return. */
export class Combining<P> {
  #items: P[] | undefined;

  /** One of them subscribes just now. */
  get isAtWork(): boolean {
    return this.#items !== undefined;
  }

  /** @returns whether it is one of them that subscribes to the promise */
  add(promise: P): boolean {
    this.#items?.push(promise);
    return this.isAtWork;
  }

  /** What it makes of its promises, and which of this kind were among them. */
  of(combine: () => Promise<unknown>): { readonly result: Promise<unknown>; readonly items: readonly P[] } {
    const around = this.#items;
    const items: P[] = [];
    this.#items = items;
    try {
      return { result: combine(), items };
    } finally {
      this.#items = around;
    }
  }
}
