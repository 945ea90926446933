interface Kept<State> {
  readonly version: number;
  readonly state: State;
  /** Of the message that made it so. */
  readonly changeId: string | undefined;
}

interface Change {
  readonly id: string;
  /** The version that was seen, 0 for none. Not given: whichever is there. */
  readonly replaces?: number | undefined;
  readonly changeId?: string | undefined;
}

/**
 * What people keep in a shared topic, the same for every server. Whoever changes something names the version that they have seen; if another one is there by then, the
 * log's order decides that nothing is changed. What is gone keeps its version, so that nobody brings it back unknowingly.
 */
export class VersionedFold<State> {
  readonly #kept = new Map<string, Kept<State>>();
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  /** How many there are or were. */
  get size(): number {
    return this.#kept.size;
  }

  /** In the order in which they were there first. */
  get states(): State[] {
    return [...this.#kept.values()].map(({ state }) => state);
  }

  stateOf(id: string): State | undefined {
    return this.#kept.get(id)?.state;
  }

  /** How often it was changed. */
  versionOf(id: string): number {
    return this.#kept.get(id)?.version ?? 0;
  }

  /** Whether the message with this id is what made it as it is. */
  isBy(id: string, changeId: string): boolean {
    return this.#kept.get(id)?.changeId === changeId;
  }

  protected change({ id, replaces, changeId }: Change, stateAt: (version: number) => State): void {
    const before = this.versionOf(id);
    if (replaces !== undefined && replaces !== before) return;
    const version = before + 1;
    this.#kept.set(id, { version, state: stateAt(version), changeId });
    this.#revision++;
  }
}
