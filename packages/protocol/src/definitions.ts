interface Definition {
  readonly definition?: string | undefined;
}

/** Remembered of one name. Of those that are forgotten, nothing is checked any more. */
const mostOfAName = 50;

/** What was announced under each name: several definitions, as workers of several builds may be there at once. */
export class Definitions<T extends Definition> {
  /** The one that was announced last is the last. */
  readonly #byName = new Map<string, Map<string, T>>();

  add(name: string, definition: T): void {
    const all = this.#byName.get(name) ?? new Map<string, T>();
    this.#byName.set(name, all);
    const id = definition.definition ?? "";
    all.delete(id);
    all.set(id, definition);
    const [oldest] = all.keys();
    if (all.size > mostOfAName && oldest !== undefined) all.delete(oldest);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  *all(): Iterable<T> {
    for (const definitions of this.#byName.values()) yield* definitions.values();
  }

  *newest(): Iterable<T> {
    for (const name of this.#byName.keys()) {
      const newest = this.newestOf(name);
      if (newest !== undefined) yield newest;
    }
  }

  newestOf(name: string): T | undefined {
    return [...(this.#byName.get(name)?.values() ?? [])].at(-1);
  }

  /**
   * Those with these ids, or the newest where there are no ids.
   *
   * @param ids `undefined` is one that nobody has said
   * @returns `undefined` where one of them is not known
   */
  among(name: string, ids: readonly (string | undefined)[]): readonly T[] | undefined {
    const all = this.#byName.get(name);
    if (all === undefined) return undefined;
    if (ids.length === 0) return [...all.values()].slice(-1);
    if (ids.some((id) => id === undefined || !all.has(id))) return undefined;
    return [...all].filter(([id]) => ids.includes(id)).map(([, definition]) => definition);
  }

  /** Whether one of the ids is said and not known. */
  lacks(name: string, ids: readonly (string | undefined)[]): boolean {
    const all = this.#byName.get(name);
    return ids.some((id) => id !== undefined && all?.has(id) !== true);
  }
}
