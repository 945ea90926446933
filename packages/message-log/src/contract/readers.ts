import { expect } from "vitest";
import { backlogOf, consume, numbers, read, sendAll, text } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

export const readerCases: readonly ContractCase[] = [
  {
    name: "a reader from the earliest sees everything, from what is stored into what comes, without a gap",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 700));
      const { inbox } = await read(log, name);
      await sendAll(producer, numbers(700, 700));
      await inbox.holds(1_400);
      expect(inbox.texts).toEqual(numbers(0, 1_400));
    },
  },
  {
    name: "a reader from the latest sees only what comes",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, ["old"]);
      const { inbox } = await read(log, name, { from: "latest" });
      await sendAll(producer, ["new"]);
      await inbox.holds(1);
      expect(inbox.texts).toEqual(["new"]);
    },
  },
  {
    name: "a reader after a position starts with the next message",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const positions = await sendAll(producer, numbers(0, 10));
      const { inbox } = await read(log, name, { from: { after: positions[6] ?? fail() } });
      const { inbox: atEnd } = await read(log, name, { from: { after: positions[9] ?? fail() } });
      await inbox.holds(3);
      await sendAll(producer, ["10"]);
      await Promise.all([inbox.holds(4), atEnd.holds(1)]);
      expect(inbox.texts).toEqual(numbers(7, 4));
      expect(atEnd.texts).toEqual(["10"]);
    },
  },
  {
    name: "a reader on a topic without messages waits for the first",
    run: async ({ log, topic }) => {
      const name = topic();
      const { inbox } = await read(log, name);
      const producer = await log.openProducer(name);
      await sendAll(producer, ["first"]);
      await inbox.holds(1);
      expect(inbox.texts).toEqual(["first"]);
    },
  },
  {
    name: "a reader is handed no more than its queue size before earlier messages are done",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 30));
      const { inbox: all } = await read(log, name);
      const waiting: (() => void)[] = [];
      let seen = 0;
      await log.openReader(name, {
        from: "earliest",
        queueSize: 5,
        onMessage: () => {
          seen += 1;
          return new Promise((resolve) => waiting.push(resolve));
        },
      });
      await until("five are with the reader", () => seen === 5);
      await all.holds(30);
      expect(seen).toBe(5);
      waiting.shift()?.();
      await until("one more came", () => seen === 6);
      while (seen < 30) {
        for (const done of waiting.splice(0)) done();
        await until("more came", () => waiting.length > 0 || seen === 30);
      }
      expect(seen).toBe(30);
    },
  },
  {
    name: "readers leave subscriptions alone",
    run: async ({ log, topic }) => {
      const name = topic();
      const { consumer } = await consume(log, name);
      await consumer.close();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 5));
      const { inbox, reader } = await read(log, name);
      await inbox.holds(5);
      await reader.close();
      await until("the backlog is counted", async () => (await backlogOf(log, name)) === 5);
      const { inbox: consumed } = await consume(log, name);
      await consumed.holds(5);
    },
  },
  {
    name: "a closed reader gets nothing more",
    run: async ({ log, topic }) => {
      const name = topic();
      const { reader, inbox } = await read(log, name);
      const { inbox: other } = await read(log, name);
      const producer = await log.openProducer(name);
      await producer.send(text("one"));
      await inbox.holds(1);
      await reader.close();
      await reader.close();
      await producer.send(text("two"));
      await other.holds(2);
      expect(inbox.texts).toEqual(["one"]);
      expect(inbox.closings).toEqual([undefined]);
    },
  },
];

function fail(): never {
  throw new Error("There is no such position");
}
