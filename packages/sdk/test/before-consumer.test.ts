import { LogError, type MessageLog, position } from "@downbeat/message-log";
import { MemoryLog } from "@downbeat/message-log/memory";
import { ManualClock } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { BeforeConsumer } from "../src/worker/before-consumer.ts";

function before(lastPosition: MessageLog["lastPosition"], forgetsDeliveries?: true) {
  const clock = new ManualClock();
  const problems: string[] = [];
  const log = Object.assign(
    new MemoryLog({ clock }),
    { lastPosition },
    forgetsDeliveries && { forgetsDeliveries },
  );
  const onProblem = (message: string) => void problems.push(message);
  return { clock, problems, messages: new BeforeConsumer(log, "topic", { clock, inHand: 3, onProblem }) };
}

test("what was in the topic when the consumer was opened was before it, a batch to its end, and nothing that came later", async () => {
  const { messages } = before(async () => position(7, 3), true);
  messages.opened();
  expect(await messages.mayHaveBeenInHand(position(7, 3))).toBe(true);
  expect(await messages.mayHaveBeenInHand(position(7, 3, 12))).toBe(true);
  expect(await messages.mayHaveBeenInHand(position(6, 99))).toBe(true);
  expect(await messages.mayHaveBeenInHand(position(7, 4))).toBe(false);
  expect(await messages.mayHaveBeenInHand(position(8, 0))).toBe(false);
});

test("of what was before the consumer, as much as one worker may have in hand may have been with one, each time again", async () => {
  const { messages } = before(async () => position(1, 99), true);
  for (let times = 0; times < 2; times++) {
    messages.opened();
    const found = await Promise.all(
      Array.from({ length: 10 }, (_, entry) => messages.mayHaveBeenInHand(position(1, entry))),
    );
    expect(found).toEqual([...Array(3).fill(true), ...Array(7).fill(false)]);
  }
});

test("a message that is handed over before the end is known waits for it", async () => {
  const { messages } = before(async () => position(1, 1), true);
  const holds = messages.mayHaveBeenInHand(position(1, 1));
  messages.opened();
  expect(await holds).toBe(true);
});

test("each time that the consumer is opened again, what came in between was before it", async () => {
  let entry = 1;
  const { messages } = before(async () => position(1, entry), true);
  messages.opened();
  expect(await messages.mayHaveBeenInHand(position(1, 2))).toBe(false);
  entry = 2;
  messages.opened();
  expect(await messages.mayHaveBeenInHand(position(1, 2))).toBe(true);
});

test("an empty topic held nothing, and a log that counts is not asked", async () => {
  const empty = before(async () => undefined, true);
  empty.messages.opened();
  expect(await empty.messages.mayHaveBeenInHand(position(1, 1))).toBe(false);
  const counting = before(async () => {
    throw new Error("asked");
  });
  counting.messages.opened();
  expect(counting.messages.mayHold).toBe(false);
  expect(counting.problems).toEqual([]);
});

test("an end that can't be read, or not in time, is said once, and nothing counts as before it", async () => {
  const failing = before(async () => {
    throw new LogError("unavailable", "no rights");
  }, true);
  for (let times = 0; times < 2; times++) {
    failing.messages.opened();
    expect(await failing.messages.mayHaveBeenInHand(position(1, 1))).toBe(false);
  }
  expect(failing.problems).toEqual([
    "Which messages were in topic before this worker can't be told: code that ends its worker is noticed later.",
  ]);
  const silent = before(() => new Promise(() => {}), true);
  silent.messages.opened();
  const holds = silent.messages.mayHaveBeenInHand(position(1, 1));
  await silent.clock.advance(5_000);
  expect(await holds).toBe(false);
  expect(silent.problems).toHaveLength(1);
});
