import { expect } from "vitest";
import { consume, Inbox, numbers, sendAll, text } from "./inbox.ts";
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
    name: "a time leads to the first message that the log took at or after it",
    run: async ({ log, topic }) => {
      const name = topic();
      expect(await log.positionAt(name, 0)).toBeUndefined();
      const producer = await log.openProducer(name);
      expect(await log.positionAt(name, 0)).toBeUndefined();
      const inbox = new Inbox();
      const reader = await log.openReader(name, {
        from: "earliest",
        onMessage: (message) => void inbox.messages.push(message),
      });
      for (let sent = 0; sent < 12; sent++) {
        await producer.send(text(sent));
        await inbox.holds(sent + 1);
        const { publishTime } = inbox.at(sent);
        // A later time for the next one, by the log's own clock.
        if (sent % 3 === 2) await until("the clock has gone on", () => Date.now() > publishTime + 2);
      }
      await reader.close();
      for (const { publishTime } of inbox.messages) {
        for (const time of [publishTime - 1, publishTime, publishTime + 1]) {
          const first = inbox.messages.find((message) => message.publishTime >= time);
          expect(await log.positionAt(name, time)).toBe(first?.position);
        }
      }
      expect(await log.positionAt(name, 0)).toBe(inbox.at(0).position);
      expect(await log.positionAt(name, inbox.at(11).publishTime + 3_600_000)).toBeUndefined();
    },
  },
  {
    name: "a time leads to the same message after the log was opened again",
    run: async (stage) => {
      const name = stage.topic();
      const before = stage.now();
      const [position] = await sendAll(await stage.log.openProducer(name), numbers(0, 3));
      await stage.reopen();
      expect(await stage.log.positionAt(name, before)).toBe(position);
      const [later] = await sendAll(await stage.log.openProducer(name), numbers(3, 1));
      expect(await stage.log.positionAt(name, before)).toBe(position);
      expect(await stage.log.lastPosition(name)).toBe(later);
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
        await expect(log.positionAt(bad, 0)).rejects.toMatchObject({ code: "invalid" });
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
    name: "what a subscription holds is counted, and how old the oldest of it is",
    run: async ({ log, topic }) => {
      const name = topic();
      expect(await log.backlogOf(name, "sub")).toBeUndefined();
      const { inbox, consumer } = await consume(log, name, { type: "Shared", acknowledge: false });
      const producer = await log.openProducer(name);
      expect(await log.backlogOf(name, "other")).toBeUndefined();
      expect(await log.backlogOf(name, "sub")).toEqual({ messages: 0 });
      for (let sent = 0; sent < 4; sent++) {
        await producer.send(text(sent));
        await inbox.holds(sent + 1);
        const { publishTime } = inbox.at(sent);
        await until("the clock has gone on", () => Date.now() > publishTime + 2);
      }
      const held = (messages: number, oldest: number) => async () => {
        const backlog = await log.backlogOf(name, "sub");
        return backlog?.messages === messages && backlog.oldest === inbox.at(oldest).publishTime;
      };
      await until("all four are held", held(4, 0));
      // With a consumer or not, what is not acknowledged is held; the oldest need not go first.
      consumer.acknowledge(inbox.at(1).position);
      await until("three are held, the first one since the beginning", held(3, 0));
      consumer.acknowledge(inbox.at(0).position);
      await until("two are held, since the third", held(2, 2));
      await consumer.close();
      await until("what was with a consumer is held still", held(2, 2));
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
