import { rm } from "node:fs/promises";
import type { MessageLog, ReceivedMessage } from "@downbeat/message-log";
import { settled, until } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { EmbeddedLog } from "../src/embedded-log.ts";
import { openEmbeddedLog } from "../src/index.ts";
import { GatedStorage } from "./gated-storage.ts";
import { temporaryFile } from "./temporary-file.ts";

function text(value: string) {
  return { payload: Buffer.from(value) };
}

function textOf(message: ReceivedMessage): string {
  return Buffer.from(message.payload).toString();
}

async function readerOf(log: MessageLog, topic: string): Promise<string[]> {
  const seen: string[] = [];
  await log.openReader(topic, {
    from: "earliest",
    onMessage: (message) => {
      seen.push(textOf(message));
    },
  });
  await settled();
  return seen;
}

test("sessions inside see a message at once, others and the sender's receipt come with its commit", async () => {
  const storage = new GatedStorage(":memory:");
  const log = new EmbeddedLog(storage, { file: ":memory:" });
  const inside = log.connect({ deliver: "beforeCommit" });
  const outside = log.connect();
  const seenInside = await readerOf(inside, "t");
  const seenOutside = await readerOf(outside, "t");
  const producer = await inside.openProducer("t");

  storage.hold();
  let receipt: string | undefined;
  const sent = producer.send(text("one")).then((position) => {
    receipt = position;
  });
  await settled();
  expect(seenInside).toEqual(["one"]);
  expect(seenOutside).toEqual([]);
  expect(receipt).toBeUndefined();
  expect(await inside.lastPosition("t")).toBeDefined();
  expect(await outside.lastPosition("t")).toBeUndefined();

  storage.release();
  await sent;
  await settled();
  expect(seenOutside).toEqual(["one"]);
  expect(await outside.lastPosition("t")).toBe(receipt);
  await log.close();
});

test("what is decided on a delivery in the next turn is in the commit of the message itself", async () => {
  const storage = new GatedStorage(":memory:");
  const log = new EmbeddedLog(storage, { file: ":memory:" });
  const inside = log.connect({ deliver: "beforeCommit" });
  const decisions = await inside.openProducer("decisions");
  const decided: Promise<unknown>[] = [];
  await inside.openReader("commands", {
    from: "earliest",
    onMessage: () => void setImmediate(() => decided.push(decisions.send(text("decision")))),
  });
  const commands = await log.connect().openProducer("commands");
  await settled();

  await commands.send(text("command"));
  await until("the decision is made", () => decided.length === 1);
  await Promise.all(decided);
  expect(storage.batches.map(({ appends }) => appends.entries.length).filter((n) => n > 0)).toEqual([2]);
  await log.close();
});

test("on one subscription, a session outside is not given what only one inside may see", async () => {
  const storage = new GatedStorage(":memory:");
  const log = new EmbeddedLog(storage, { file: ":memory:" });
  const inside = log.connect({ deliver: "beforeCommit" });
  const outside = log.connect();
  const seen = { inside: [] as string[], outside: [] as string[] };
  const consumers = [];
  for (const [name, handle] of [
    ["inside", inside],
    ["outside", outside],
  ] as const) {
    consumers.push(
      await handle.openConsumer("t", {
        subscription: "sub",
        type: "Shared",
        queueSize: 2,
        onMessage: (message) => seen[name].push(textOf(message)),
      }),
    );
  }
  await settled();
  storage.hold();
  const producer = await inside.openProducer("t");
  const receipts = Promise.all(["a", "b", "c", "d"].map((one) => producer.send(text(one))));
  await settled();
  expect(seen).toEqual({ inside: ["a", "b"], outside: [] });
  storage.release();
  await receipts;
  await settled();
  expect(seen.outside).toEqual(["c", "d"]);
  await log.close();
});

test("a chain of deliveries and appends inside the process lands in one commit", async () => {
  const storage = new GatedStorage(":memory:");
  const log = new EmbeddedLog(storage, { file: ":memory:" });
  const inside = log.connect({ deliver: "beforeCommit" });
  const hops = 20;
  for (let hop = 0; hop < hops; hop++) {
    const next = await inside.openProducer(`hop-${hop + 1}`);
    await inside.openReader(`hop-${hop}`, {
      from: "earliest",
      onMessage: (message) => {
        void next.send({ payload: message.payload });
      },
    });
  }
  const first = await inside.openProducer("hop-0");
  await settled();
  storage.batches.length = 0;
  await first.send(text("go"));
  expect(await inside.lastPosition(`hop-${hops}`)).toBeDefined();
  expect(storage.batches.map((batch) => batch.appends.entries.length)).toEqual([hops + 1]);
  await log.close();
});

