import { statSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Consumer, MessageLog, Position } from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EmbeddedLog, openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

let file = "";
let directory = "";
let log: EmbeddedLog;
let handle: MessageLog;
beforeEach(async () => {
  ({ file, directory } = await temporaryFile());
  log = await openEmbeddedLog({ file });
  handle = log.connect();
});
afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true });
});

async function send(topic: string, count: number): Promise<void> {
  const producer = await handle.openProducer(topic);
  await Promise.all(
    Array.from({ length: count }, (_, i) => producer.send({ payload: Buffer.from(String(i)) })),
  );
  await producer.close();
}

/** Acknowledges those of which `which` says so. */
async function subscribe(
  topic: string,
  subscription: string,
  which: (index: number) => boolean,
): Promise<Consumer> {
  const consumer: Consumer = await handle.openConsumer(topic, {
    subscription,
    type: "Shared",
    onMessage: (message) => {
      if (which(Number(Buffer.from(message.payload).toString()))) consumer.acknowledge(message.position);
    },
  });
  return consumer;
}

/** How many messages a new reader finds: what the log still holds. */
async function held(topic: string): Promise<number> {
  let count = 0;
  const reader = await handle.openReader(topic, {
    from: "earliest",
    onMessage: () => {
      count += 1;
    },
  });
  const last = await handle.lastPosition(topic);
  const end = await handle.openProducer(topic);
  const marker = await end.send({ payload: Buffer.from("-1") });
  let ended = false;
  await handle.openReader(topic, {
    from: last === undefined ? "earliest" : { after: last },
    onMessage: (message) => {
      ended ||= message.position === marker;
    },
  });
  await until("the end was read", () => ended);
  await reader.close();
  await end.close();
  return count;
}

function eventuallyHeld(topic: string, expected: (count: number) => boolean): Promise<void> {
  return until(`topic ${topic} holds the expected number`, async () => expected(await held(topic)));
}

test("what all subscriptions have acknowledged goes, in whatever order they did", async () => {
  await subscribe("jobs", "one", () => true);
  const even = await subscribe("jobs", "two", (index) => index % 2 === 0);
  await send("jobs", 100);
  // The markers that count what is held are acknowledged by `one` only.
  await eventuallyHeld("jobs", (count) => count >= 50 && count < 100);
  await even.close();
  await subscribe("jobs", "two", () => true);
  await eventuallyHeld("jobs", (count) => count < 10);
});

test("a topic without subscriptions keeps everything", async () => {
  await send("quarantine", 50);
  expect(await held("quarantine")).toBeGreaterThanOrEqual(50);
});

test("of what workers announce the newest of each key stays, also for who reads from the beginning later", async () => {
  const producer = await handle.openProducer("workers");
  for (let beat = 0; beat < 20; beat++)
    for (const key of ["a", "b"]) await producer.send({ key, payload: Buffer.from(`${key}${beat}`) });
  await producer.send({ payload: Buffer.from("without a key") });
  await log.close();
  log = await openEmbeddedLog({ file });
  handle = log.connect();
  const read: string[] = [];
  await handle.openReader("workers", {
    from: "earliest",
    onMessage: ({ payload }) => void read.push(Buffer.from(payload).toString()),
  });
  await until("the last was read", () => read.includes("without a key"));
  expect(read).toEqual(["a19", "b19", "without a key"]);
});

test("history keeps everything", async () => {
  await send("history-partition-0", 50);
  await subscribe("history-partition-0", "one", () => true);
  await until("all are acknowledged", async () => {
    return (await handle.topicStats("history-partition-0")).subscriptions[0]?.backlog === 0;
  });
  expect(await held("history-partition-0")).toBeGreaterThanOrEqual(50);
});

test("rules say otherwise, the longest fitting one", async () => {
  await log.close();
  log = await openEmbeddedLog({
    file,
    retention: { jobs: "unlimited", "jobs-short": "untilAcknowledged" },
  });
  handle = log.connect();
  for (const topic of ["jobs-long", "jobs-short", "history"]) {
    await send(topic, 30);
    await subscribe(topic, "sub", () => true);
  }
  await eventuallyHeld("jobs-short", (count) => count < 10);
  await eventuallyHeld("history", (count) => count < 10);
  expect(await held("jobs-long")).toBeGreaterThanOrEqual(30);
});

test("a subscription that is gone holds nothing back", async () => {
  const forgotten = await log.handle().openConsumer("jobs", {
    subscription: "forgotten",
    type: "Shared",
    onMessage: () => {},
  });
  await send("jobs", 60);
  await subscribe("jobs", "worker", () => true);
  expect(await held("jobs")).toBeGreaterThanOrEqual(60);
  expect(forgotten.unsubscribe()).toBe(true);
  await eventuallyHeld("jobs", (count) => count < 10);
});

test("a connected reader gets what was acknowledged before it came to it", async () => {
  let seen = 0;
  let go: (() => void) | undefined;
  await handle.openReader("jobs", {
    from: "earliest",
    queueSize: 1,
    onMessage: () => {
      seen += 1;
      if (seen === 1) return new Promise<void>((resolve) => (go = resolve));
      return;
    },
  });
  await subscribe("jobs", "sub", () => true);
  await send("jobs", 40);
  await until(
    "all are acknowledged",
    async () => (await handle.topicStats("jobs")).subscriptions[0]?.backlog === 0,
  );
  await until("the reader is stuck at the first", () => seen === 1);
  go?.();
  await until("the reader got them all", () => seen === 40);
});

test("the file does not grow with what is acknowledged", { timeout: 60_000 }, async () => {
  const producer = await handle.openProducer("jobs");
  const consumer = await handle.openConsumer("jobs", {
    subscription: "sub",
    type: "Shared",
    onMessage: (message) => consumer.acknowledge(message.position),
  });
  const payload = Buffer.alloc(1_000);
  const sizes: number[] = [];
  for (let round = 0; round < 8; round++) {
    for (let i = 0; i < 20; i++)
      await Promise.all(Array.from({ length: 250 }, () => producer.send({ payload })));
    await until(
      "all are acknowledged",
      async () => (await handle.topicStats("jobs")).subscriptions[0]?.backlog === 0,
    );
    sizes.push(statSync(file).size + statSync(`${file}-wal`).size);
  }
  // 40 MB went through.
  expect(Math.max(...sizes)).toBeLessThan(30_000_000);
});

test("what was acknowledged gives its room on the disk back", async () => {
  const seen: Position[] = [];
  const consumer = await handle.openConsumer("jobs", {
    subscription: "sub",
    type: "Shared",
    onMessage: ({ position }) => void seen.push(position),
  });
  const producer = await handle.openProducer("jobs");
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 50 }, () => producer.send({ payload: Buffer.alloc(20_000) })));
  }
  await until("they are in the file", () => statSync(file).size > 15_000_000);
  await until("all came", () => seen.length === 1_000);
  for (const position of seen) consumer.acknowledge(position);
  await until("the file has shrunk", () => statSync(file).size < 8_000_000);
  await producer.send({ payload: Buffer.from("it goes on") });
});
