import { rm } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Consumer } from "@downbeat/message-log";
import { ManualClock, settled, until } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

const hourMs = 3_600_000;

test("100,000 pending timers wait on disk, survive a restart and come when they are due", {
  timeout: 120_000,
}, async () => {
  const { file, directory } = await temporaryFile();
  const clock = new ManualClock();
  const start = clock.now();
  let log = await openEmbeddedLog({ file, clock });
  const producer = await log.connect().openProducer("timers");
  const payload = Buffer.alloc(300);
  for (let i = 0; i < 100; i++) {
    const sends = Array.from({ length: 1_000 }, (_, j) => {
      const minute = (i * 1_000 + j) % 60;
      return producer.send({ payload, key: String(minute), deliverAt: start + minute * 60_000 + 1 });
    });
    await Promise.all(sends);
  }
  await log.close();

  log = await openEmbeddedLog({ file, clock });
  const heapBefore = heapUsed();
  let received = 0;
  let early = 0;
  const consumer: Consumer = await log.connect().openConsumer("timers", {
    subscription: "timers",
    type: "Shared",
    onMessage: (message) => {
      received += 1;
      if (clock.now() < start + Number(message.key) * 60_000 + 1) early += 1;
      consumer.acknowledge(message.position);
    },
  });
  await until("all are looked at", async () => {
    return (await log.connect().topicStats("timers")).subscriptions[0]?.delayed === 100_000;
  });
  expect(received).toBe(0);
  // 30 MB of payload stay on disk.
  expect(heapUsed() - heapBefore).toBeLessThan(25_000_000);

  for (let minute = 0; minute < 60; minute++) {
    await clock.advance(minute === 0 ? 1 : 60_000);
    const due = Math.floor(100_000 / 60) * (minute + 1) + Math.min(minute + 1, 100_000 % 60);
    await until(`those of minute ${minute} came`, () => received >= due);
    expect(received).toBe(due);
  }
  expect(early).toBe(0);
  await log.close();
  await rm(directory, { recursive: true });
});

test("a timer that fires too soon by the log's clock delivers nothing", async () => {
  const clock = new ManualClock();
  const hasty = {
    now: () => clock.now(),
    setTimer: (callback: () => void, ms: number) => clock.setTimer(callback, ms / 3),
  };
  const log = await openEmbeddedLog({ file: ":memory:", clock: hasty });
  const handle = log.connect({ deliver: "beforeCommit" });
  const received: number[] = [];
  await handle.openConsumer("t", {
    subscription: "sub",
    type: "Shared",
    onMessage: () => received.push(clock.now()),
  });
  const due = clock.now() + hourMs;
  await (await handle.openProducer("t")).send({ payload: Buffer.from("x"), deliverAt: due });
  for (let i = 0; i < 60 && received.length === 0; i++) {
    await settled();
    await clock.advance(Math.max(1, (due - clock.now()) / 3));
  }
  expect(received.length).toBe(1);
  expect(received[0]).toBeGreaterThanOrEqual(due);
  await log.close();
});

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const gc: () => void = runInNewContext("gc");
  gc();
  // What the first finds to be let go of outside the heap is gone after the second.
  gc();
  const { heapUsed: heap, external } = process.memoryUsage();
  return heap + external;
}
