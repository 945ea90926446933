import { subscriptions, topics } from "@downbeat/protocol";

/** What workers subscribe to the topic as; nothing where it is none of theirs. */
export function workersSubscription(topic: string): string | undefined {
  if (topic.startsWith(topics.jobs(""))) return subscriptions.workers;
  return topic.startsWith(topics.decisions("")) ? subscriptions.deciders : undefined;
}
