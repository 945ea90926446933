import type { EntryRange } from "./storage/batch.ts";
import type { Topic } from "./topic.ts";

/** What can be deleted from one topic: acknowledged by all its subscriptions. */
export class TopicDeletions {
  readonly #topic: Topic;
  #deletedUpTo = -1;
  #entries: number[] = [];

  constructor(topic: Topic) {
    this.#topic = topic;
  }

  add(entry: number): void {
    this.#entries.push(entry);
  }

  /** Ranges to delete now. Below the slowest cursor one range covers everything, whoever acknowledged it and when. */
  take(): EntryRange[] {
    const topic = this.#topic.id;
    const mark = this.#topic.unneededUpTo;
    const ranges: EntryRange[] = [];
    if (mark > this.#deletedUpTo) {
      ranges.push({ topic, first: this.#deletedUpTo + 1, last: mark });
      this.#deletedUpTo = mark;
    }
    const above = this.#entries.filter((entry) => entry > this.#deletedUpTo).sort((a, b) => a - b);
    this.#entries = [];
    let first: number | undefined;
    let last = -1;
    for (const entry of above) {
      if (first !== undefined && entry > last + 1) {
        ranges.push({ topic, first, last });
        first = undefined;
      }
      first ??= entry;
      last = entry;
    }
    if (first !== undefined) ranges.push({ topic, first, last });
    return ranges;
  }
}
