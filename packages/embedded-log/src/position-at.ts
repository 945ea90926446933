import type { MessageStore } from "./message-store.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { Topic } from "./topic.ts";

/**
 * The first entry published at or after the time, of those up to `to`; `undefined` when there is none. By halving, as a broker does: where the clock
 * went back, one near it.
 */
export async function entryAtTime(
  topic: Topic,
  store: MessageStore,
  to: number,
  timeMs: number,
): Promise<number | undefined> {
  let low = 0;
  let high = to + 1;
  let found: number | undefined;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await firstFrom(topic, store, middle, to);
    if (message === undefined || message.publishTime >= timeMs) {
      high = middle;
      found = message?.entry ?? found;
    } else {
      low = message.entry + 1;
    }
  }
  return found;
}

/** Entries may be gone. What is not durable yet is in memory only. */
async function firstFrom(
  topic: Topic,
  store: MessageStore,
  from: number,
  to: number,
): Promise<StoredMessage | undefined> {
  const hot = topic.hot(from);
  if (hot !== undefined) return hot;
  const durable = await store.firstWhole(topic, from, to);
  if (durable !== undefined) return durable;
  for (let entry = from; entry <= to; entry++) {
    const message = topic.hot(entry);
    if (message !== undefined) return message;
  }
  return undefined;
}
