import { execFileSync } from "node:child_process";
import type { Asked } from "@downbeat/cold-history";
import { removeCache } from "@downbeat/read-model";
import { openCache, scratchDirectory } from "@downbeat/read-model/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SqliteAnalytics } from "./sqlite-analytics.ts";

const scratch = scratchDirectory();
const path = scratch.file("history.sqlite");
const freshness = () => ({ completeTo: 1_234, behind: 0, live: true });
const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
const opened: SqliteAnalytics[] = [];

beforeAll(() => openCache(path, "test").close());
afterAll(() => scratch.remove());
afterEach(async () => {
  for (const analytics of opened.splice(0)) await analytics.close();
  await until(() => processes() === 0);
});

function open(timeLimitMs?: number): SqliteAnalytics {
  const analytics = new SqliteAnalytics({
    path,
    freshness,
    ...(timeLimitMs !== undefined && { timeLimitMs }),
  });
  opened.push(analytics);
  return analytics;
}

/** How many work for this test. */
function processes(): number {
  const all = execFileSync("ps", ["-eo", "ppid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return all.filter(
    (line) => line.includes(path) && line.trim().startsWith(`${process.pid} `) && !/ Z/.test(line),
  ).length;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function asked(signal = new AbortController().signal): Asked & { readonly states: string[] } {
  const states: string[] = [];
  return { who: "ada", signal, onProgress: ({ state }) => void states.push(state), states };
}

test("an answer says what it is and how far it is complete", async () => {
  const analytics = open();
  const answer = await analytics.query({ sql: "SELECT 1 AS one", maxRows: 10 }, asked());
  expect(answer).toMatchObject({
    value: { columns: [{ name: "one" }], rows: [[1]], isCut: false },
    source: "Read model",
    completeTo: 1_234,
    isComplete: true,
  });
  expect(answer.tookMs).toBeGreaterThan(0);
});

test("a refusal keeps its place in the text, and the process answers the next query", async () => {
  const analytics = open();
  await expect(analytics.query({ sql: "SELECT\n nothing", maxRows: 10 }, asked())).rejects.toMatchObject({
    name: "ColdError",
    code: "invalid",
    line: 2,
    column: 2,
  });
  expect((await analytics.query({ sql: "SELECT 2", maxRows: 10 }, asked())).value.rows).toEqual([[2]]);
  expect(processes()).toBe(1);
});

test("a query that would never end is ended by cancelling it, in the middle of SQLite's work", async () => {
  const analytics = open();
  const abort = new AbortController();
  const who = asked(abort.signal);
  const answer = analytics.query({ sql: endless, maxRows: 10 }, who);
  await until(() => who.states.length > 3);
  abort.abort();
  await expect(answer).rejects.toMatchObject({ code: "cancelled" });
  await until(() => processes() === 0);
  expect((await analytics.query({ sql: "SELECT 3", maxRows: 10 }, asked())).value.rows).toEqual([[3]]);
});

test("a query that takes too long is ended and told so", async () => {
  const analytics = open(300);
  await expect(analytics.query({ sql: endless, maxRows: 10 }, asked())).rejects.toMatchObject({
    code: "timeout",
    message: expect.stringContaining("was ended"),
  });
  await until(() => processes() === 0);
});

test("no more than two work at once; the third waits its turn, and may give up", async () => {
  const analytics = open();
  const [first, second, third, fourth] = Array.from({ length: 4 }, () => new AbortController());
  const queries = [first, second, third, fourth].map((abort) => {
    const who = asked(abort?.signal);
    const done = analytics.query({ sql: endless, maxRows: 1 }, who).catch((error: unknown) => error);
    return { who, done };
  });
  await until(() => queries.filter(({ who }) => who.states.includes("reading")).length === 2);
  expect(queries[2]?.who.states).toEqual(["waiting"]);
  third?.abort();
  expect(await queries[2]?.done).toMatchObject({ code: "cancelled" });
  first?.abort();
  await until(() => queries[3]?.who.states.includes("reading") === true);
  second?.abort();
  fourth?.abort();
  await Promise.all(queries.map(({ done }) => done));
});

test("after the file was replaced, the new one is asked", async () => {
  const file = scratch.file("replaced.sqlite");
  openCache(file, "one").close();
  const analytics = new SqliteAnalytics({ path: file, freshness });
  opened.push(analytics);
  const runs = async () =>
    (await analytics.query({ sql: "SELECT count(*) FROM runs", maxRows: 1 }, asked())).value.rows;
  expect(await runs()).toEqual([[0]]);
  removeCache(file);
  const cache = openCache(file, "two");
  cache.db.exec("INSERT INTO runs VALUES (1, 'r', 0, 'w', 0, 1, NULL, 1, 1)");
  analytics.reopen();
  expect(await runs()).toEqual([[1]]);
  cache.close();
});

test("a damaged file is known as one", async () => {
  const { writeFileSync } = await import("node:fs");
  const file = scratch.file("damaged.sqlite");
  writeFileSync(file, Buffer.alloc(20_000, 0xab));
  const analytics = new SqliteAnalytics({ path: file, freshness });
  opened.push(analytics);
  await expect(analytics.query({ sql: "SELECT 1", maxRows: 1 }, asked())).rejects.toMatchObject({
    errcode: 26,
  });
});

test("closing ends what runs", async () => {
  const analytics = open();
  const who = asked();
  const answer = analytics.query({ sql: endless, maxRows: 1 }, who);
  const ended = expect(answer).rejects.toMatchObject({ code: "cancelled" });
  await until(() => who.states.includes("reading"));
  await analytics.close();
  await ended;
});
