import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeAccounts, hashPassword, idOf, readTokens } from "@downbeat/access";
import { expect, onTestFinished, test, vi } from "vitest";
import { signIn, startGuarded } from "../../server/test/signed-in.ts";
import { openEngineering, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 240_000 });

test("the command line asks with a token, as much as it allows and no longer than it is good for", async () => {
  await using engineering = await openEngineering();
  const { server, accessFile } = await startGuarded({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_NAMESPACES: "public/default,acme/orders",
  });
  const directory = mkdtempSync(join(tmpdir(), "downbeat-token-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "ci.token");
  const asked = ["--url", server.url, "--tenant", "public", "--namespace", "default"];
  const start = (runId: string, env: Record<string, string>) =>
    downbeat(["runs", "start", "trip", "--input", "{}", "--run-id", runId, ...asked], "", env);
  const tokens = (...args: string[]) => downbeat(["tokens", ...args, "--access", accessFile]);

  const without = await start("no", {});
  expect(without).toMatchObject({ status: 2, err: expect.stringContaining("downbeat tokens add makes one") });

  const made = await tokens("add", "ci", "--role", "operator", "--in", "public/default");
  expect(made).toMatchObject({
    status: 0,
    err: expect.stringContaining("ci may ask as operator in public/default until"),
  });
  expect(made.out).toMatch(/^downbeat_[a-z0-9]{12}_[-\w]{43}\n$/);
  writeFileSync(file, made.out);
  // The secret itself may hold what stands between the parts.
  const [, id = "", secret = ""] = /^downbeat_([^_]+)_(.+)$/.exec(made.out.trim()) ?? [];
  const withToken = { DOWNBEAT_TOKEN_FILE: file };
  await until(async () => (await start("t-1", withToken)).status === 0);
  const shown = await downbeat(["runs", "show", "t-1", "--json", ...asked], "", withToken);
  expect(shown.out).toContain(`ci <token|${id}>`);
  const sql = await fetch(`${server.url}/trpc/public/default/analytics.sources`, {
    headers: { authorization: `Bearer ${made.out.trim()}` },
  });
  expect([sql.status, await sql.text()]).toEqual([403, expect.stringContaining("Only admins")]);
  const elsewhere = await downbeat(
    ["runs", "list", "--url", server.url, "--tenant", "acme", "--namespace", "orders"],
    "",
    withToken,
  );
  expect(elsewhere.err).toContain("The token ci is not for acme/orders.");

  // Who comes with a token is nobody else, whatever cookie came along; and pages take none.
  const cookie = await signIn(server.url, "ada");
  const me = `${server.url}/trpc/public/default/me.get`;
  const forged = { authorization: `Bearer downbeat_${id}_${"x".repeat(43)}`, cookie };
  expect((await fetch(me, { headers: forged })).status).toBe(401);
  expect((await fetch(server.url, { headers: { authorization: `Bearer ${made.out.trim()}` } })).status).toBe(
    401,
  );

  expect((await tokens("list")).out).toMatch(new RegExp(`\\n${id} +ci +operator +public/default +until `));
  expect(server.output() + readFileSync(join(accessFile, "..", "tokens.json"), "utf8")).not.toContain(secret);
  const stream = await fetch(`${server.url}/trpc/public/default/live.changes`, {
    headers: { authorization: `Bearer ${made.out.trim()}` },
  });
  expect(stream.status).toBe(200);
  const ended = (stream.body?.pipeTo(new WritableStream()) ?? Promise.resolve()).catch(() => {});
  expect((await tokens("withdraw", id)).out).toBe(`${id} is withdrawn.\n`);
  await ended;
  await until(async () => (await start("t-2", withToken)).status === 2);
  expect(await tokens("withdraw", id)).toMatchObject({ status: 3 });
});

test("a token that can't be is not made, and none is sent for all to read", async () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-token-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const access = join(directory, "access.json");
  writeFileSync(
    access,
    JSON.stringify({ accounts: "a.json", roles: [{ role: "viewer", who: "everyone" }] }),
    { mode: 0o600 },
  );
  const add = (...args: string[]) => downbeat(["tokens", "add", ...args, "--access", access]);
  for (const args of [
    ["CI", "--role", "viewer"],
    ["ci"],
    ["ci", "--role", "root"],
    ["ci", "--role", "viewer", "--in", "acme"],
    ["ci", "--role", "viewer", "--expires", "900d"],
  ])
    expect([args, (await add(...args)).status]).toEqual([args, 2]);
  const sent = await downbeat(["runs", "list", "--url", "http://downbeat.example.com"], "", {
    DOWNBEAT_TOKEN: "downbeat_x",
  });
  expect(sent).toMatchObject({
    status: 2,
    err: expect.stringContaining("for all on the way to read. Use https."),
  });
});

test("a token is made for somebody who can come in, and for nobody else", async () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-token-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [access, other] = [join(directory, "access.json"), join(directory, "without.json")];
  const issuer = "https://login.example.com";
  const said = {
    address: "https://downbeat.example.com",
    provider: { issuer, clientId: "web" },
    roles: [{ role: "viewer", who: "everyone" }],
  };
  writeFileSync(access, JSON.stringify({ ...said, accounts: "accounts.json" }), { mode: 0o600 });
  writeFileSync(other, JSON.stringify(said), { mode: 0o600 });
  const account = { groups: [], password: await hashPassword("correct horse battery"), sessionsSince: 0 };
  changeAccounts(join(directory, "accounts.json"), () => [{ ...account, name: "ada", isDisabled: false }]);
  const add = (person: string, file = access) =>
    downbeat(["tokens", "add", "ci", "--role", "viewer", "--for", person, "--access", file]);
  const subject = "x".repeat(61);
  for (const person of ["local|ada", `${issuer}|00u1`, `${issuer}|${subject}`])
    expect([person, (await add(person)).status]).toEqual([person, 0]);
  expect(readTokens(join(directory, "tokens.json")).map(({ person }) => person)).toEqual([
    "local|ada",
    `${issuer}|00u1`,
    idOf({ issuer, subject }),
  ]);
  for (const [person, why, file] of [
    ["ada", "--for takes a person's id"],
    ["local|grace", "There is no account grace to make a token for"],
    ["local|ada", "There is no account ada to make a token for", other],
    ["https://login.example.org|00u1", `takes local|… or ${issuer}|….`],
    [`${issuer}/|00u1`, `takes local|… or ${issuer}|….`],
    ["token|1c9f0a7be2d4", "Nobody whom token vouches for comes in here"],
  ] as const)
    expect(await add(person, file)).toMatchObject({ status: 2, out: "", err: expect.stringContaining(why) });
  expect(readTokens(join(directory, "tokens.json"))).toHaveLength(3);
});
