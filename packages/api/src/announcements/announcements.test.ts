import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { type MessageLog, TopicProducers } from "@downbeat/message-log";
import { encodeDefinitionMessage, encodeWorkerMessage, topics } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { Announcements } from "./announcements.ts";

async function opened() {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-announcements-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  const producers = new TopicProducers(embedded.connect());
  let later = 0;
  const announcements = new Announcements({
    log: embedded.connect(),
    monotonic: () => performance.now() + later,
  });
  onTestFinished(async () => {
    await announcements.close();
    await embedded.close();
    await rm(directory, { recursive: true });
  });
  const worker = {
    host: "h",
    build: "2026-12-01.3",
    sdk: "0.1.0",
    startedAt: 1,
    everyMs: 10_000,
    jobs: [{ type: "charge", concurrency: 5 }],
    workflows: ["placeOrder"],
  };
  return {
    announcements,
    worker,
    send: (message: Parameters<typeof encodeWorkerMessage>[0]) =>
      producers.send(topics.workers, { key: message.id, payload: encodeWorkerMessage(message) }),
    announce: (workflow: string, input?: Record<string, unknown>) =>
      producers.send(topics.workflows, {
        key: workflow,
        payload: encodeDefinitionMessage({ workflow, build: "1", ...(input !== undefined && { input }) }),
      }),
    spoil: () => producers.send(topics.workers, { payload: Buffer.from("{") }),
    pass: (ms: number) => {
      later += ms;
    },
  };
}

test("the list has every worker that has said that it is there when it is asked for", async () => {
  const { announcements, worker, send, spoil } = await opened();
  expect(await announcements.workers()).toEqual([]);
  await send({ type: "alive", id: "2", name: "shop-2", ...worker });
  await spoil();
  await send({ type: "alive", id: "1", name: "shop-1", ...worker });
  const { everyMs: _, ...shown } = worker;
  expect(await announcements.workers()).toEqual([
    { id: "1", name: "shop-1", heardAt: expect.any(Number), ...shown },
    { id: "2", name: "shop-2", heardAt: expect.any(Number), ...shown },
  ]);
  await send({ type: "stopped", id: "1" });
  expect((await announcements.workers()).map(({ name }) => name)).toEqual(["shop-2"]);
});

test("a workflow is listed with its schema and how many workers host it, also when none does", async () => {
  const { announcements, worker, send, announce, pass } = await opened();
  await announce("placeOrder", { type: "object" });
  await send({ type: "alive", id: "1", name: "shop-1", ...worker });
  await send({ type: "alive", id: "2", name: "shop-2", ...worker, workflows: [] });
  const known = {
    workflow: "placeOrder",
    build: "1",
    announcedAt: expect.any(Number),
    input: { type: "object" },
  };
  expect(await announcements.definitions()).toEqual({ workflows: [{ ...known, workers: 1 }], jobTypes: [] });
  pass(60_000);
  expect(await announcements.definitions()).toEqual({ workflows: [{ ...known, workers: 0 }], jobTypes: [] });
  expect(await announcements.workers()).toEqual([]);
});

test("a log that can't be reached is said in a sentence", async () => {
  const away = new Announcements({
    log: {
      lastPosition: () => new Promise(() => {}),
      openReader: () => Promise.reject(new Error("away")),
    } as unknown as MessageLog,
    patienceMs: 10,
  });
  onTestFinished(() => away.close());
  await expect(away.workers()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("can't be reached"),
  });
});
