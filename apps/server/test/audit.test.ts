import type { AppRouter } from "@downbeat/api";
import { topics } from "@downbeat/protocol";
import { createTRPCClient, httpBatchStreamLink, httpLink } from "@trpc/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { type GuardedServer, postForm, signIn, startGuarded } from "./signed-in.ts";
import { openEngineering, type RunningServer, startServer } from "./stack.ts";

vi.setConfig({ testTimeout: 120_000 });

async function guarded(env: Record<string, string> = {}): Promise<GuardedServer> {
  const engineering = await openEngineering();
  onTestFinished(() => engineering[Symbol.asyncDispose]());
  return startGuarded({ DOWNBEAT_LOG_URL: engineering.url, ...env });
}

function apiOf(url: string, cookie: string, namespace = "public/default") {
  const headers = { cookie, "user-agent": "a test" };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc/${namespace}`, headers })] });
}

test("what people do is in the audit, and what was refused to them, and their SQL", async () => {
  const { server } = await guarded();
  const ada = apiOf(server.url, await signIn(server.url, "ada"));
  await tellsWhatWasDone(ada);
  await tellsWhatWasRefused(ada, apiOf(server.url, await signIn(server.url, "grace")));
  await tellsSql(server, await signIn(server.url, "ada"));
});

type Api = ReturnType<typeof apiOf>;

async function tellsWhatWasDone(ada: Api): Promise<void> {
  await ada.runs.start.mutate({ workflow: "trip", runId: "trip-1", input: '{"approval":true}' });
  await ada.runs.cancel.mutate({ runId: "trip-1", reason: "the customer called" });
  const { entries } = await ada.audit.list.query({ on: "trip-1" });
  expect(entries).toEqual([
    expect.objectContaining({
      who: { id: "local|ada", name: "Ada Lovelace" },
      from: { address: "127.0.0.1", agent: "a test" },
      verb: "runs.cancel",
      on: [{ what: "run", id: "trip-1" }],
      why: "the customer called",
      outcome: { is: "done" },
    }),
    expect.objectContaining({ verb: "runs.start", outcome: { is: "done" } }),
  ]);
  expect(JSON.stringify(entries)).not.toContain("approval");
}

async function tellsWhatWasRefused(ada: Api, grace: Api): Promise<void> {
  for (let time = 0; time < 3; time++)
    await expect(grace.runs.cancel.mutate({ runId: "trip-1", reason: "no" })).rejects.toThrow(
      /Only operators/,
    );
  await expect(ada.runs.cancel.mutate({ runId: "nobody", reason: "no" })).rejects.toThrow(/no run/);
  await expect(ada.runs.start.mutate({ workflow: "trip", input: "a secret" })).rejects.toThrow();
  await expect(grace.audit.list.query({})).rejects.toThrow("Only admins may read the audit.");
  const { entries } = await ada.audit.list.query({ outcome: ["refused"] });
  // Of three alike, the others are told of when the minute is over, which may be by now.
  expect(alikeOnce(entries.map(({ who, verb, outcome }) => [who.id, verb, outcome.why]))).toEqual(
    alikeOnce([
      ["local|ada", "runs.start", "The input can't be taken: input."],
      ["local|ada", "runs.cancel", "There is no run nobody."],
      ["local|grace", "runs.cancel", "Only operators and admins may cancel or terminate a run."],
    ]),
  );
}

function alikeOnce(told: readonly unknown[]): ReadonlySet<string> {
  return new Set(told.map((one) => JSON.stringify(one)));
}

async function tellsSql({ url }: RunningServer, cookie: string): Promise<void> {
  const links = [
    httpBatchStreamLink({ url: `${url}/trpc/public/default`, maxItems: 1, headers: { cookie } }),
  ];
  const streaming = createTRPCClient<AppRouter>({ links });
  const query = { source: "readModel", sql: "SELECT 42 AS answer UNION SELECT 43" } as const;
  for await (const _ of await streaming.analytics.run.mutate(query));
  await vi.waitFor(
    async () => {
      const { entries } = await apiOf(url, cookie).audit.list.query({ text: "select 42" });
      expect(entries).toMatchObject([{ verb: "analytics.run", sql: query.sql, outcome: { is: "done" } }]);
      expect(entries[0]?.given).toContainEqual({ field: "rows", is: "2" });
    },
    { timeout: 60_000, interval: 100 },
  );
}

test("who comes and goes is in it; failed sign-ins are counted, and a password in the field for names is not kept", async () => {
  const { server } = await guarded();
  const fail = (name: string) =>
    postForm(server.url, "/signin", { name, password: "wrong", to: "/" }).then((answer) => answer.text());
  for (let time = 0; time < 4; time++) await fail("ada");
  await fail("correct horse battery!");
  await fetch(`${server.url}/trpc/public/default/me.get`, { headers: { authorization: "Bearer none" } });
  const ada = apiOf(server.url, await signIn(server.url, "ada"));
  const { entries } = await ada.audit.list.query({ verb: ["session.signIn"], outcome: ["refused"] });
  expect(alikeOnce(entries.map(({ who, given }) => [who.name, given?.[0]?.is]))).toEqual(
    alikeOnce([
      ["", "token"],
      ["", "account"],
      ["ada", "account"],
    ]),
  );
  expect(JSON.stringify(entries)).not.toContain("horse");
  const cookie = await signIn(server.url, "ada");
  await postForm(server.url, "/signout", {}, { cookie });
  const again = apiOf(server.url, await signIn(server.url, "ada"));
  const own = await again.audit.list.query({ who: "local|ada", outcome: ["done"] });
  expect(own.entries.map(({ verb }) => verb)).toEqual([
    "session.signIn",
    "session.signOut",
    "session.signIn",
    "session.signIn",
  ]);
});

test("another server reads the same, pages are stable, and a cursor of elsewhere is refused", async () => {
  await using engineering = await openEngineering(["public/default", "public/other"]);
  const env = {
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_NAMESPACES: "public/default,public/other",
    DOWNBEAT_ACTOR: "ada",
  };
  await using one = await startServer(env);
  await using other = await startServer(env);
  const note = (runId: string) => one.api.exports.note.mutate({ what: "history", format: "json", runId });
  const runs = ["a", "b", "c", "d", "e"];
  for (const runId of runs) await note(runId);
  const first = await other.api.audit.list.query({ limit: 2 });
  await note("later");
  const second = await other.api.audit.list.query({ limit: 10, cursor: first.cursor });
  const told = [...first.entries, ...second.entries].map(({ who, on }) => [who.id, on[0]?.id]);
  expect(told).toEqual(runs.toReversed().map((runId) => ["ada", runId]));
  expect(second.cursor).toBeUndefined();
  await expect(other.apiOf("public/other").audit.list.query({ cursor: first.cursor })).rejects.toThrow(
    /cursor/,
  );
  expect((await other.apiOf("public/other").audit.list.query({})).entries).toEqual([]);
  expect((await other.api.audit.list.query({ limit: 1 })).entries).toMatchObject([{ on: [{ id: "later" }] }]);
});

test("what a newer version wrote, and what nobody can read, is counted", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const producer = await engineering.log.openProducer(topics.audit);
  await producer.send({ payload: Buffer.from('{"format":99,"id":"x"}') });
  await producer.send({ payload: Buffer.from("nothing") });
  await server.api.exports.note.mutate({ what: "history", format: "json", runId: "a" });
  expect(await server.api.audit.list.query({})).toMatchObject({
    entries: [{ verb: "exports.note", outcome: { is: "done" } }],
    newer: 1,
    unreadable: 1,
    isBehind: false,
  });
});
