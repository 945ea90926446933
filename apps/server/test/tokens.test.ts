import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changeTokens, endSessionsOf, newToken, readTokens } from "@downbeat/access";
import type { AppRouter } from "@downbeat/api";
import { createTRPCClient, httpLink } from "@trpc/client";
import { expect, test, vi } from "vitest";
import { signIn, startGuarded } from "./signed-in.ts";
import { openEngineering, startServer } from "./stack.ts";

vi.setConfig({ testTimeout: 240_000 });

const day = 86_400_000;
const patience = { timeout: 60_000, interval: 200 };

function apiOf(url: string, headers: Record<string, string>, namespace = "public/default") {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc/${namespace}`, headers })] });
}

async function open() {
  const engineering = await openEngineering(["public/default", "acme/orders"]);
  const roles = [
    { role: "admin", who: { group: "admins" } },
    { role: "admin", who: { person: "local|grace" }, in: ["acme/orders"] },
    { role: "viewer", who: "everyone" },
  ];
  const guarded = await startGuarded(
    { DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_NAMESPACES: "public/default,acme/orders" },
    { roles },
  );
  const { url } = guarded.server;
  const [ada, grace] = [await signIn(url, "ada"), await signIn(url, "grace")];
  return {
    ...guarded,
    [Symbol.asyncDispose]: () => engineering[Symbol.asyncDispose](),
    tokensFile: join(guarded.accessFile, "..", "tokens.json"),
    ada: apiOf(url, { cookie: ada }),
    grace: apiOf(url, { cookie: grace }),
    graceAtAcme: apiOf(url, { cookie: grace }, "acme/orders"),
    bearing: (text: string, namespace?: string) => apiOf(url, { authorization: `Bearer ${text}` }, namespace),
  };
}

const wanted = { name: "billing", role: "operator" as const, lastsMs: day };

/** A secret may itself hold what stands between the parts. */
const secretOf = (text: string) => text.slice("downbeat_".length + 12 + 1);

test("admins make and withdraw tokens for their own namespace, and nobody else does", async () => {
  await using stage = await open();
  const { ada, grace, graceAtAcme, bearing, tokensFile, server } = stage;
  const { text, token } = await graceAtAcme.tokens.add.mutate(wanted);
  expect(token).toMatchObject({ ...{ name: "billing", role: "operator" }, in: ["acme/orders"] });
  expect(token.madeBy).toBe("grace <local|grace>");
  expect(await bearing(text, "acme/orders").me.get.query()).toMatchObject({ role: "operator" });
  await expect(bearing(text).me.get.query()).rejects.toThrow("The token billing is not for public/default.");
  expect((await graceAtAcme.tokens.list.query()).tokens).toEqual([
    expect.objectContaining({ id: token.id, usedAt: expect.any(Number) }),
  ]);
  expect(server.output() + readFileSync(tokensFile, "utf8")).not.toContain(secretOf(text));
  expect(JSON.stringify(await graceAtAcme.tokens.list.query())).not.toMatch(/hash/);

  // Elsewhere she sees, and what she is no admin of she doesn't touch.
  await expect(grace.tokens.list.query()).rejects.toThrow("Only admins may see, make or withdraw tokens.");
  expect((await ada.tokens.list.query()).tokens).toEqual([]);
  const wide = newToken({ name: "wide", role: "viewer", in: ["*"], madeAt: 0, endsAt: Date.now() + day });
  changeTokens(tokensFile, (all) => [...all, wide.token]);
  await vi.waitFor(async () => {
    const { tokens } = await graceAtAcme.tokens.list.query();
    expect(tokens.find(({ name }) => name === "wide")?.notYours).toMatch(/no admin/);
  }, patience);
  await expect(graceAtAcme.tokens.withdraw.mutate({ id: wide.token.id })).rejects.toThrow(/no admin/);
  await expect(ada.tokens.withdraw.mutate({ id: token.id })).rejects.toThrow(/not there any more/);

  // A token makes no other, whatever its role.
  const { text: mighty } = await ada.tokens.add.mutate({ ...wanted, name: "mighty", role: "admin" });
  expect((await bearing(mighty).tokens.list.query()).tokens).toHaveLength(2);
  await expect(bearing(mighty).tokens.add.mutate(wanted)).rejects.toThrow("Only people make");
  for (const odd of [{ name: "CI" }, { lastsMs: 1 }, { lastsMs: 400 * day }])
    await expect(ada.tokens.add.mutate({ ...wanted, ...odd })).rejects.toThrow(/can't be taken/);

  await graceAtAcme.tokens.withdraw.mutate({ id: token.id });
  await vi.waitFor(() => expect(bearing(text, "acme/orders").me.get.query()).rejects.toThrow(), patience);
  expect(readTokens(tokensFile).map(({ name }) => name)).toEqual(["wide", "mighty"]);
});

test("a token stands for nobody whose account is disabled or removed", async () => {
  await using stage = await open();
  const { tokensFile, change, server } = stage;
  const about = {
    name: "on-call",
    role: "viewer" as const,
    in: ["public/default"],
    madeAt: 0,
    endsAt: Date.now() + day,
  };
  const { text, token } = newToken({ ...about, person: "local|grace" });
  changeTokens(tokensFile, (all) => [...all, token]);
  const asks = async () => {
    const headers = { authorization: `Bearer ${text}` };
    const answer = await fetch(`${server.url}/trpc/public/default/me.get`, { headers });
    return answer.ok ? "in" : answer.text();
  };
  await vi.waitFor(async () => expect(await asks()).toBe("in"), patience);
  change((all) => all.map((each) => (each.name === "grace" ? { ...each, isDisabled: true } : each)));
  await vi.waitFor(async () => expect(await asks()).toContain("disabled or removed"), patience);
  change((all) => all.map((each) => ({ ...each, isDisabled: false })));
  await vi.waitFor(async () => expect(await asks()).toBe("in"), patience);
  change((all) => all.filter(({ name }) => name !== "grace"));
  await vi.waitFor(async () => expect(await asks()).toContain("disabled or removed"), patience);
});

test("what is made and withdrawn is in the audit: here with who did it, and outside as a change of the file", async () => {
  await using stage = await open();
  const { ada, graceAtAcme, tokensFile, change, accessFile, server } = stage;
  // Until it has been looked at what there was.
  const seen = join(server.dataDir, "sign-in", "seen.json");
  await vi.waitFor(() => expect(readFileSync(seen, "utf8")).toContain('"ada"'), patience);
  const { token, text } = await ada.tokens.add.mutate(wanted);
  await ada.tokens.withdraw.mutate({ id: token.id });
  const outside = newToken({
    name: "ci",
    role: "viewer",
    in: ["acme/*", "secret/plans"],
    madeAt: 0,
    endsAt: day,
  });
  changeTokens(tokensFile, (all) => [...all, outside.token]);
  change((all) => all.map((each) => (each.name === "grace" ? { ...each, groups: ["admins"] } : each)));
  endSessionsOf(join(seen, "..", "people.json"), "local|nobody", 1_000);
  endSessionsOf(join(seen, "..", "people.json"), "https://login.example.com|00u1", 1_000);
  const told = async (api: typeof ada) => {
    const { entries } = await api.audit.list.query({ text: "token" });
    const accounts = await api.audit.list.query({ verb: ["accounts.change"] });
    return [...accounts.entries, ...entries]
      .filter(({ verb }) => verb.startsWith("tokens.") || verb.startsWith("accounts."))
      .map(({ who, verb, on }) => [who.id, verb, ...on.map(({ id }) => id)]);
  };
  await vi.waitFor(async () => {
    expect(await told(graceAtAcme)).toEqual([
      ["file", "accounts.change", "grace"],
      ["file", "tokens.add", outside.token.id],
    ]);
  }, patience);
  await vi.waitFor(async () => {
    expect(await told(ada)).toEqual([
      ["file", "accounts.change", "grace"],
      ["local|ada", "tokens.withdraw", token.id],
      ["local|ada", "tokens.add"],
    ]);
  }, patience);
  const { entries: ends } = await graceAtAcme.audit.list.query({ verb: ["session.end"] });
  expect(ends.map(({ who, on, given }) => [who.id, on[0]?.id, given?.[0]?.is]).toSorted()).toEqual([
    ["file", "https://login.example.com|00u1", "1970-01-01T00:00:01.000Z"],
    ["file", "local|nobody", "1970-01-01T00:00:01.000Z"],
  ]);
  const atAcme = JSON.stringify(await graceAtAcme.audit.list.query({ limit: 500 }));
  expect(atAcme).toContain('"acme/*, others"');
  expect(atAcme).not.toContain("secret/plans");
  const all = JSON.stringify(await ada.audit.list.query({ limit: 500 }));
  expect(all).not.toContain(secretOf(text));
  expect(all).not.toContain(outside.token.hash);
  expect(accessFile).toBeDefined();
});

test("where nobody signs in, nobody needs a token", async () => {
  await using server = await startServer({ DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" });
  const api = apiOf(server.url, {});
  expect(await api.tokens.list.query()).toMatchObject({ tokens: [], unavailable: expect.any(String) });
  await expect(api.tokens.add.mutate(wanted)).rejects.toThrow("Nobody signs in at this server");
});
