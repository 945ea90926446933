import { expect, test } from "vitest";
import { LogError } from "../src/log-error.ts";
import { TopicProducers } from "../src/topic-producers.ts";
import { FakeLog } from "./fake-log.ts";

const message = { payload: Buffer.from("m") };

test("whoever sends to a topic shares its producer, even before it is open", async () => {
  const log = new FakeLog();
  const producers = new TopicProducers(log);
  await Promise.all([
    producers.send("a", message),
    producers.send("a", message),
    producers.send("b", message),
  ]);
  expect(log.openings).toBe(2);
  expect(log.messages).toHaveLength(3);
});

test("after a lost connection the next message opens it again", async () => {
  const log = new FakeLog();
  const producers = new TopicProducers(log);
  await producers.send("a", message);
  log.cut();
  await producers.send("a", message);
  expect(log.openings).toBe(2);
  expect(log.messages).toHaveLength(2);
});

test("what is under way when the connection is lost fails, and the next message is sent", async () => {
  const log = new FakeLog();
  const producers = new TopicProducers(log);
  log.withholdReceipts = true;
  const lost = producers.send("a", message);
  const outcome = expect(lost).rejects.toThrow("cut");
  await new Promise((resolve) => setImmediate(resolve));
  log.cut();
  await outcome;
  log.withholdReceipts = false;
  await producers.send("a", message);
  expect(log.openings).toBe(2);
});

test("one that can't be opened fails for all who wait for it, with the reason, and is tried again", async () => {
  const log = new FakeLog();
  const producers = new TopicProducers(log);
  log.refuse = new LogError("unavailable", "not now");
  const outcomes = await Promise.allSettled([producers.send("a", message), producers.send("a", message)]);
  expect(outcomes.map((one) => one.status === "rejected" && one.reason.message)).toEqual([
    "not now",
    "not now",
  ]);
  expect(log.openings).toBe(1);
  log.refuse = undefined;
  await producers.send("a", message);
  expect(log.openings).toBe(2);
});

test("after closing nothing is opened any more", async () => {
  const log = new FakeLog();
  const producers = new TopicProducers(log);
  await producers.send("a", message);
  await producers.close();
  await expect(producers.send("a", message)).rejects.toThrow("Nothing is sent to a any more");
  expect(log.openings).toBe(1);
});