test("what was acknowledged by all before its commit is not written at all, and stays acknowledged", async () => {
  const { file, directory } = await temporaryFile();
  const storage = new GatedStorage(file);
  const log = new EmbeddedLog(storage, { file });
  const inside = log.connect({ deliver: "beforeCommit" });
  const consumer = await inside.openConsumer("jobs", {
    subscription: "sub",
    type: "Shared",
    onMessage: (message) => {
      if (textOf(message) !== "keep") consumer.acknowledge(message.position);
    },
  });
  await settled();
  const producer = await inside.openProducer("jobs");
  const positions = await Promise.all(["a", "keep", "b"].map((one) => producer.send(text(one))));
  expect(storage.batches.flatMap((batch) => batch.appends.entries)).toEqual([1]);
  await log.close();

  const again = await openEmbeddedLog({ file });
  const handle = again.connect();
  expect(await handle.lastPosition("jobs")).toBe(positions[2]);
  expect((await handle.topicStats("jobs")).subscriptions[0]?.backlog).toBe(1);
  const held = await readerOf(handle, "jobs");
  await until("the reader got it", () => held.length > 0);
  expect(held).toEqual(["keep"]);
  await again.close();
  await rm(directory, { recursive: true });
});

test("when a commit fails the log stops for good, and says so once", async () => {
  const storage = new GatedStorage(":memory:");
  const fatal: Error[] = [];
  const log = new EmbeddedLog(storage, { file: ":memory:", onFatal: (error) => fatal.push(error) });
  const inside = log.connect({ deliver: "beforeCommit" });
  const closings: (Error | undefined)[] = [];
  const onClose = (reason?: Error) => closings.push(reason);
  const producer = await inside.openProducer("t", { onClose });
  await inside.openReader("t", { from: "earliest", onMessage: () => {}, onClose });
  await inside.openConsumer("t", { subscription: "sub", type: "Shared", onMessage: () => {}, onClose });

  storage.failure = new Error("database or disk is full");
  const failed = { name: "LogError", code: "unavailable", message: expect.stringContaining("disk is full") };
  await expect(Promise.allSettled([producer.send(text("a")), producer.send(text("b"))])).resolves.toEqual([
    { status: "rejected", reason: expect.objectContaining(failed) },
    { status: "rejected", reason: expect.objectContaining(failed) },
  ]);
  expect(closings).toEqual([1, 2, 3].map(() => expect.objectContaining(failed)));
  expect(fatal).toEqual([expect.objectContaining(failed)]);
  await expect(producer.send(text("c"))).rejects.toMatchObject(failed);
  await expect(inside.openProducer("t")).rejects.toMatchObject(failed);
  await expect(log.connect().lastPosition("t")).rejects.toMatchObject(failed);
  await log.close();
});

test("a position whose message a crash has taken is not given out again, and is refused", async () => {
  const { file, directory } = await temporaryFile();
  const storage = new GatedStorage(file);
  const log = new EmbeddedLog(storage, { file });
  const inside = log.connect({ deliver: "beforeCommit" });
  const producer = await inside.openProducer("t");
  const stored = await producer.send(text("stored"));
  storage.hold();
  producer.send(text("lost")).catch(() => {});
  await settled();
  const lost = (await inside.lastPosition("t")) ?? expect.fail("the reader inside has a position");
  // The file as a crash leaves it: without the commit under way.
  await storage.close();

  const again = await openEmbeddedLog({ file });
  const handle = again.connect();
  expect(await handle.lastPosition("t")).toBe(stored);
  const refused = handle.openReader("t", { from: { after: lost }, onMessage: () => {} });
  await expect(refused).rejects.toMatchObject({ code: "invalid" });
  const next = await (await handle.openProducer("t")).send(text("next"));
  expect(next).not.toBe(lost);
  expect(next !== undefined && next > lost).toBe(true);
  const seen: string[] = [];
  await handle.openReader("t", {
    from: { after: stored ?? expect.fail("it has a position") },
    onMessage: (message) => {
      seen.push(textOf(message));
    },
  });
  await until("the reader got it", () => seen.length > 0);
  expect(seen).toEqual(["next"]);
  await again.close();
  await rm(directory, { recursive: true });
});
