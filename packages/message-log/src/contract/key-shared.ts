import { expect } from "vitest";
import type { Producer } from "../message-log.ts";
import { backlogOf, consume, type Inbox, textOf } from "./inbox.ts";
import type { ContractCase } from "./stage.ts";
import { until } from "./until.ts";

const keys = Array.from({ length: 12 }, (_, i) => `key-${i}`);

/** Rounds of one message of each key; the payload is the round. */
async function sendRounds(producer: Producer, from: number, count: number): Promise<void> {
  for (let round = from; round < from + count; round++)
    await Promise.all(keys.map((key) => producer.send({ payload: Buffer.from(String(round)), key })));
}

function roundsOf(inbox: Inbox, key: string): number[] {
  return inbox.messages.filter((message) => message.key === key).map((message) => Number(textOf(message)));
}

export const keySharedCases: readonly ContractCase[] = [
  {
    name: "each key is with one consumer of a Key_Shared subscription, in order",
    run: async ({ log, topic }) => {
      const name = topic();
      const one = await consume(log, name, { type: "Key_Shared", consumerName: "one" });
      const two = await consume(log, name, { type: "Key_Shared", consumerName: "two" });
      await sendRounds(await log.openProducer(name), 0, 10);
      const received = () => one.inbox.messages.length + two.inbox.messages.length;
      await until("all came", () => received() === keys.length * 10);
      for (const key of keys) {
        const found = [roundsOf(one.inbox, key), roundsOf(two.inbox, key)].filter(({ length }) => length > 0);
        expect(found).toEqual([Array.from({ length: 10 }, (_, i) => i)]);
      }
      await until("nothing is left", async () => (await backlogOf(log, name)) === 0);
    },
  },
  {
    name: "what a closed consumer of a Key_Shared subscription had not acknowledged goes to another, before what follows of its key",
    run: async ({ log, topic }) => {
      const name = topic();
      const options = { type: "Key_Shared", consumerName: "one", acknowledge: false } as const;
      const one = await consume(log, name, options);
      const producer = await log.openProducer(name);
      await sendRounds(producer, 0, 3);
      await one.inbox.holds(keys.length * 3);
      const two = await consume(log, name, { type: "Key_Shared", consumerName: "two" });
      await one.consumer.close();
      await sendRounds(producer, 3, 3);
      await until("all came", () => keys.every((key) => roundsOf(two.inbox, key).includes(5)));
      for (const key of keys) expect(roundsOf(two.inbox, key)).toEqual([0, 1, 2, 3, 4, 5]);
      await until("nothing is left", async () => (await backlogOf(log, name)) === 0);
    },
  },
];
