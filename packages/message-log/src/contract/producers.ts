import { expect } from "vitest";
import { eventually } from "./eventually.ts";
import { Inbox, numbers, read, sendAll, text, textOf } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

export const producerCases: readonly ContractCase[] = [
  {
    name: "messages of one producer are stored in the order of the calls, at rising positions",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const positions = await sendAll(producer, numbers(0, 3_000));
      expect(positions).toEqual([...positions].sort());
      expect(new Set(positions).size).toBe(3_000);
      const { inbox } = await read(log, name);
      await inbox.holds(3_000);
      expect(inbox.texts).toEqual(numbers(0, 3_000));
      expect(inbox.messages.map((message) => message.position)).toEqual(positions);
    },
  },
  {
    name: "key, properties, event time and every byte of the payload arrive as they were sent",
    run: async ({ log, topic, now }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const payload = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
      const properties = { kind: 'Bücher & "quotes"', empty: "", "with space": "line\nbreak" };
      const before = now();
      await producer.send({
        payload,
        key: "Schlüssel/1 \u{1F511}",
        properties,
        eventTime: 1_700_000_000_123,
      });
      const { inbox } = await read(log, name);
      await inbox.holds(1);
      const message = inbox.at(0);
      expect([...message.payload]).toEqual([...payload]);
      expect(message.key).toBe("Schlüssel/1 \u{1F511}");
      expect(message.properties).toEqual(properties);
      expect(message.eventTime).toBe(1_700_000_000_123);
      expect(message.redeliveryCount).toBe(0);
      // The machines' clocks may differ a little.
      expect(Math.abs(message.publishTime - before)).toBeLessThan(60_000);
    },
  },
  {
    name: "a message may have no key, no properties and no bytes",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await producer.send({ payload: new Uint8Array(0) });
      const { inbox } = await read(log, name);
      await inbox.holds(1);
      const message = inbox.at(0);
      expect(message.payload.byteLength).toBe(0);
      expect(message.key).toBeUndefined();
      expect(message.properties).toEqual({});
      expect(message.eventTime).toBeUndefined();
    },
  },
  {
    name: "a message of the largest size is taken, one over it is refused as too large, and the producer goes on",
    run: async ({ log, topic, maxPayloadBytes }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const large = new Uint8Array(maxPayloadBytes).fill(7);
      await producer.send({ payload: large });
      await expect(producer.send({ payload: new Uint8Array(maxPayloadBytes * 2) })).rejects.toMatchObject({
        name: "LogError",
        code: "tooLarge",
      });
      await producer.send(text("after"));
      const { inbox } = await read(log, name);
      await inbox.holds(2);
      expect(inbox.at(0).payload.byteLength).toBe(maxPayloadBytes);
      expect(textOf(inbox.at(1))).toBe("after");
    },
  },
  {
    name: "a second producer of the same name is refused, until the first is closed",
    run: async ({ log, topic }) => {
      const name = topic();
      const first = await log.openProducer(name, { producerName: "p" });
      await expect(log.openProducer(name, { producerName: "p" })).rejects.toMatchObject({ code: "conflict" });
      await (await log.openProducer(name, { producerName: "q" })).close();
      await first.close();
      await until("the name is free again", async () => {
        const second = await log.openProducer(name, { producerName: "p" }).catch(() => undefined);
        await second?.close();
        return second !== undefined;
      });
    },
  },
  {
    name: "messages numbered at or below the highest the log holds are dropped, with an empty receipt",
    run: async ({ log, topic }) => {
      const name = topic();
      const first = await log.openProducer(name, { producerName: "p", initialSequenceId: 10 });
      await sendAll(first, ["11", "12", "13"]);
      await first.close();
      const again = await eventually(() =>
        log.openProducer(name, { producerName: "p", initialSequenceId: 11 }),
      );
      const receipts = await Promise.all(
        [text("12 again"), text("13 again"), text("14")].map((one) => again.send(one)),
      );
      expect(receipts.map((receipt) => receipt === undefined)).toEqual([true, true, false]);
      await again.close();
      const { inbox } = await read(log, name);
      await inbox.holds(4);
      expect(inbox.texts).toEqual(["11", "12", "13", "14"]);
    },
  },
  {
    name: "a closed producer sends nothing more",
    run: async ({ log, topic }) => {
      const inbox = new Inbox();
      const producer = await log.openProducer(topic(), { onClose: (reason) => inbox.closings.push(reason) });
      await producer.close();
      await producer.close();
      await expect(producer.send(text("late"))).rejects.toMatchObject({ name: "LogError", code: "closed" });
      expect(inbox.closings).toEqual([undefined]);
    },
  },
  {
    name: "every send is answered, also when the producer is closed right after it",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      const sends = numbers(0, 50).map((one) => producer.send(text(one)));
      await producer.close();
      const outcomes = await Promise.allSettled(sends);
      const stored = outcomes.filter((outcome) => outcome.status === "fulfilled").length;
      const { inbox } = await read(log, name);
      await inbox.holds(stored);
    },
  },
];
