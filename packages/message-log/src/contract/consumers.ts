import { expect } from "vitest";
import type { ConsumerOptions } from "../message-log.ts";
import { eventually } from "./eventually.ts";
import { backlogOf, consume, numbers, sendAll, text } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

const exclusive: Partial<ConsumerOptions> = { type: "Exclusive" };

export const consumerCases: readonly ContractCase[] = [
  {
    name: "an Exclusive subscription delivers in order",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 1_500));
      const { inbox } = await consume(log, name, exclusive);
      await sendAll(producer, numbers(1_500, 500));
      await inbox.holds(2_000);
      expect(inbox.texts).toEqual(numbers(0, 2_000));
      expect(inbox.messages.every((message) => message.redeliveryCount === 0)).toBe(true);
    },
  },
  {
    name: "a second consumer of an Exclusive subscription is refused",
    run: async ({ log, topic }) => {
      const name = topic();
      await consume(log, name, exclusive);
      await expect(consume(log, name, exclusive)).rejects.toMatchObject({
        name: "LogError",
        code: "conflict",
      });
    },
  },
  {
    name: "a subscription in use takes no consumer of another type",
    run: async ({ log, topic }) => {
      const name = topic();
      await consume(log, name, { type: "Shared" });
      await expect(consume(log, name, { type: "Failover" })).rejects.toMatchObject({ code: "conflict" });
    },
  },
  {
    name: "what was not acknowledged comes again in the next session, in order; what was does not",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 10));
      const first = await consume(log, name, { ...exclusive, acknowledge: false });
      await first.inbox.holds(10);
      for (const index of [0, 1, 2, 5, 8]) first.consumer.acknowledge(first.inbox.at(index).position);
      await until("the acknowledgements arrived", async () => (await backlogOf(log, name)) === 5);
      await first.consumer.close();
      await producer.send(text("10"));
      const second = await eventually(() => consume(log, name, exclusive));
      await second.inbox.holds(6);
      expect(second.inbox.texts).toEqual(["3", "4", "6", "7", "9", "10"]);
    },
  },
  {
    name: "subscriptions of one topic each get everything",
    run: async ({ log, topic }) => {
      const name = topic();
      const one = await consume(log, name, { subscription: "one" });
      const two = await consume(log, name, { subscription: "two", type: "Exclusive" });
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 20));
      await Promise.all([one.inbox.holds(20), two.inbox.holds(20)]);
      expect(one.inbox.texts.toSorted()).toEqual(numbers(0, 20).toSorted());
      expect(two.inbox.texts).toEqual(numbers(0, 20));
    },
  },
  {
    name: "a new subscription starts with the earliest message, or with what comes after it was made",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, ["old"]);
      // A message that all subscriptions have acknowledged may be gone before the next one is made.
      const acknowledge = false;
      const earliest = await consume(log, name, {
        subscription: "a",
        initialPosition: "earliest",
        acknowledge,
      });
      const byDefault = await consume(log, name, { subscription: "b", acknowledge });
      const latest = await consume(log, name, { subscription: "c", initialPosition: "latest" });
      await sendAll(producer, ["new"]);
      await Promise.all([earliest.inbox.holds(2), byDefault.inbox.holds(2), latest.inbox.holds(1)]);
      expect(earliest.inbox.texts).toEqual(["old", "new"]);
      expect(byDefault.inbox.texts).toEqual(["old", "new"]);
      expect(latest.inbox.texts).toEqual(["new"]);
    },
  },
  {
    name: "an existing subscription goes on where it is, whatever initial position is asked for",
    run: async ({ log, topic }) => {
      const name = topic();
      const first = await consume(log, name);
      await first.consumer.close();
      const producer = await log.openProducer(name);
      await sendAll(producer, ["while nobody listened"]);
      const second = await consume(log, name, { initialPosition: "latest" });
      await second.inbox.holds(1);
      expect(second.inbox.texts).toEqual(["while nobody listened"]);
    },
  },
  {
    name: "a subscription and its position survive the log's restart",
    run: async (stage) => {
      const name = stage.topic();
      const producer = await stage.log.openProducer(name);
      await sendAll(producer, numbers(0, 10));
      const first = await consume(stage.log, name, { acknowledge: false });
      await first.inbox.holds(10);
      for (const index of [0, 1, 4]) first.consumer.acknowledge(first.inbox.at(index).position);
      await until("the acknowledgements arrived", async () => (await backlogOf(stage.log, name)) === 7);
      await stage.reopen();
      await until("the backlog is the same", async () => (await backlogOf(stage.log, name)) === 7);
      const second = await consume(stage.log, name);
      await second.inbox.holds(7);
      expect(second.inbox.texts).toEqual(["2", "3", "5", "6", "7", "8", "9"]);
    },
  },
  {
    name: "no more than the queue size is unacknowledged with a consumer",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 40));
      const { consumer, inbox } = await consume(log, name, { queueSize: 7, acknowledge: false });
      const bystander = await consume(log, name, { subscription: "bystander" });
      await bystander.inbox.holds(40);
      await inbox.holds(7);
      expect(inbox.messages.length).toBe(7);
      let acknowledged = 0;
      while (acknowledged < 40) {
        consumer.acknowledge(inbox.at(acknowledged++).position);
        await inbox.holds(Math.min(40, acknowledged + 7));
        expect(inbox.messages.length).toBeLessThanOrEqual(acknowledged + 7);
      }
      expect(inbox.texts).toEqual(numbers(0, 40));
    },
  },
  {
    name: "a negatively acknowledged message comes again after its delay, counted",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const { consumer, inbox } = await consume(log, name, { negativeAckDelayMs: 300, acknowledge: false });
      await sendAll(producer, ["a", "b"]);
      await inbox.holds(2);
      const before = Date.now();
      consumer.acknowledge(inbox.at(1).position);
      consumer.negativeAcknowledge(inbox.at(0).position);
      await inbox.holds(3);
      expect(Date.now() - before).toBeGreaterThanOrEqual(250);
      expect(inbox.texts).toEqual(["a", "b", "a"]);
      expect(inbox.at(2).redeliveryCount).toBe(1);
      consumer.negativeAcknowledge(inbox.at(2).position);
      await inbox.holds(4);
      expect(inbox.at(3)).toMatchObject({ redeliveryCount: 2 });
      consumer.acknowledge(inbox.at(3).position);
      await until("nothing is left", async () => (await backlogOf(log, name)) === 0);
    },
  },
  {
    name: "a message not acknowledged in time comes again",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const { consumer, inbox } = await consume(log, name, { ackTimeoutMs: 1_000, acknowledge: false });
      await sendAll(producer, ["slow", "fast"]);
      await inbox.holds(2);
      consumer.acknowledge(inbox.at(1).position);
      await inbox.holds(3);
      expect(inbox.texts).toEqual(["slow", "fast", "slow"]);
      expect(inbox.at(2).redeliveryCount).toBeGreaterThanOrEqual(1);
      consumer.acknowledge(inbox.at(2).position);
      await until("nothing is left", async () => (await backlogOf(log, name)) === 0);
    },
  },
  {
    name: "a handler may send, and acknowledge, from within; handlers do not overlap",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      let inside = 0;
      let most = 0;
      const seen: string[] = [];
      const consumer = await log.openConsumer(name, {
        ...exclusive,
        subscription: "sub",
        type: "Exclusive",
        onMessage: (message) => {
          most = Math.max(most, ++inside);
          const count = Number(new TextDecoder().decode(message.payload));
          seen.push(String(count));
          if (count < 200) void producer.send(text(count + 1));
          consumer.acknowledge(message.position);
          inside -= 1;
        },
      });
      await producer.send(text(0));
      await until("the chain has ended", () => seen.length === 201);
      expect(seen).toEqual(numbers(0, 201));
      expect(most).toBe(1);
    },
  },
];
