import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { topics } from "@downbeat/protocol";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { deleteQuery } from "../usecases/delete-query.ts";
import { saveQuery } from "../usecases/save-query.ts";
import type { SavedQuery } from "../views.ts";
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

/** Saves, and it counts. */
async function save(context: Context, input: Parameters<typeof saveQuery>[1]): Promise<SavedQuery> {
  const answer = await saveQuery(context, input);
  if (answer.outcome !== "saved") throw new Error("Somebody else was quicker.");
  return answer.query;
}

const stuck = { name: "Stuck", source: "readModel", sql: "SELECT 1" } as const;

test("what one server saved, another shows, by name; nothing is known of it but from the log", async () => {
  const [one, other] = [server("ada"), server("grace")];
  expect(await one.savedQueries.all()).toEqual([]);
  await saveQuery(one, { ...stuck, name: "b" });
  await saveQuery(other, { ...stuck, name: "A" });
  const common = { source: "readModel", sql: "SELECT 1", savedAt: 1_000, version: 1 };
  const saved = [
    { ...common, id: "grace-1", name: "A", savedBy: "grace" },
    { ...common, id: "ada-1", name: "b", savedBy: "ada" },
  ];
  expect(await one.savedQueries.all()).toEqual(saved);
  expect(await other.savedQueries.all()).toEqual(saved);
  expect(await server().savedQueries.all()).toEqual(saved);
});

test("saving again takes the place, deleting removes, and deleting what is gone is no error", async () => {
  const context = server();
  const { id } = await save(context, stuck);
  expect(await save(context, { ...stuck, id, version: 1, sql: "SELECT 2" })).toMatchObject({ version: 2 });
  expect(await context.savedQueries.all()).toMatchObject([{ id, sql: "SELECT 2" }]);
  await deleteQuery(context, { id, version: 2 });
  expect(await deleteQuery(context, { id, version: 2 })).toEqual({ outcome: "deleted", wasGone: true });
  expect(await server().savedQueries.all()).toEqual([]);
});

test("two queries can't have one name", async () => {
  const context = server();
  const { id, version } = await save(context, stuck);
  await expect(saveQuery(context, { ...stuck, name: "stuck" })).rejects.toThrow(/called “stuck” already/);
  await save(context, { ...stuck, id, version, name: "Stuck!" });
  await saveQuery(context, stuck);
});

test("of two who save one query the second is told of the first, and loses nothing", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id } = await save(ada, stuck);
  expect(await grace.savedQueries.all()).toHaveLength(1);
  await save(grace, { ...stuck, id, version: 1, sql: "SELECT 'grace'" });
  const answer = await saveQuery(ada, { ...stuck, id, version: 1, sql: "SELECT 'ada'" });
  expect(answer).toMatchObject({
    outcome: "conflict",
    current: { query: { sql: "SELECT 'grace'", savedBy: "grace", version: 2 } },
  });
  expect(await grace.savedQueries.all()).toMatchObject([{ sql: "SELECT 'grace'" }]);
  expect(await save(ada, { ...stuck, id, version: 2, sql: "SELECT 'ada'" })).toMatchObject({ version: 3 });
});

test("a query that was deleted meanwhile doesn't come back, and one that was changed isn't deleted", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id } = await save(ada, stuck);
  await deleteQuery(grace, { id, version: 1 });
  expect(await saveQuery(ada, { ...stuck, id, version: 1 })).toEqual({
    outcome: "conflict",
    current: { deletedBy: "grace", deletedAt: 1_000 },
  });
  expect(await server().savedQueries.all()).toEqual([]);
  const other = await save(ada, stuck);
  await save(grace, { ...stuck, id: other.id, version: 1, sql: "SELECT 2" });
  expect(await deleteQuery(ada, { id: other.id, version: 1 })).toMatchObject({
    outcome: "conflict",
    current: { sql: "SELECT 2", savedBy: "grace" },
  });
});

test("of two who save in the same moment one is told, by the order of the log", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id } = await save(ada, stuck);
  const both = await Promise.all([
    saveQuery(ada, { ...stuck, id, version: 1, sql: "SELECT 'ada'" }),
    saveQuery(grace, { ...stuck, id, version: 1, sql: "SELECT 'grace'" }),
  ]);
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(["conflict", "saved"]);
  const alike = await Promise.allSettled([
    saveQuery(ada, { ...stuck, name: "Alike" }),
    saveQuery(grace, { ...stuck, name: "alike" }),
  ]);
  expect(alike.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await server().savedQueries.all()).toHaveLength(2);
});

test("what is no such message in the topic is passed over", async () => {
  const producer = await log.connect().openProducer(topics.savedQueries);
  await producer.send({ payload: Buffer.from("not even JSON") });
  const context = server();
  await saveQuery(context, stuck);
  await producer.send({ payload: Buffer.from('{"type":"saved"}') });
  expect(await context.savedQueries.all()).toHaveLength(1);
});

test("a log that can't be reached is said in one sentence", async () => {
  const context = server();
  await log.close();
  await expect(context.savedQueries.all()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("keeps the saved queries"),
  });
  log = await openEmbeddedLog({ file: join(directory, "last.db") });
});
