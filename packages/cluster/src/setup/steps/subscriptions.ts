import { subscriptions, topics } from "@downbeat/protocol";
import { z } from "zod";
import type { Item, Look } from "../item.ts";
import { namedTopics } from "../wanted.ts";
import { workersSubscription } from "../workers-subscription.ts";
import { knownTopics } from "./topics.ts";

// Made by a consumer's first connection too, but what was sent before to a topic without one may be gone by then.
export const earliest = { ledgerId: -1, entryId: -1, partitionIndex: -1 };

export function subscriptionPath(path: string, topic: string, subscription: string): string {
  return `persistent/${path}/${topic}/subscription/${subscription}`;
}

/** Topics and the subscription that each must have, those of job types and workflows that are known from their topics included. */
export function neededSubscriptions(
  known: ReadonlySet<string>,
  named: readonly string[] = [],
): ReadonlyMap<string, string> {
  const needed = new Map<string, string>([
    ["inbox", subscriptions.engine],
    [topics.timers, subscriptions.timers],
  ]);
  for (const topic of [...named, ...known]) {
    const name = topic.replace(/-partition-\d+$/, "");
    const subscription = workersSubscription(name);
    if (subscription !== undefined) needed.set(name, subscription);
  }
  return needed;
}

export const subscribed: Look = async (place) => {
  const { cluster, path, wanted } = place;
  const needed = neededSubscriptions((await knownTopics(place)).topics, namedTopics(wanted));
  return Promise.all(
    Array.from(needed, async ([topic, subscription]): Promise<Item> => {
      const what = `subscription ${subscription} of ${topic}`;
      const there = await cluster.read(`persistent/${path}/${topic}/subscriptions`, z.array(z.string()));
      if (there?.includes(subscription) === true) return { what, seen: { as: "there" } };
      const make = () => cluster.create(subscriptionPath(path, topic, subscription), earliest);
      return { what, seen: { as: "missing", make } };
    }),
  );
};
