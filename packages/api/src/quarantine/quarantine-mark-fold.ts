import type { QuarantineMarkMessage } from "@downbeat/protocol";

/** What somebody did about an entry last. */
export type KnownMark = Omit<QuarantineMarkMessage, "type" | "replaces" | "changeId"> & {
  /** Another one each time that somebody does something. */
  readonly version: number;
};

/**
 * What people did about the quarantine, the same for every server. Whoever does something names the version that they have seen; if another one is there by then, the
 * log's order decides that nothing is changed.
 */
export class QuarantineMarkFold {
  readonly #known = new Map<string, { readonly mark: KnownMark; readonly changeId: string }>();
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Entries about which something was done. */
  get size(): number {
    return this.#known.size;
  }

  of(entry: string): KnownMark | undefined {
    return this.#known.get(entry)?.mark;
  }

  /** Whether the message with this id is what made the mark as it is. */
  isBy(entry: string, changeId: string): boolean {
    return this.#known.get(entry)?.changeId === changeId;
  }

  take({ type: _, changeId, replaces, ...done }: QuarantineMarkMessage): void {
    const version = this.#known.get(done.entry)?.mark.version ?? 0;
    if (replaces !== version) return;
    this.#known.set(done.entry, { mark: { ...done, version: version + 1 }, changeId });
    this.#revision++;
  }
}
