declare global {
  var $mutant: (id: number) => boolean;
  var $tick: () => void;
}

/** Far more rounds than any test takes within its time. */
const mostTicks = 20_000_000;

/** Turns one mutant on at a time, and knows which were reached. */
export class Switchboard {
  readonly #reached: Uint8Array;
  #active = -1;
  #ticks = 0;
  #limit = mostTicks;

  constructor(end: number) {
    this.#reached = new Uint8Array(end);
    globalThis.$mutant = (id) => {
      this.#reached[id] = 1;
      return id === this.#active;
    };
    globalThis.$tick = () => {
      this.#ticks += 1;
      if (this.#ticks > this.#limit) throw new Error("The mutant loops without end.");
    };
  }

  /** With every mutant off: what is reached from here on, and how many rounds loops take. */
  watch(): void {
    this.#reached.fill(0);
    this.turnOff();
  }

  turnOn(id: number, normalTicks: number): void {
    this.#active = id;
    this.#ticks = 0;
    this.#limit = normalTicks * 20 + 100_000;
  }

  turnOff(): void {
    this.#active = -1;
    this.#ticks = 0;
    this.#limit = mostTicks;
  }

  get ticks(): number {
    return this.#ticks;
  }

  reached(): readonly number[] {
    return [...this.#reached.keys()].filter((id) => this.#reached[id] === 1);
  }
}
