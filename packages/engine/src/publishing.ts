import type { Effect } from "@downbeat/domain";
import { InOrder } from "./in-order.ts";
import type { Slices } from "./slices.ts";

/** Of a record whose effects are published. */
export interface PublishedRecord {
  /** Within the tenure, inherited ones first. */
  readonly number: number;
  /** Of all that count in the partition. */
  readonly ordinal: number;
}

export interface PublishingOptions {
  readonly effects: { publish(effect: Effect, now: number): Promise<void> };
  readonly slices: Slices;
  readonly isOwning: () => boolean;
  /** The record's effects are published, and those of all before it. */
  readonly onPublished: (record: PublishedRecord) => void;
  /** After `onPublished`. */
  readonly onSettled: (record: PublishedRecord) => void;
  readonly onFailure: (error: unknown) => void;
}

interface Entry extends PublishedRecord {
  /** Effects that are not published. */
  left: number;
}

interface Pending {
  readonly entry: Entry;
  readonly effect: Effect;
  readonly now: number;
}

/** Publishes the effects of records at once, and tells which are done in the order of the records. */
export class Publishing {
  readonly #options: PublishingOptions;
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  readonly #effects: InOrder<Pending>;

  constructor(options: PublishingOptions) {
    this.#options = options;
    this.#effects = new InOrder(options.slices, (pending) => this.#publish(pending));
  }

  /** Records that are not told of yet. */
  get size(): number {
    return this.#entries.length;
  }

  /** @param now the partition's time, ms since the epoch */
  publish(record: PublishedRecord, effects: readonly Effect[], now: number): void {
    const entry = { ...record, left: effects.length };
    this.#entries.push(entry);
    if (entry.left === 0) return this.#settle();
    for (const effect of effects) void this.#effects.add({ entry, effect, now });
  }

  #publish({ entry, effect, now }: Pending): void {
    const { effects, isOwning, onFailure } = this.#options;
    if (!isOwning()) return;
    effects.publish(effect, now).then(
      () => {
        entry.left -= 1;
        if (entry.left === 0 && isOwning()) this.#settle();
      },
      (error: unknown) => onFailure(error),
    );
  }

  #settle(): void {
    // Rule 15: never past a record that is not published: a next owner begins after what is said here.
    const { onPublished, onSettled } = this.#options;
    const entries = this.#entries;
    let first = entries[0];
    while (first?.left === 0) {
      entries.shift();
      onPublished(first);
      onSettled(first);
      first = entries[0];
    }
  }
}
