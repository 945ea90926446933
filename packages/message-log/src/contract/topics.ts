import { expect } from "vitest";
import { consume, numbers, sendAll, text } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

export const topicCases: readonly ContractCase[] = [
  {
    name: "the last position is that of the newest message",
    run: async ({ log, topic }) => {
      const name = topic();
      expect(await log.lastPosition(name)).toBeUndefined();
      const producer = await log.openProducer(name);
      expect(await log.lastPosition(name)).toBeUndefined();
      const positions = await sendAll(producer, numbers(0, 5));
      expect(await log.lastPosition(name)).toBe(positions.at(-1));
    },
  },
  {
    name: "the last position stays when everything is acknowledged",
    run: async ({ log, topic }) => {
      const name = topic();
      const { inbox } = await consume(log, name);
      const producer = await log.openProducer(name);
      const positions = await sendAll(producer, numbers(0, 5));
      await inbox.holds(5);
      expect(await log.lastPosition(name)).toBe(positions.at(-1));
    },
  },
  {
    name: "a partitioned topic has the partitions it was made with",
    run: async ({ log, topic }) => {
      const name = topic();
      expect(await log.partitionsOf(name)).toBe(0);
      await log.createPartitionedTopic(name, 3);
      expect(await log.partitionsOf(name)).toBe(3);
      await log.createPartitionedTopic(name, 3);
      await expect(log.createPartitionedTopic(name, 4)).rejects.toMatchObject({ code: "conflict" });
      expect(await log.partitionsOf(name)).toBe(3);
      const producer = await log.openProducer(`${name}-partition-2`);
      await producer.send(text("to one partition"));
    },
  },
  {
    name: "a topic without partitions cannot be made a partitioned one",
    run: async ({ log, topic }) => {
      const name = topic();
      await (await log.openProducer(name)).send(text("one"));
      expect(await log.partitionsOf(name)).toBe(0);
      await expect(log.createPartitionedTopic(name, 2)).rejects.toMatchObject({ code: "conflict" });
    },
  },
  {
    name: "a name that is none is refused as invalid",
    run: async ({ log }) => {
      for (const bad of ["", "with space", "a/b", "persistent://a/b/c", "ä", "../x"]) {
        await expect(log.openProducer(bad)).rejects.toMatchObject({ name: "LogError", code: "invalid" });
        await expect(log.lastPosition(bad)).rejects.toMatchObject({ code: "invalid" });
        await expect(log.openReader(bad, { from: "earliest", onMessage: () => {} })).rejects.toMatchObject({
          code: "invalid",
        });
        await expect(
          log.openConsumer(bad, { subscription: "sub", type: "Shared", onMessage: () => {} }),
        ).rejects.toMatchObject({ code: "invalid" });
      }
    },
  },
  {
    name: "the figures name subscriptions, what waits in them and who is connected",
    run: async ({ log, topic }) => {
      const name = `${topic()}-partition-0`;
      expect(await log.topicStats(name)).toEqual({ subscriptions: [] });
      const first = await consume(log, name, { consumerName: "one", type: "Failover", acknowledge: false });
      await consume(log, name, { consumerName: "two", type: "Failover" });
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 4));
      await first.inbox.holds(4);
      first.consumer.acknowledge(first.inbox.at(0).position);
      await until("the figures are right", async () => {
        const [stats] = (await log.topicStats(name)).subscriptions;
        return (
          stats?.name === "sub" &&
          stats.type === "Failover" &&
          stats.backlog === 3 &&
          stats.delayed === 0 &&
          stats.activeConsumer === "one" &&
          stats.consumers.toSorted().join() === "one,two"
        );
      });
    },
  },
];
