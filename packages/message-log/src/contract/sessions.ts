import { expect } from "vitest";
import { consume, numbers, read, sendAll, text } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";

export const sessionCases: readonly ContractCase[] = [
  {
    name: "a session closed by its owner says so once, without a reason, and delivers nothing more",
    run: async ({ log, topic }) => {
      const name = topic();
      const { consumer, inbox } = await consume(log, name, { queueSize: 1 });
      const witness = await read(log, name);
      const producer = await log.openProducer(name);
      await producer.send(text("one"));
      await inbox.holds(1);
      await Promise.all([consumer.close(), consumer.close()]);
      await consumer.close();
      await sendAll(producer, numbers(0, 20));
      await witness.inbox.holds(21);
      expect(inbox.texts).toEqual(["one"]);
      expect(inbox.closings).toEqual([undefined]);
    },
  },
  {
    name: "a session may close itself in its handler",
    run: async ({ log, topic }) => {
      const name = topic();
      const producer = await log.openProducer(name);
      await sendAll(producer, numbers(0, 20));
      let seen = 0;
      const closings: unknown[] = [];
      const consumer = await log.openConsumer(name, {
        subscription: "sub",
        type: "Exclusive",
        onMessage: () => {
          seen += 1;
          void consumer.close();
        },
        onClose: (reason) => closings.push(reason),
      });
      const witness = await read(log, name);
      await witness.inbox.holds(20);
      expect(seen).toBe(1);
      expect(closings).toEqual([undefined]);
    },
  },
  {
    name: "calls on a closed session are harmless",
    run: async ({ log, topic }) => {
      const name = topic();
      const { consumer, inbox } = await consume(log, name, { acknowledge: false });
      const producer = await log.openProducer(name);
      await producer.send(text("one"));
      await inbox.holds(1);
      await consumer.close();
      consumer.acknowledge(inbox.at(0).position);
      consumer.negativeAcknowledge(inbox.at(0).position);
      const next = await consume(log, name);
      await next.inbox.holds(1);
    },
  },
];
