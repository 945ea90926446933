import { crc32 } from "node:zlib";
import type { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerSession } from "./consumer-session.ts";
import type { StoredMessage } from "./stored-message.ts";

/** So many messages are looked at ahead, while the consumers of their keys can take no more. */
const mostWaiting = 1_000;

/**
 * What goes to whom in a Key_Shared subscription.
 *
 * K1 While something of a key is unacknowledged at a consumer, what follows of the key goes there too, or waits.
 * K2 Of a key, a message never overtakes an earlier one that waits.
 */
export class KeyShared {
  readonly #group: ConsumerGroup;
  /** In the order of the log. */
  #waiting: StoredMessage[] = [];
  readonly #holders = new Map<string, { readonly consumer: ConsumerSession; entries: number }>();
  readonly #keys = new Map<number, string>();

  constructor(group: ConsumerGroup) {
    this.#group = group;
  }

  get hasRoom(): boolean {
    return this.#waiting.length < mostWaiting;
  }

  add(message: StoredMessage): void {
    const at = this.#waiting.findLastIndex(({ entry }) => entry < message.entry) + 1;
    this.#waiting.splice(at, 0, message);
  }

  /** The first message that can be delivered now. */
  next(): { readonly message: StoredMessage; readonly consumer: ConsumerSession } | undefined {
    const blocked = new Set<string>();
    for (const [at, message] of this.#waiting.entries()) {
      const { key, entry } = message;
      if (key !== undefined && blocked.has(key)) continue;
      const consumer = key === undefined ? this.#group.pick(entry) : this.#holderOf(key);
      if (consumer?.canTake(entry) !== true) {
        if (key === undefined) continue;
        blocked.add(key);
        continue;
      }
      this.#waiting.splice(at, 1);
      if (key !== undefined) this.#hold(key, entry, consumer);
      return { message, consumer };
    }
    return undefined;
  }

  /** It is no longer with its consumer: acknowledged, or to be delivered again. */
  released(entry: number): void {
    const key = this.#keys.get(entry);
    if (key === undefined) return;
    this.#keys.delete(entry);
    const holder = this.#holders.get(key);
    if (holder === undefined) return;
    holder.entries -= 1;
    if (holder.entries === 0) this.#holders.delete(key);
  }

  /** @returns what waits, which it forgets */
  takeWaiting(): readonly number[] {
    const entries = this.#waiting.map(({ entry }) => entry);
    this.#waiting = [];
    return entries;
  }

  #hold(key: string, entry: number, consumer: ConsumerSession): void {
    this.#keys.set(entry, key);
    const holder = this.#holders.get(key);
    if (holder === undefined) this.#holders.set(key, { consumer, entries: 1 });
    else holder.entries += 1;
  }

  /** Without one, whom the key falls to: a consumer that comes or goes moves its own share of the keys only. */
  #holderOf(key: string): ConsumerSession | undefined {
    const holder = this.#holders.get(key);
    if (holder !== undefined) return holder.consumer;
    let found: ConsumerSession | undefined;
    let highest = -1;
    for (const consumer of this.#group.all) {
      const rank = crc32(consumer.name, crc32(key));
      if (rank <= highest) continue;
      highest = rank;
      found = consumer;
    }
    return found;
  }
}
