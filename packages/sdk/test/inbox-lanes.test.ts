import type { RunCommand } from "@downbeat/domain";
import {
  LogError,
  type MessageLog,
  type OutgoingMessage,
  type Position,
  type ProducerOptions,
  systemClock,
} from "@downbeat/message-log";
import { parseInboxMessage, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { InboxSender } from "../src/inbox/inbox-sender.ts";
import { until } from "./open-log.ts";

const command = (runId: string, reason = ""): RunCommand => ({
  type: "CancelRun",
  commandId: `cancel ${runId}`,
  runId,
  action: { actionId: "a", actor: "mia", reason },
});

interface Sent {
  readonly topic: string;
  readonly key: string | undefined;
  readonly runIds: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A log whose receipts come when the test gives them, and which can be reached when the test says so. */
function opened(partitions = 1, isReachable = true) {
  const sent: Sent[] = [];
  const options: (ProducerOptions | undefined)[] = [];
  const reached = Promise.withResolvers<void>();
  let closed = 0;
  if (isReachable) reached.resolve();
  const log = {
    openProducer: async (topic: string, given?: ProducerOptions) => {
      options.push(given);
      await reached.promise;
      return {
        send: ({ payload, key }: OutgoingMessage) =>
          new Promise<Position>((resolve, reject) => {
            const runIds = parseInboxMessage(payload).commands.flatMap((one) =>
              "runId" in one ? [one.runId] : [],
            );
            sent.push({ topic, key, runIds, resolve: () => resolve("1:0" as Position), reject });
          }),
        close: async () => void closed++,
      };
    },
  } as never as MessageLog;
  const sender = new InboxSender(log, partitions, { clock: systemClock, minDelayMs: 1 });
  const runsOf = () => sent.map(({ runIds }) => runIds);
  return { sender, sent, runsOf, options, reach: reached.resolve, closed: () => closed };
}

test("what comes up in one turn goes together, and what comes while that is under way goes in the next message", async () => {
  const { sender, sent, runsOf, options } = opened();
  const first = ["a", "b"].map((runId) => sender.send(command(runId)));
  await until(() => sent.length === 1, "the first message");
  const later = ["c", "d"].map((runId) => sender.send(command(runId)));
  await new Promise(setImmediate);
  expect(runsOf()).toEqual([["a", "b"]]);
  sent[0]?.resolve();
  await Promise.all(first);
  await until(() => sent.length === 2, "the second message");
  sent[1]?.resolve();
  await Promise.all(later);
  expect(runsOf()).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  expect(sent.map(({ topic, key }) => [topic, key])).toEqual([
    [topics.inbox(0), "a"],
    [topics.inbox(0), "c"],
  ]);
  // What is sent once more after a lost connection is known again.
  expect(options).toMatchObject([{ producerName: expect.any(String), initialSequenceId: 0 }]);
});

test("each partition has its own messages, and waits for no other's receipts", async () => {
  const { sender, sent } = opened(64);
  const runIds = Array.from({ length: 20 }, (_, index) => `r${index}`);
  for (const runId of runIds) void sender.send(command(runId));
  await until(() => sent.flatMap(({ runIds: some }) => some).length === 20, "all messages");
  expect(new Set(sent.map(({ topic }) => topic)).size).toBe(sent.length);
  expect(sent.length).toBeGreaterThan(5);
});

test("a message is not made larger than it may be, nor are more than a thousand commands in one", async () => {
  const { sender, sent, runsOf } = opened();
  const long = "x".repeat(1_000);
  for (let index = 0; index < 300; index++) void sender.send(command(`r${index}`, long));
  await until(() => sent.length === 1, "the first message");
  const bytes = (sent[0]?.runIds.length ?? 0) * 1_000;
  expect(bytes).toBeGreaterThan(200_000);
  expect(bytes).toBeLessThan(300_000);
  const many = opened();
  for (let index = 0; index < 1_001; index++) void many.sender.send(command(`r${index}`));
  for (const count of [1_000, 1]) {
    await until(() => many.sent.at(-1)?.runIds.length === count, `a message of ${count}`);
    many.sent.at(-1)?.resolve();
  }
  expect(runsOf().flat()).toEqual(Array.from({ length: sent[0]?.runIds.length ?? 0 }, (_, at) => `r${at}`));
});

test("of a message that is too large, each half is sent by itself, and who is too large alone is refused", async () => {
  const { sender, sent, runsOf } = opened();
  const outcomes = Promise.allSettled(["a", "b", "c"].map((runId) => sender.send(command(runId))));
  const tooLarge = new LogError("tooLarge", "it is too large");
  for (const [index, answer] of ["no", "no", "yes", "no", "yes"].entries()) {
    await until(() => sent.length === index + 1, `message ${index + 1}`);
    if (answer === "no") sent[index]?.reject(tooLarge);
    else sent[index]?.resolve();
  }
  expect(runsOf()).toEqual([["a", "b", "c"], ["a", "b"], ["a"], ["b"], ["c"]]);
  expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("another refusal is that of all that went together", async () => {
  const { sender, sent } = opened();
  const outcomes = Promise.allSettled(["a", "b"].map((runId) => sender.send(command(runId))));
  await until(() => sent.length === 1, "the message");
  sent[0]?.reject(new LogError("invalid", "no"));
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("what is not handed to the log yet can be taken back, once, and is not sent", async () => {
  const { sender, sent, runsOf, reach } = opened(1, false);
  const [a, b, c] = ["a", "b", "c"].map((runId) => sender.post(command(runId)));
  await new Promise(setImmediate);
  expect(b?.withdraw()).toBe(true);
  expect(b?.withdraw()).toBe(false);
  reach();
  await until(() => sent.length === 1, "the message");
  expect(a?.withdraw()).toBe(false);
  expect(runsOf()).toEqual([["a", "c"]]);
  await Promise.all([a?.sent, c?.sent]);
  sent[0]?.resolve();
  await Promise.all([a?.receipt, c?.receipt]);
});

test("all is flushed when what was sent by then has its receipt, in every partition", async () => {
  const { sender, sent } = opened(64);
  await sender.flushed();
  let isFlushed = false;
  for (const runId of ["r0", "r1", "r2", "r3"]) void sender.send(command(runId));
  const flushed = sender.flushed().then(() => {
    isFlushed = true;
  });
  await until(() => sent.flatMap(({ runIds }) => runIds).length === 4, "all messages");
  for (const { resolve } of sent.slice(1)) resolve();
  await new Promise(setImmediate);
  expect(isFlushed).toBe(false);
  // What is under way counts, though nothing waits any more.
  const again = sender.flushed();
  sent[0]?.resolve();
  await Promise.all([flushed, again]);
  await sender.flushed();
});

test("closing closes the producer of each partition", async () => {
  const { sender, sent, closed } = opened(64);
  const runIds = Array.from({ length: 20 }, (_, index) => `r${index}`);
  for (const runId of runIds) void sender.send(command(runId)).catch(() => {});
  await until(() => sent.flatMap(({ runIds: some }) => some).length === 20, "all messages");
  for (const { resolve } of sent) resolve();
  await sender.close();
  expect(closed()).toBe(new Set(sent.map(({ topic }) => topic)).size);
});
