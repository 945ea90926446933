import type { Effect } from "@downbeat/domain";
import type { EffectPublisher } from "./effect-publisher.ts";

/** Of a record whose effects are published. */
export interface PublishedRecord {
  /** Within the tenure, inherited ones first. */
  readonly number: number;
  /** Of all that count in the partition. */
  readonly ordinal: number;
}

export interface PublishingOptions {
  readonly effects: Pick<EffectPublisher, "publish">;
  readonly isOwning: () => boolean;
  /** The record's effects are published, and those of all before it. */
  readonly onPublished: (record: PublishedRecord) => void;
  /** After `onPublished`. */
  readonly onSettled: (record: PublishedRecord) => void;
  readonly onFailure: (error: unknown) => void;
}

interface Entry extends PublishedRecord {
  done: boolean;
}

/** Publishes the effects of records at once, and tells which are done in the order of the records. */
export class Publishing {
  readonly #options: PublishingOptions;
  /** Oldest first. */
  readonly #entries: Entry[] = [];

  constructor(options: PublishingOptions) {
    this.#options = options;
  }

  /** Records that are not told of yet. */
  get size(): number {
    return this.#entries.length;
  }

  /** @param now the partition's time, ms since the epoch */
  publish(record: PublishedRecord, effects: readonly Effect[], now: number): void {
    const entry = { ...record, done: effects.length === 0 };
    this.#entries.push(entry);
    if (entry.done) return this.#settle();
    let left = effects.length;
    for (const effect of effects) {
      this.#options.effects.publish(effect, now).then(
        () => {
          left -= 1;
          if (left > 0 || !this.#options.isOwning()) return;
          entry.done = true;
          this.#settle();
        },
        (error: unknown) => this.#options.onFailure(error),
      );
    }
  }

  #settle(): void {
    const { onPublished, onSettled } = this.#options;
    const entries = this.#entries;
    let first = entries[0];
    while (first?.done) {
      entries.shift();
      onPublished(first);
      onSettled(first);
      first = entries[0];
    }
  }
}
