/**
 * Names that come from outside and become rows, so many an hour at most: a service that makes up a new one each time must not fill a table.
 */
export class BoundedNames {
  readonly #most: number;
  readonly #known: (hour: number) => readonly string[];
  #hour: number | undefined;
  #names = new Set<string>();

  /** @param known the names that the table has of the hour that begins then, ms since the epoch */
  constructor(most: number, known: (at: number) => readonly string[]) {
    this.#most = most;
    this.#known = known;
  }

  /** Whether there is room for it in the hour of that time. */
  admit(name: string, at: number): boolean {
    const hour = at - (at % 3_600_000);
    if (this.#hour !== hour) {
      this.#hour = hour;
      this.#names = new Set(this.#known(hour));
    }
    if (this.#names.has(name)) return true;
    if (this.#names.size >= this.#most) return false;
    this.#names.add(name);
    return true;
  }
}
