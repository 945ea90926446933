import { LogError, type MessageLog } from "@downbeat/message-log";
import type { Cluster } from "./cluster.ts";
import { earliest, subscriptionPath } from "./steps/subscriptions.ts";
import { workersSubscription } from "./workers-subscription.ts";

/**
 * The same log, on which the topic of a job type, or of a workflow, has its workers' subscription before the first attempt or question is sent there: a broker keeps nothing in a topic
 * that nobody has subscribed to, and the first worker may come days later.
 */
export function withWorkerSubscriptions(log: MessageLog, cluster: Cluster, path: string): MessageLog {
  const made = new Map<string, Promise<void>>();
  const ensure = (topic: string, subscription: string): Promise<void> => {
    const known = made.get(topic);
    if (known !== undefined) return known;
    const making = subscribe(cluster, path, topic, subscription);
    made.set(topic, making);
    making.catch(() => made.delete(topic));
    return making;
  };
  return {
    openProducer: async (topic, options) => {
      const subscription = workersSubscription(topic);
      if (subscription !== undefined) await ensure(topic, subscription);
      return log.openProducer(topic, options);
    },
    openConsumer: (topic, options) => log.openConsumer(topic, options),
    openReader: (topic, options) => log.openReader(topic, options),
    lastPosition: (topic) => log.lastPosition(topic),
    positionAt: (topic, timeMs) => log.positionAt(topic, timeMs),
    partitionsOf: (topic) => log.partitionsOf(topic),
    createPartitionedTopic: (topic, partitions) => log.createPartitionedTopic(topic, partitions),
    topicStats: (topic) => log.topicStats(topic),
    backlogOf: (topic, subscription) => log.backlogOf(topic, subscription),
    close: () => log.close(),
  };
}

async function subscribe(cluster: Cluster, path: string, topic: string, subscription: string): Promise<void> {
  try {
    await cluster.create(`persistent/${path}/${topic}`);
    await cluster.create(subscriptionPath(path, topic, subscription), earliest);
  } catch (error) {
    // Without the permission, and on an embedded log, which knows no such thing, it is made by the first worker.
    if (error instanceof LogError && error.code !== "unavailable") return;
    throw error;
  }
}
