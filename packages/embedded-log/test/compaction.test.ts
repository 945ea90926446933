import { statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import {
  damageOf,
  type MessageLog,
  type Position,
  position,
  type ReceivedMessage,
} from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EmbeddedLog, LogFile, openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

const scope = "public/default";
const topic = "history-partition-0";
let file = "";
let directory = "";
let log: EmbeddedLog;
let handle: MessageLog;
beforeEach(async () => {
  ({ file, directory } = await temporaryFile());
  await open();
});
afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true });
});

async function open(): Promise<void> {
  log = await openEmbeddedLog({ file, onDamaged: () => {} });
  handle = log.connect();
}

async function send(count: number, bytes = 10): Promise<Position[]> {
  const producer = await handle.openProducer(topic);
  const positions = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      producer.send({ payload: Buffer.from(String(i).padEnd(bytes)), properties: { id: String(i) } }),
    ),
  );
  return positions as Position[];
}

function instead(position: Position | undefined, after: Position | undefined, text: string) {
  if (position === undefined || after === undefined) throw new Error("There is no such message.");
  return { position, after, payload: Buffer.from(text), properties: { id: text } };
}

function textOf(message: ReceivedMessage): string {
  return damageOf(message) === undefined ? Buffer.from(message.payload).toString().trim() : "damaged";
}

/** Everything after the position, as a new reader gets it. */
async function read(after?: Position, name = topic): Promise<string[]> {
  const texts: string[] = [];
  const end = await handle.lastPosition(name);
  let isAtEnd = false;
  const reader = await handle.openReader(name, {
    from: after === undefined ? "earliest" : { after },
    onMessage: (message) => {
      texts.push(textOf(message));
      isAtEnd = message.position === end;
    },
  });
  await until("the log", () => isAtEnd);
  await reader.close();
  return texts;
}

async function filed(): Promise<string[]> {
  await log.close();
  const found = LogFile.open(file);
  const texts: string[] = [];
  for await (const message of found.messages({ tenant: "public", namespace: "default", topic }))
    texts.push(textOf(message));
  found.close();
  await open();
  return texts;
}

test("a message is read in the place of those that it stands for, and none of them is missing", async () => {
  const at = await send(10);
  await log.compact(scope, topic, [
    instead(at[3], at[0], "1 to 3"),
    instead(at[7], at[6], "other 7"),
    instead(at[8], at[7], "other 8"),
  ]);
  const expected = ["0", "1 to 3", "4", "5", "6", "other 7", "other 8", "9"];
  expect(await read()).toEqual(expected);
  expect(await filed()).toEqual(expected);
  expect(await read()).toEqual(expected);
});

test("what stands for others can be compacted again with what comes after it", async () => {
  const at = await send(10);
  await log.compact(scope, topic, [instead(at[3], at[0], "1 to 3")]);
  await log.compact(scope, topic, [instead(at[5], at[0], "1 to 5")]);
  expect(await read()).toEqual(["0", "1 to 5", "6", "7", "8", "9"]);
  expect(await filed()).toEqual(["0", "1 to 5", "6", "7", "8", "9"]);
});

test("the position of a message that is gone is read on from", async () => {
  const at = await send(6);
  await log.compact(scope, topic, [instead(at[4], at[0], "1 to 4")]);
  expect(await read(at[2])).toEqual(["1 to 4", "5"]);
  expect(await read(at[4])).toEqual(["5"]);
});

test("when the log took a message stays what it was", async () => {
  const at = await send(3);
  const times: number[] = [];
  const collect = async () => {
    const reader = await handle.openReader(topic, {
      from: "earliest",
      onMessage: ({ publishTime }) => void times.push(publishTime),
    });
    const before = times.length;
    await until("the log", () => times.length > before + 1);
    await reader.close();
  };
  await collect();
  const [, , last] = times;
  times.length = 0;
  await log.compact(scope, topic, [instead(at[2], at[0], "1 to 2")]);
  await collect();
  expect(times.at(-1)).toBe(last);
});

