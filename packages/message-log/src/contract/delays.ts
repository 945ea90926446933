import { expect } from "vitest";
import { consume, Inbox, read, text, textOf } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

export const delayCases: readonly ContractCase[] = [
  {
    name: "a delayed message reaches a Shared subscription when it is due, and does not hold up the others",
    run: async ({ log, topic }) => {
      const name = topic();
      const { inbox } = await consume(log, name);
      const producer = await log.openProducer(name);
      const now = Date.now();
      await producer.send({ ...text("in 1200"), deliverAt: now + 1_200 });
      await producer.send({ ...text("in 600"), deliverAt: now + 600 });
      await producer.send(text("at once"));
      await producer.send({ ...text("overdue"), deliverAt: now - 1_000 });
      await inbox.holds(4);
      expect(inbox.texts).toEqual(["at once", "overdue", "in 600", "in 1200"]);
      expect(inbox.messages.every((message) => message.redeliveryCount === 0)).toBe(true);
    },
  },
  {
    name: "a delayed message is never early by the log's own clock",
    run: async ({ log, topic, now }) => {
      const name = topic();
      const early: number[] = [];
      const inbox = new Inbox();
      const consumer = await log.openConsumer(name, {
        subscription: "sub",
        type: "Shared",
        onMessage: (message) => {
          inbox.messages.push(message);
          if (now() < Number(textOf(message))) early.push(Number(textOf(message)) - now());
          consumer.acknowledge(message.position);
        },
      });
      const producer = await log.openProducer(name);
      const start = now();
      const delays = Array.from({ length: 60 }, (_, i) => start + 20 + i * 7);
      await Promise.all(delays.map((deliverAt) => producer.send({ ...text(deliverAt), deliverAt })));
      await inbox.holds(60);
      expect(early).toEqual([]);
    },
  },
  {
    name: "other subscriptions and readers see a delayed message at once",
    run: async ({ log, topic }) => {
      const name = topic();
      const exclusive = await consume(log, name, { subscription: "e", type: "Exclusive" });
      const failover = await consume(log, name, { subscription: "f", type: "Failover" });
      const reader = await read(log, name);
      const producer = await log.openProducer(name);
      await producer.send({ ...text("later"), deliverAt: Date.now() + 3_600_000 });
      await Promise.all([exclusive.inbox.holds(1), failover.inbox.holds(1), reader.inbox.holds(1)]);
    },
  },
  {
    name: "the figures tell how many messages are delayed",
    run: async ({ log, topic }) => {
      const name = topic();
      await consume(log, name);
      const producer = await log.openProducer(name);
      for (let i = 0; i < 3; i++) await producer.send({ ...text(i), deliverAt: Date.now() + 3_600_000 });
      await until("three are delayed", async () => {
        const { subscriptions } = await log.topicStats(name);
        return subscriptions[0]?.delayed === 3 && subscriptions[0].backlog === 3;
      });
    },
  },
  {
    name: "delays survive the log's restart",
    run: async (stage) => {
      const name = stage.topic();
      const first = await consume(stage.log, name);
      const producer = await stage.log.openProducer(name);
      const due = Date.now() + 1_500;
      await producer.send({ ...text("delayed"), deliverAt: due });
      await producer.send(text("at once"));
      await first.inbox.holds(1);
      await stage.reopen();
      const second = await consume(stage.log, name);
      await second.inbox.holds(1);
      expect(second.inbox.texts).toEqual(["delayed"]);
      expect(Date.now()).toBeGreaterThanOrEqual(due);
    },
  },
];
