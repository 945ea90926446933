import type { Slices } from "./slices.ts";

/** Takes things one by one in their order: at once while the turn has time left, the others in later turns. */
export class InOrder<Thing> {
  readonly #slices: Slices;
  readonly #take: (thing: Thing) => void;
  #waiting: { readonly thing: Thing; readonly taken: () => void }[] = [];
  /** So many of them are taken. */
  #taken = 0;
  #goesOn = false;

  constructor(slices: Slices, take: (thing: Thing) => void) {
    this.#slices = slices;
    this.#take = take;
  }

  /** @returns `undefined` when it is taken already, else a promise that resolves when it is */
  add(thing: Thing): Promise<void> | undefined {
    if (this.#waiting.length === 0 && !this.#slices.isOver) {
      this.#take(thing);
      return undefined;
    }
    return new Promise((taken) => {
      this.#waiting.push({ thing, taken });
      if (!this.#goesOn) void this.#goOn();
    });
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Those that wait are not wanted any more. */
  clear(): void {
    for (const { taken } of this.#waiting.slice(this.#taken)) taken();
    this.#waiting = [];
    this.#taken = 0;
  }

  async #goOn(): Promise<void> {
    this.#goesOn = true;
    while (this.#waiting.length > 0) {
      await this.#slices.rest();
      for (let next = this.#waiting[this.#taken]; next !== undefined; next = this.#waiting[this.#taken]) {
        if (this.#slices.isOver) break;
        this.#taken += 1;
        this.#take(next.thing);
        next.taken();
      }
      if (this.#taken === this.#waiting.length) this.clear();
    }
    this.#goesOn = false;
  }
}
