import { expect, onTestFinished, test } from "vitest";
import { openCache } from "../cache.ts";
import { ReadModel } from "../read/read-model.ts";
import { everyEvent } from "../test/every-event.ts";
import { HistoryLog, historyOf } from "../test/history-log.ts";
import { scratchFile } from "../test/scratch.ts";
import { Projection } from "./projection.ts";

function project(log: HistoryLog, path = scratchFile()) {
  const said: string[] = [];
  const cache = openCache(path, "test");
  const projection = new Projection(cache, { onOddity: (sentence) => said.push(sentence) });
  for (const message of log.messages) projection.take(0, message);
  return { cache, projection, said, path };
}

function leftOutOf(path: string) {
  const readModel = new ReadModel(path);
  onTestFinished(() => readModel.close());
  return readModel.quarantine({ limit: 10 }).leftOut;
}

test("a record that can't be read is kept for people, counted and said", () => {
  const log = historyOf(everyEvent()).bytes(Buffer.from('{"kind":"decisions", oops'));
  const { cache, projection, said, path } = project(log);
  projection.flush();
  cache.close();
  const { position, publishTime: at } = log.messages.at(-1) ?? { position: "", publishTime: 0 };
  const reason = "It is no record of history: not JSON.";
  expect(leftOutOf(path)).toEqual([{ topic: "history-partition-0", position, at, reason, runIds: [] }]);
  expect(projection.leftOut).toBe(1);
  expect(said).toEqual([`A record of history-partition-0 (${position}) is left out: ${reason}`]);
});

test("what the accept rule leaves out is as it should be, and no matter for people", () => {
  const { cache, projection, path } = project(new HistoryLog().claim().zombie([]).lateClaim());
  projection.flush();
  cache.close();
  expect(projection.leftOut).toBe(0);
  expect(leftOutOf(path)).toEqual([]);
});

test("a record that is read again after a crash is left out once", () => {
  const log = new HistoryLog().claim().bytes(Buffer.from("oops"));
  const first = project(log);
  first.projection.flush();
  first.cache.close();
  const second = project(log, first.path);
  for (const position of log.messages.map((message) => message.position))
    second.projection.leaveOut({ partition: 0, position, reason: "Again.", runIds: [] });
  expect(second.projection.leftOut).toBe(2);
  second.projection.flush();
  second.cache.close();
  expect(leftOutOf(first.path).map(({ reason }) => reason)).toEqual([
    "It is no record of history: not JSON.",
    "Again.",
  ]);
});

test("what is kept of a record is bounded, whatever it says of itself", () => {
  const { cache, projection, path } = project(new HistoryLog().claim());
  const runIds = Array.from({ length: 5_000 }, (_, index) => `run-${index}`);
  projection.leaveOut({ partition: 0, position: "1:0", reason: "x".repeat(100_000), runIds });
  projection.flush();
  cache.close();
  const [entry] = leftOutOf(path);
  expect(entry?.reason).toHaveLength(500);
  expect(entry?.runIds).toEqual(runIds.slice(0, 20));
});

test("signed records that nobody checks are known as such, also after a restart; a signature that was checked is none of them", () => {
  const log = new HistoryLog().claim();
  const [claim] = log.messages;
  if (claim === undefined) throw new Error("There is no claim.");
  const { cache, projection, path } = project(log);
  expect(projection.partitions.isSignedUnchecked).toBe(false);
  const position = `${claim.position.split(":")[0]}:99` as typeof claim.position;
  const signed = { ...claim, position, properties: { ...claim.properties, mac: "k1.x" } };
  projection.take(1, { ...signed, proof: { is: "forged", why: "it is" } });
  expect(projection.partitions.isSignedUnchecked).toBe(false);
  projection.take(2, signed);
  expect(projection.partitions.isSignedUnchecked).toBe(true);
  projection.flush();
  cache.close();
  const again = openCache(path, "test");
  expect(new Projection(again).partitions.isSignedUnchecked).toBe(true);
  again.close();
});
