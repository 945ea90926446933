import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppRouter } from "@downbeat/api";
import { createTRPCClient, httpLink } from "@trpc/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { password, postForm, signIn, startGuarded } from "./signed-in.ts";
import { openEngineering, startServer } from "./stack.ts";

vi.setConfig({ testTimeout: 240_000 });

const patience = { timeout: 60_000, interval: 200 };
const firefox = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const another = "seven quiet horses";
const notThere = "You have no such session, or not any more.";

function apiOf(url: string, headers: Record<string, string>, namespace = "public/default") {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc/${namespace}`, headers })] });
}

async function open(access: object = {}, env: Record<string, string> = {}) {
  const engineering = await openEngineering(["public/default", "acme/orders"]);
  const guarded = await startGuarded(
    { DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_NAMESPACES: "public/default,acme/orders", ...env },
    access,
  );
  const { url } = guarded.server;
  return {
    ...guarded,
    url,
    [Symbol.asyncDispose]: () => engineering[Symbol.asyncDispose](),
    enter: async (name: string, headers: Record<string, string> = {}) =>
      apiOf(url, { ...headers, cookie: await signIn(url, name, headers) }),
  };
}

const isOut = async (api: ReturnType<typeof apiOf>): Promise<boolean> =>
  api.me.get.query().then(
    () => false,
    (error: unknown) => String(error).includes("Sign in first."),
  );

test("people see where they are signed in and end what they please, and nothing of anybody else's", async () => {
  await using stage = await open();
  const here = await stage.enter("ada", firefox);
  const there = await stage.enter("ada");
  const third = await stage.enter("ada");
  const grace = await stage.enter("grace");
  const { sessions, mostSessions, confirmBy } = await here.account.get.query();
  expect([mostSessions, confirmBy]).toEqual([20, "password"]);
  expect(sessions).toHaveLength(3);
  expect(sessions.filter(({ isThis }) => isThis)).toEqual([
    expect.objectContaining({ address: "127.0.0.1", agent: firefox["user-agent"] }),
  ]);
  const own = sessions.find(({ isThis }) => isThis);
  const thereIs = (await there.account.get.query()).sessions.find(({ isThis }) => isThis);
  const gracesIs = (await grace.account.get.query()).sessions;
  expect(gracesIs).toHaveLength(1);

  // Another's is as little there as one that never was.
  for (const session of [gracesIs[0]?.id ?? "", "x".repeat(43), "../key"])
    await expect(here.account.endSession.mutate({ session })).rejects.toThrow(notThere);
  expect(await isOut(grace)).toBe(false);
  await expect(here.account.endSession.mutate({ session: own?.id ?? "" })).rejects.toThrow(
    "sign out instead",
  );

  for (const wrong of [{}, { password: "not the password" }]) {
    const session = thereIs?.id ?? "";
    await expect(here.account.endSession.mutate({ session, ...wrong })).rejects.toThrow("is not right");
    await expect(here.account.endOthers.mutate(wrong)).rejects.toThrow("is not right");
  }
  expect(await isOut(there)).toBe(false);

  expect(await here.account.endSession.mutate({ session: thereIs?.id ?? "", password })).toEqual({
    ended: 1,
  });
  expect([await isOut(there), await isOut(third), await isOut(here)]).toEqual([true, false, false]);
  await expect(here.account.endSession.mutate({ session: thereIs?.id ?? "", password })).rejects.toThrow(
    notThere,
  );

  expect(await here.account.endOthers.mutate({ password })).toEqual({ ended: 1 });
  expect([await isOut(third), await isOut(here), await isOut(grace)]).toEqual([true, false, false]);
  expect((await here.account.get.query()).sessions.map(({ id }) => id)).toEqual([own?.id]);
});

test("a session that was ended stays so after a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "downbeat-own-account-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  await using stage = await open({}, { DOWNBEAT_DATA_DIR: dataDir });
  const [here, there] = [await stage.enter("ada"), await stage.enter("ada")];
  await here.account.endOthers.mutate({ password });
  const { server, accessFile } = stage;
  await server[Symbol.asyncDispose]();
  await using again = await startServer({
    DOWNBEAT_LOG_URL: "ws://127.0.0.1:9",
    DOWNBEAT_ACCESS_FILE: accessFile,
    DOWNBEAT_DATA_DIR: dataDir,
    DOWNBEAT_PORT: new URL(stage.url).port,
  });
  expect(again.url).toBe(stage.url);
  expect([await isOut(here), await isOut(there)]).toEqual([false, true]);
});

test("what people end is in the audit of every namespace where they have a role", async () => {
  await using stage = await open();
  const here = await stage.enter("ada");
  await stage.enter("ada");
  await here.account.endOthers.mutate({ password });
  await expect(here.account.endSession.mutate({ session: "unknown" })).rejects.toThrow(notThere);
  const told = async (namespace: string) => {
    const api = apiOf(stage.url, { cookie: await signIn(stage.url, "ada") }, namespace);
    const { entries } = await api.audit.list.query({ text: "account." });
    return entries.map(({ who, verb, outcome }) => [who.id, verb, outcome.is]);
  };
  await vi.waitFor(async () => {
    expect(await told("public/default")).toEqual([
      ["local|ada", "account.endSession", "refused"],
      ["local|ada", "account.endOthers", "done"],
    ]);
    expect(await told("acme/orders")).toEqual([["local|ada", "account.endOthers", "done"]]);
  }, patience);
});

test("one person has so many sessions and no more: the oldest ends, and the audit says why", async () => {
  await using stage = await open({ sessions: { most: 2 } });
  const [first, second] = [await stage.enter("ada"), await stage.enter("ada")];
  const grace = await stage.enter("grace");
  const third = await stage.enter("ada");
  expect([await isOut(first), await isOut(second), await isOut(third), await isOut(grace)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  await vi.waitFor(async () => {
    const { entries } = await third.audit.list.query({ verb: ["session.signOut"] });
    expect(entries.map(({ who, why }) => [who.id, why])).toEqual([
      ["local|ada", "One person has at most 2 sessions: the oldest ended."],
    ]);
  }, patience);
});

test("people change their password with the current one: they stay, their other sessions end, and the audit has it once", async () => {
  await using stage = await open();
  const cookie = await signIn(stage.url, "ada");
  const there = await stage.enter("ada");
  const grace = await stage.enter("grace");
  const ask = (current: string, wanted: string) =>
    fetch(`${stage.url}/trpc/public/default/account.changePassword`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ current, wanted }),
    });
  const seen = join(stage.server.dataDir, "sign-in", "seen.json");
  await vi.waitFor(() => expect(readFileSync(seen, "utf8")).toContain('"ada"'), patience);
  expect(await (await ask("not the password", another)).text()).toContain(
    "The current password is not right.",
  );
  expect(await (await ask(password, "short")).text()).toContain("at least 12 characters");
  expect(await (await ask(password, password)).text()).toContain("This is the current password.");
  expect(await (await ask(password, "passwordpassword")).text()).toContain("tried first");
  expect(await (await ask(password, "ada lovelace 1815")).text()).toContain("names that anybody knows");
  const changed = await ask(password, another);
  expect([changed.status, changed.headers.getSetCookie().length]).toEqual([200, 1]);
  const renewed = changed.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const here = apiOf(stage.url, { cookie: renewed });
  expect([await isOut(here), await isOut(there), await isOut(grace)]).toEqual([false, true, false]);
  expect(await isOut(apiOf(stage.url, { cookie }))).toBe(true);
  expect((await here.account.get.query()).sessions).toEqual([expect.objectContaining({ isThis: true })]);
  expect((await postForm(stage.url, "/signin", { name: "ada", password })).status).toBe(403);
  expect((await postForm(stage.url, "/signin", { name: "ada", password: another })).status).toBe(303);

  // Until a change of the file would have been told.
  stage.change((all) => all.map((each) => (each.name === "grace" ? { ...each, groups: ["x"] } : each)));
  for (const namespace of ["public/default", "acme/orders"]) {
    const api = apiOf(stage.url, { cookie: renewed }, namespace);
    const told = async (verb: string) => {
      const { entries } = await api.audit.list.query({ verb: [verb] });
      return entries.flatMap(({ on, outcome }) => [...on.map(({ id }) => id), outcome.is]);
    };
    await vi.waitFor(async () => expect(await told("accounts.change")).toEqual(["grace", "done"]), patience);
    expect((await told("account.changePassword")).filter((is) => is === "done")).toEqual(["done"]);
    expect(JSON.stringify(await api.audit.list.query({ limit: 500 }))).not.toMatch(/sha256|battery|horses/);
  }
  expect(stage.server.output()).not.toMatch(/battery|horses/);
});

test("wrong current passwords have to wait as at sign-in", async () => {
  await using stage = await open();
  const ada = await stage.enter("ada");
  const attempts = await Promise.all(
    Array.from({ length: 12 }, (_, time) =>
      ada.account.changePassword
        .mutate({ current: `wrong ${time} password`, wanted: another })
        .then(() => "changed", String),
    ),
  );
  expect(attempts.filter((each) => each.includes("is not right"))).toHaveLength(5);
  expect(
    attempts.filter((each) => /Too many attempts went wrong. Try again in \d+ second/.test(each)),
  ).toHaveLength(7);
});

test("a token has no sessions and ends none, and where nobody signs in there are none", async () => {
  await using stage = await open();
  const ada = await stage.enter("ada");
  const { text } = await ada.tokens.add.mutate({ name: "ci", role: "admin", lastsMs: 3_600_000 });
  const bearing = apiOf(stage.url, { authorization: `Bearer ${text}` });
  expect(await bearing.account.get.query()).toMatchObject({
    sessions: [],
    unavailable: expect.stringContaining("a token has no session"),
  });
  await expect(bearing.account.endOthers.mutate({ password })).rejects.toThrow("a token has no session");
  await using server = await startServer({ DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" });
  const unguarded = apiOf(server.url, {});
  expect(await unguarded.account.get.query()).toMatchObject({
    sessions: [],
    unavailable: expect.any(String),
  });
  await expect(unguarded.account.endOthers.mutate({ password })).rejects.toThrow(
    "Nobody signs in at this server",
  );
});
