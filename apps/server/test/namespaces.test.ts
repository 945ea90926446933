import { readFile, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { follow } from "./follow.ts";
import { ended, openEngineering, spawnServer, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

const orders = "acme/orders";
const message = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.message);

const ReadinessAnswer = z.object({ namespaces: z.array(z.object({ ready: z.boolean() })) });
const ErrorAnswer = z.object({ error: z.object({ message: z.string() }) });

async function readiness(url: string): Promise<z.infer<typeof ReadinessAnswer>> {
  return ReadinessAnswer.parse(await (await fetch(`${url}/readyz`)).json());
}

async function serveBoth() {
  const engineering = await openEngineering(["public/default", orders]);
  const server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_NAMESPACES: `public/default,${orders}`,
  });
  await until(async () => (await readiness(server.url)).namespaces.every(({ ready }) => ready));
  return {
    engineering,
    server,
    ours: server.api,
    theirs: server.apiOf(orders),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await engineering[Symbol.asyncDispose]();
    },
  };
}

test("what is in one namespace can't be seen or touched through another", async () => {
  await using both = await serveBoth();
  const { engineering, server, ours, theirs } = both;
  engineering.hotelIsUp = false;
  await theirs.runs.start.mutate({ workflow: "trip", input: '{"of":"acme"}', runId: "theirs" });
  await theirs.runs.start.mutate({ workflow: "trip", input: '{"of":"acme"}', runId: "same" });
  await until(async () => (await theirs.attention.list.query({})).total === 2);
  engineering.hotelIsUp = true;
  await ours.runs.start.mutate({ workflow: "trip", input: '{"of":"public"}', runId: "same" });
  await until(async () => (await ours.runs.get.query({ runId: "same" })).status === "completed");

  expect((await ours.runs.list.query({})).runs.map(({ runId }) => runId)).toEqual(["same"]);
  expect(await ours.runs.list.query({ filter: { text: "theirs" } })).toMatchObject({ count: 0 });
  expect(await message(ours.runs.get.query({ runId: "theirs" }))).toBe("There is no run theirs.");
  expect(await message(ours.runs.events.query({ runId: "theirs" }))).toBe("There is no run theirs.");
  expect(await ours.attention.list.query({})).toMatchObject({ total: 0 });
  expect(await ours.jobs.list.query({})).toMatchObject({ count: 0 });
  expect((await ours.runs.get.query({ runId: "same" })).input).toBe('{"of":"public"}');
  expect(await theirs.runs.get.query({ runId: "same" })).toMatchObject({
    input: '{"of":"acme"}',
    shown: "stuck",
  });

  const retry = { runId: "theirs", jobId: "j2", reason: "not mine", actionId: "crossing" };
  expect(await message(ours.jobs.retry.mutate(retry))).toBe("There is no run theirs.");
  expect(await message(ours.runs.cancel.mutate({ runId: "theirs", reason: "not mine" }))).toBe(
    "There is no run theirs.",
  );
  await theirs.jobs.retry.mutate({ ...retry, actionId: "proper" });
  expect(await message(ours.actions.outcome.query({ runId: "theirs", actionId: "proper" }))).toMatch(
    /^History holds no action proper/,
  );
  expect(await theirs.actions.outcome.query({ runId: "theirs", actionId: "proper" })).toMatchObject({
    reason: "not mine",
  });

  const { cursor } = await theirs.runs.list.query({ limit: 1 });
  expect(cursor).toBeDefined();
  expect((await theirs.runs.list.query({ limit: 1, cursor })).runs).toHaveLength(1);
  expect(await message(ours.runs.list.query({ limit: 1, cursor }))).toBe(
    "The cursor is not one of this list.",
  );
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/downbeat_log_connected\{tenant="acme",namespace="orders"\} 1/);
  expect(metrics).toMatch(/downbeat_projection_records_total\{tenant="public",namespace="default"\} \d+/);
});

test("live changes are of one namespace, and the id of another's is a stranger's", async () => {
  await using both = await serveBoth();
  const { server, ours, theirs } = both;
  const ourLive = follow(server.url, {});
  const theirLive = follow(server.url, { follow: [{ runId: "t-1", afterSeq: 0 }] }, orders);
  await until(() => ourLive.changes.length > 0 && theirLive.changes.length > 0);
  await theirs.runs.start.mutate({ workflow: "trip", input: "{}", runId: "t-1" });
  await until(() => theirLive.changes.some(({ data }) => data.counts.completed === 1));
  expect(theirLive.changes.flatMap(({ data }) => data.followed)).not.toEqual([]);
  await ours.runs.start.mutate({ workflow: "trip", input: "{}", runId: "o-1" });
  await until(() => ourLive.changes.some(({ data }) => data.counts.completed === 1));

  const seen = ourLive.changes.flatMap(({ data }) => data.runs.map(({ runId }) => runId));
  expect(new Set(seen)).toEqual(new Set(["o-1"]));
  expect(Math.max(...ourLive.changes.map(({ data }) => data.counts.completed))).toBe(1);

  const crossing = follow(server.url, {
    follow: [{ runId: "t-1", afterSeq: 0 }],
    lastEventId: theirLive.changes.at(-1)?.id,
  });
  await until(() => crossing.changes.length > 0);
  expect(crossing.changes[0]?.data).toMatchObject({ refresh: true, followed: [] });
  const resumed = follow(server.url, { lastEventId: theirLive.changes.at(-1)?.id }, orders);
  await until(() => resumed.changes.length > 0);
  expect(resumed.changes[0]?.data.refresh).toBeUndefined();
});

