interface Hour {
  readonly at: number;
  readonly names: Set<string>;
}

/** Partitions are read in turn, each at its own hour. */
const mostHours = 48;

/**
 * Names that come from outside and become rows, so many an hour at most: a service that makes up a new one each time must not fill a table.
 */
export class BoundedNames {
  readonly #most: number;
  readonly #known: (hour: number) => readonly string[];
  readonly #hours = new Map<number, Hour>();
  #current: Hour | undefined;

  /** @param known the names that the table has of the hour that begins then, ms since the epoch */
  constructor(most: number, known: (at: number) => readonly string[]) {
    this.#most = most;
    this.#known = known;
  }

  /** Whether there is room for it in the hour of that time. */
  admit(name: string, at: number): boolean {
    const { names } = this.#hourOf(at - (at % 3_600_000));
    if (names.has(name)) return true;
    if (names.size >= this.#most) return false;
    names.add(name);
    return true;
  }

  /** What was admitted is in the table now: before that, no hour may be forgotten. */
  written(): void {
    for (const at of this.#hours.keys()) {
      if (this.#hours.size <= mostHours) break;
      this.#hours.delete(at);
    }
    this.#current = undefined;
  }

  #hourOf(at: number): Hour {
    if (this.#current?.at === at) return this.#current;
    const hour = this.#hours.get(at) ?? { at, names: new Set(this.#known(at)) };
    // The one that was used last is forgotten last.
    this.#hours.delete(at);
    this.#hours.set(at, hour);
    this.#current = hour;
    return hour;
  }
}
