import { expect } from "vitest";
import { backlogOf, consume, numbers, sendAll } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

export const sharedCases: readonly ContractCase[] = [
  {
    name: "consumers share the work, each message going to one of them",
    run: async ({ log, topic }) => {
      const name = topic();
      const one = await consume(log, name, { queueSize: 10 });
      const two = await consume(log, name, { queueSize: 10 });
      const producer = await log.openProducer(name);
      let sent = 0;
      await until("both have had some", async () => {
        await sendAll(producer, numbers(sent, 100));
        sent += 100;
        return one.inbox.messages.length > 0 && two.inbox.messages.length > 0;
      });
      await until("all were received", () => one.inbox.messages.length + two.inbox.messages.length >= sent);
      expect([...one.inbox.texts, ...two.inbox.texts].toSorted()).toEqual(numbers(0, sent).toSorted());
      await until("nothing is left", async () => (await backlogOf(log, name)) === 0);
    },
  },
  {
    name: "messages can be acknowledged in any order, one by one",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 20));
      const { consumer, inbox } = await consume(log, name, { acknowledge: false });
      await inbox.holds(20);
      const order = numbers(0, 20).map(Number).reverse();
      for (const [done, index] of order.entries()) {
        consumer.acknowledge(inbox.at(index).position);
        if (done === 9) await until("half is left", async () => (await backlogOf(log, name)) === 10);
      }
      await until("nothing is left", async () => (await backlogOf(log, name)) === 0);
    },
  },
  {
    name: "what a closed consumer had not acknowledged goes to another",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const first = await consume(log, name, { acknowledge: false });
      await sendAll(producer, numbers(0, 10));
      await first.inbox.holds(10);
      for (const index of [1, 3, 5]) first.consumer.acknowledge(first.inbox.at(index).position);
      await until("the acknowledgements arrived", async () => (await backlogOf(log, name)) === 7);
      const second = await consume(log, name);
      await first.consumer.close();
      await second.inbox.holds(7);
      expect(second.inbox.texts.toSorted()).toEqual(["0", "2", "4", "6", "7", "8", "9"]);
      await until("nothing is left", async () => (await backlogOf(log, name)) === 0);
    },
  },
  {
    name: "what a closed consumer had not acknowledged is counted as delivered before",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const first = await consume(log, name, { acknowledge: false });
      await sendAll(producer, numbers(0, 3));
      await first.inbox.holds(3);
      await first.consumer.close();
      const second = await consume(log, name);
      await second.inbox.holds(3);
      expect(second.inbox.messages.map((message) => message.redeliveryCount)).toEqual([1, 1, 1]);
    },
  },
  {
    name: "a slow consumer does not hold up the others",
    run: async ({ log, topic }) => {
      const name = topic();
      const stuck = await consume(log, name, { queueSize: 3, acknowledge: false });
      const quick = await consume(log, name, { queueSize: 3 });
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 100));
      await quick.inbox.holds(90);
      expect(stuck.inbox.messages.length).toBeLessThanOrEqual(3);
    },
  },
];