test("a reader in the midst of what goes gets what stands for it", async () => {
  const at = await send(2_000);
  const texts: string[] = [];
  let goOn = (): void => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await handle.openReader(topic, {
    from: "earliest",
    queueSize: 1,
    onMessage: (message) => {
      texts.push(textOf(message));
      return texts.length === 10 ? held : undefined;
    },
  });
  await until("the log", () => texts.length === 10);
  await log.compact(scope, topic, [instead(at[1_900], at[2], "3 to 1900")]);
  goOn();
  await until("the log", () => texts.at(-1) === "1999");
  expect(texts).toContain("3 to 1900");
  expect(texts).not.toContain("damaged");
});

test("what is missing beside it is still said", async () => {
  const at = await send(10);
  await log.compact(scope, topic, [instead(at[4], at[2], "3 to 4")]);
  await log.close();
  const database = new DatabaseSync(file);
  database.exec("DELETE FROM messages_1 WHERE entry IN (2, 6)");
  database.close();
  await open();
  expect(await read()).toEqual(["0", "1", "damaged", "3 to 4", "5", "damaged", "7", "8", "9"]);
});

test("nothing changes where one of the messages is damaged", async () => {
  const at = await send(6);
  await log.close();
  const database = new DatabaseSync(file);
  database.exec("UPDATE messages_1 SET message = zeroblob(20) WHERE entry = 4");
  database.close();
  await open();
  const rows = [instead(at[2], at[0], "1 to 2"), instead(at[4], at[2], "3 to 4")];
  await expect(log.compact(scope, topic, rows)).rejects.toThrow("Message 4 is not there, or damaged");
  expect(await read()).toEqual(["0", "1", "2", "3", "damaged", "5"]);
  await expect(log.compact(scope, topic, [instead(at[3], at[2], "3")])).resolves.toBeUndefined();
});

test("only messages of the topic can be compacted", async () => {
  const [first] = await send(1);
  await expect(log.compact(scope, topic, [instead(position(1, 9), first, "x")])).rejects.toThrow(
    "is not one of public/default/history-partition-0",
  );
  await expect(log.compact(scope, "nowhere", [instead(first, first, "x")])).rejects.toThrow("nowhere");
});

test("the space is given back to the disk, while the log goes on", async () => {
  const at = await send(6_000, 5_000);
  const before = () => statSync(file).size;
  await until("the log", () => before() > 25_000_000);
  const large = before();
  for (let last = 5_990; last > 0; last -= 599) {
    await log.compact(scope, topic, [instead(at[last], at[last - 599] ?? at[0], `up to ${last}`)]);
  }
  await until("the log", () => statSync(file).size < large / 4);
  expect(await read()).toHaveLength(1 + 10 + 9);
});

test("what nobody subscribes to can be dropped by its age, and nothing else", async () => {
  let now = 1_000;
  await log.close();
  log = await openEmbeddedLog({ file, clock: { now: () => now, setTimer: () => () => {} } });
  handle = log.connect();
  const put = async (name: string, texts: readonly string[]) => {
    const producer = await handle.openProducer(name);
    for (const text of texts) await producer.send({ payload: Buffer.from(text) });
  };
  const held = (name: string) => read(undefined, name);
  await handle.openConsumer("jobs", { subscription: "workers", type: "Shared", onMessage: () => {} });
  for (const name of ["quarantine", "jobs", topic]) await put(name, ["old"]);
  now = 2_000;
  for (const name of ["quarantine", "jobs", topic]) await put(name, ["new"]);
  for (const name of ["quarantine", "jobs", topic, "nowhere"]) await log.dropBefore(scope, name, 1_500);
  expect(await held("quarantine")).toEqual(["new"]);
  expect(await held("jobs")).toEqual(["old", "new"]);
  expect(await held(topic)).toEqual(["old", "new"]);
  await log.close();
  await open();
  expect(await held("quarantine")).toEqual(["new"]);
});