test("only what is configured is served, whatever is asked for", async () => {
  await using server = await startServer({
    DOWNBEAT_LOG_URL: "ws://127.0.0.1:9",
    DOWNBEAT_NAMESPACES: `public/default,${orders}`,
    DOWNBEAT_TENANT: "acme",
    DOWNBEAT_NAMESPACE: "orders",
  });
  const ask = async (path: string) => {
    const answer = await fetch(`${server.url}/trpc/${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  expect(await ask("namespaces.list")).toMatchObject({
    status: 200,
    body: {
      result: {
        data: {
          // The one that is named by itself is the default.
          namespaces: [
            { tenant: "acme", namespace: "orders" },
            { tenant: "public", namespace: "default" },
          ],
        },
      },
    },
  });
  for (const path of ["acme/secret", "public/orders", "acme%2Forders/x", "%00/orders", "acme/"]) {
    const { status, body } = await ask(`${path}/runs.list`);
    expect([path, status]).toEqual([path, 404]);
    expect(ErrorAnswer.parse(body).error.message).toMatch(/namespaces\.list/);
  }
  expect((await ask("acme/secret/runs.list")).body).toMatchObject({
    error: {
      message: "This server does not serve acme/secret; /trpc/namespaces.list names what it does.",
      data: { code: "NOT_FOUND" },
    },
  });
  expect(await ask("runs.list")).toMatchObject({
    status: 404,
    body: {
      error: {
        message:
          "Ask one namespace: /trpc/<tenant>/<namespace>/<procedure>; /trpc/namespaces.list names those that are served.",
      },
    },
  });
  expect((await ask("acme/orders/namespaces.list")).status).toBe(404);
  expect((await ask("acme/orders/me.get")).status).toBe(200);
});

test("one whose log has nothing to read keeps nobody from the others", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_NAMESPACES: `public/default,${orders}`,
  });
  const readiness = async () => (await fetch(`${server.url}/readyz`)).text();
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  await until(async () => (await readiness()).includes("no history topics"));
  expect(JSON.parse(await readiness())).toMatchObject({
    ready: true,
    namespaces: [
      { tenant: "public", namespace: "default", ready: true },
      {
        tenant: "acme",
        namespace: "orders",
        ready: false,
        checks: [{ name: "log", ok: false, reason: expect.stringContaining("no history topics yet") }, {}],
      },
    ],
  });
  const started = await server.api.runs.start.mutate({ workflow: "trip", input: "{}" });
  expect(started.outcome).toEqual({ type: "accepted" });
  expect((await server.apiOf(orders).runs.list.query({})).freshness.live).toBe(false);
  expect(await message(server.apiOf(orders).runs.start.mutate({ workflow: "trip", input: "{}" }))).toMatch(
    /The engine has not set up its topics yet/,
  );
});

test("one that can't be written to is opened again while the others go on answering", async () => {
  await using both = await serveBoth();
  const { server, ours, theirs } = both;
  using cache = new DatabaseSync(`${server.dataDir}/server/acme/orders/history.sqlite`);
  cache.exec("BEGIN IMMEDIATE");
  void theirs.runs.start.mutate({ workflow: "trip", input: "{}", runId: "t-1" }).catch(() => {});
  await until(() => server.output().includes("it is opened again"));
  const started = await ours.runs.start.mutate({ workflow: "trip", input: "{}" });
  expect(started.outcome).toEqual({ type: "accepted" });

  cache.exec("ROLLBACK");
  await until(async () => {
    const run = await theirs.runs.get.query({ runId: "t-1" }).catch(() => undefined);
    return run?.status === "completed";
  });
  expect(server.child.exitCode).toBeNull();
});

test("a damaged one is built again from its log without a restart, and those who follow it connect again", async () => {
  await using both = await serveBoth();
  const { server, ours, theirs } = both;
  for (let run = 0; run < 50; run++) await theirs.runs.start.mutate({ workflow: "trip", input: "{}" });
  await until(async () => (await theirs.runs.list.query({})).countsByStatus.completed === 50);
  const live = follow(server.url, {}, orders);
  await until(() => live.changes.length > 0);

  const file = `${server.dataDir}/server/acme/orders/history.sqlite`;
  {
    using cache = new DatabaseSync(file);
    cache.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xab, 3 * 8_192));
    // Whoever has read the pages before forgets them now.
    cache.exec("UPDATE meta SET value = value");
  }
  await until(async () => {
    await theirs.runs.list.query({}).catch(() => {});
    expect((await ours.runs.list.query({})).count).toBe(0);
    return server.output().includes("it is opened again");
  });
  await until(() => live.hasEnded());
  await until(async () => {
    const list = await theirs.runs.list.query({}).catch(() => undefined);
    return list?.freshness.live === true && list.count === 50;
  });
  expect(server.child.exitCode).toBeNull();
});

test("names that can't be served are refused at the start, in one sentence", async () => {
  const sentence = async (env: Record<string, string>) => {
    const { child, output } = spawnServer({ DOWNBEAT_PORT: "0", LOG_LEVEL: "fatal", ...env });
    expect(await ended(child)).toBe(1);
    return output();
  };
  expect(await sentence({ DOWNBEAT_NAMESPACES: "public/default,acme" })).toBe(
    'DOWNBEAT_NAMESPACES can\'t be "public/default,acme": "acme" is no tenant and namespace such as public/default.\n',
  );
  expect(await sentence({ DOWNBEAT_NAMESPACES: "trpc/x" })).toMatch(
    /no tenant of the dashboard can be called trpc or _next/,
  );
  expect(await sentence({ DOWNBEAT_TENANT: "../x" })).toMatch(/^DOWNBEAT_TENANT can't be "\.\.\/x"/);
});
