import { expect } from "vitest";
import type { MessageLog, Topic } from "../message-log.ts";
import { backlogOf, consume, numbers, sendAll } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

export const failoverCases: readonly ContractCase[] = [
  {
    name: "partitions are spread over consumers: sorted names, partition index modulo their number",
    run: async ({ log, topic }) => {
      const name = topic();
      await log.createPartitionedTopic(name, 4);
      for (let k = 0; k < 4; k++) {
        // Opened out of order: it is the names that count.
        for (const consumerName of ["c", "a", "b"]) {
          await consume(log, `${name}-partition-${k}`, { type: "Failover", consumerName });
        }
        await until(`partition ${k} has its consumer`, async () => {
          return (await activeOf(log, `${name}-partition-${k}`)) === ["a", "b", "c", "a"][k];
        });
      }
    },
  },
  {
    name: "only the active consumer gets messages, in order",
    run: async ({ log, topic }) => {
      const name = `${topic()}-partition-0`;
      const active = await consume(log, name, { type: "Failover", consumerName: "a" });
      const standby = await consume(log, name, { type: "Failover", consumerName: "b" });
      await until("the first is active", async () => (await activeOf(log, name)) === "a");
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 200));
      await active.inbox.holds(200);
      expect(active.inbox.texts).toEqual(numbers(0, 200));
      expect(standby.inbox.messages).toEqual([]);
    },
  },
  {
    name: "when the active consumer closes the next takes over, from the first unacknowledged message, in order",
    run: async ({ log, topic }) => {
      const name = `${topic()}-partition-0`;
      const active = await consume(log, name, { type: "Failover", consumerName: "a", acknowledge: false });
      const standby = await consume(log, name, { type: "Failover", consumerName: "b" });
      await until("the first is active", async () => (await activeOf(log, name)) === "a");
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 20));
      await active.inbox.holds(20);
      for (let i = 0; i < 8; i++) active.consumer.acknowledge(active.inbox.at(i).position);
      await until("the acknowledgements arrived", async () => (await backlogOf(log, name)) === 12);
      await active.consumer.close();
      await sendAll(producer, numbers(20, 5));
      await standby.inbox.holds(17);
      expect(standby.inbox.texts).toEqual(numbers(8, 17));
      expect(await activeOf(log, name)).toBe("b");
    },
  },
];

async function activeOf(log: MessageLog, topic: Topic): Promise<string | undefined> {
  const { subscriptions } = await log.topicStats(topic);
  return subscriptions.find((one) => one.name === "sub")?.activeConsumer;
}
