import type { MessageStore } from "./message-store.ts";
import type { Subscription } from "./subscription.ts";

/** When the log took the first message that the subscription has not acknowledged. */
export async function oldestWaiting(
  subscription: Subscription,
  store: MessageStore,
): Promise<number | undefined> {
  const { topic } = subscription;
  for (let entry = subscription.markDelete + 1; entry <= topic.lastEntry; entry++) {
    if (subscription.isAcknowledged(entry)) continue;
    const message = topic.hot(entry) ?? (await store.firstWhole(topic, entry, topic.lastEntry));
    if (message === undefined) return undefined;
    if (!subscription.isAcknowledged(message.entry)) return message.publishTime;
    entry = message.entry;
  }
  return undefined;
}
