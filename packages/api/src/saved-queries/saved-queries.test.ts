import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { topics } from "@downbeat/protocol";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { deleteQuery } from "../usecases/delete-query.ts";
import { saveQuery } from "../usecases/save-query.ts";
import { SavedQueries } from "./saved-queries.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-queries-"));
let log: EmbeddedLog;
let files = 0;

beforeEach(async () => {
  log = await openEmbeddedLog({ file: join(directory, `log-${files++}.db`) });
});

afterEach(async () => {
  await log.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

/** A server on the log. */
function server(actor = "ada"): Context {
  let id = 0;
  const savedQueries = new SavedQueries({ log: log.connect(), patienceMs: 5_000 });
  return { savedQueries, actor, now: () => 1_000, newId: () => `${actor}-${++id}` } as unknown as Context;
}

const stuck = { name: "Stuck", source: "readModel", sql: "SELECT 1" } as const;

test("what one server saved, another shows, by name; nothing is known of it but from the log", async () => {
  const [one, other] = [server("ada"), server("grace")];
  expect(await one.savedQueries.list()).toEqual([]);
  await saveQuery(one, { ...stuck, name: "b" });
  await saveQuery(other, { ...stuck, name: "A" });
  const saved = [
    { id: "grace-1", name: "A", source: "readModel", sql: "SELECT 1", savedBy: "grace", savedAt: 1_000 },
    { id: "ada-1", name: "b", source: "readModel", sql: "SELECT 1", savedBy: "ada", savedAt: 1_000 },
  ];
  expect(await one.savedQueries.list()).toEqual(saved);
  expect(await other.savedQueries.list()).toEqual(saved);
  expect(await server().savedQueries.list()).toEqual(saved);
});

test("saving again takes the place, deleting removes, and deleting what is gone is no error", async () => {
  const context = server();
  const { id } = await saveQuery(context, stuck);
  await saveQuery(context, { ...stuck, id, sql: "SELECT 2" });
  expect(await context.savedQueries.list()).toMatchObject([{ id, sql: "SELECT 2" }]);
  await deleteQuery(context, { id });
  await deleteQuery(context, { id });
  expect(await server().savedQueries.list()).toEqual([]);
});

test("two queries can't have one name", async () => {
  const context = server();
  const { id } = await saveQuery(context, stuck);
  await expect(saveQuery(context, { ...stuck, name: "stuck" })).rejects.toThrow(/called “stuck” already/);
  await saveQuery(context, { ...stuck, id, name: "Stuck!" });
  await saveQuery(context, stuck);
});

test("what is no such message in the topic is passed over", async () => {
  const producer = await log.connect().openProducer(topics.savedQueries);
  await producer.send({ payload: Buffer.from("not even JSON") });
  const context = server();
  await saveQuery(context, stuck);
  await producer.send({ payload: Buffer.from('{"type":"saved"}') });
  expect(await context.savedQueries.list()).toHaveLength(1);
});

test("a log that can't be reached is said in one sentence", async () => {
  const context = server();
  await log.close();
  await expect(context.savedQueries.list()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("keeps the saved queries"),
  });
  log = await openEmbeddedLog({ file: join(directory, "last.db") });
});
