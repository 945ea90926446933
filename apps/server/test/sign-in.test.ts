import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signedInSessions } from "@downbeat/access";
import { appRouter, serverRouter } from "@downbeat/api";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { password, postForm, signIn, startGuarded } from "./signed-in.ts";
import { openEngineering, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 120_000 });

const noLog = { DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" };
const me = "/trpc/public/default/me.get";
const answered = z.object({ result: z.object({ data: z.record(z.string(), z.unknown()) }) });

const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

async function data(url: string, cookie: string): Promise<Record<string, unknown>> {
  return answered.parse(await (await fetch(url, { headers: { cookie } })).json()).result.data;
}

test("whoever has not signed in reaches no page, no procedure and no stream; each is answered in its own way", async () => {
  const { server, pages } = await startGuarded(noLog);
  const { url } = server;
  const folder = join(import.meta.dirname, "../../web/app/[tenant]/[namespace]");
  const routes = globSync("**/page.tsx", { cwd: folder }).map((file) =>
    `/public/default/${file.replace(/\/?page\.tsx$/, "").replaceAll(/\[[^\]]+\]/g, "x")}`.replace(/\/$/, ""),
  );
  expect(routes.length).toBeGreaterThan(8);
  const others = [
    "/",
    "/runs",
    "/nothing",
    "/icon.svg",
    "/_next/static/x.js",
    "/_next/image",
    "//x",
    "/SIGNIN",
    "/signin/x",
  ];
  for (const path of [...routes, ...others]) {
    const page = await fetch(url + path, { redirect: "manual", headers: { accept: "text/html" } });
    expect([path, page.status]).toEqual([path, 303]);
    expect(page.headers.get("location")).toMatch(/^\/signin\?to=/);
    expect((await fetch(url + path, { headers: { accept: "*/*" } })).status).toBe(401);
    expect((await fetch(url + path, { headers: { accept: "text/html", rsc: "1" } })).status).toBe(401);
    expect((await fetch(url + path, { method: "POST" })).status).toBe(405);
  }
  const procedures = [
    ...Object.keys(appRouter._def.procedures).map((path) => `/trpc/public/default/${path}`),
    ...Object.keys(serverRouter._def.procedures).map((path) => `/trpc/${path}`),
    "/trpc/",
    "/trpc/nothing",
    "/trpc/public/default/me.get,runs.list?batch=1",
  ];
  for (const path of procedures)
    for (const method of ["GET", "POST"])
      for (const cookie of ["", "downbeat-session=x", `downbeat-session-${new URL(url).port}=x`]) {
        const body = method === "POST" ? { body: "{}" } : {};
        const headers = { "content-type": "application/json", cookie };
        const answer = await fetch(url + path, { method, headers, ...body });
        expect([path, method, answer.status, await answer.text()]).toEqual([
          path,
          method,
          401,
          "Sign in first.\n",
        ]);
      }
  expect(await upgraded(url)).toBe("");
  expect(pages).toEqual([]);
  // What health checks ask for tells nobody else anything.
  expect(await (await fetch(`${url}/healthz`)).text()).toBe("ok\n");
  const passedOn = { headers: { "x-forwarded-for": "203.0.113.9" } };
  expect(await (await fetch(`${url}/readyz`, passedOn)).json()).toEqual({ ready: false });
  expect((await fetch(`${url}/metrics`, passedOn)).status).toBe(403);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
});

test("who signs in comes to where they were going, as themselves, and what they do has their name in history", async () => {
  await using engineering = await openEngineering();
  const { server, pages } = await startGuarded({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_ACTOR: "the-ceo",
  });
  const { url } = server;
  const answer = await postForm(url, "/signin", {
    name: " Ada ",
    password,
    to: "/public/default/runs?status=stuck",
  });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/public/default/runs?status=stuck"]);
  const port = new URL(url).port;
  expect(answer.headers.get("set-cookie")).toMatch(
    new RegExp(`^downbeat-session-${port}=[^;]+; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax$`),
  );
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect(
    await (
      await fetch(`${url}/public/default/runs`, { headers: { cookie: `${cookie}; theme=dark` } })
    ).text(),
  ).toBe("a page");
  expect(pages).toEqual([
    { path: "/public/default/runs", namespaces: "public/default", cookie: "theme=dark" },
  ]);
  await until(async () => (await fetch(url + me, { headers: { cookie } })).status === 200);
  expect(await data(url + me, cookie)).toMatchObject({
    actor: "Ada Lovelace <local|ada>",
    role: "admin",
    signedIn: { name: "Ada Lovelace", id: "local|ada", by: "account" },
  });
  const started = await fetch(`${url}/trpc/public/default/runs.start`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({
      workflow: "trip",
      input: "{}",
      runId: "t-1",
      actor: "the-ceo",
      startedBy: "the-ceo",
    }),
  });
  expect(started.status).toBe(200);
  const run = `${url}/trpc/public/default/runs.events?input=${encodeURIComponent('{"runId":"t-1"}')}`;
  await until(async () => JSON.stringify(await data(run, cookie)).includes("Ada Lovelace <local|ada>"));
  expect(JSON.stringify(await data(run, cookie))).not.toContain("the-ceo");
  // The way in leads on for who is in.
  const again = await fetch(`${url}/signin?to=/public/default/runs`, {
    redirect: "manual",
    headers: { cookie },
  });
  expect([again.status, again.headers.get("location")]).toEqual([303, "/public/default/runs"]);
});

test("a wrong password and an account that there is not are the same answer, and many of them have to wait", async () => {
  const { server } = await startGuarded(noLog);
  const attempt = async (name: string, given: string) => {
    const answer = await postForm(server.url, "/signin", { name, password: given, to: "//evil.example" });
    return {
      status: answer.status,
      text: await answer.text(),
      cookie: answer.headers.get("set-cookie"),
      later: answer.headers.get("retry-after"),
    };
  };
  const wrong = await attempt("ada", "not the password");
  expect(wrong).toMatchObject({
    status: 403,
    text: expect.stringContaining("The name or the password is not right."),
    cookie: null,
  });
  const unknown = await attempt("nobody", "not the password");
  const alike = (text: string) => text.replaceAll(/nonce="[^"]+"/g, "").replaceAll("nobody", "ada");
  expect(alike(unknown.text)).toBe(alike(wrong.text));
  expect(wrong.text).toContain('name="to" value="/"');
  expect((await attempt("<script>alert(1)</script>", "x")).text).not.toContain("<script");
  const many = await Promise.all(Array.from({ length: 30 }, (_, time) => attempt("ada", `wrong ${time}`)));
  const later = many.find(({ status }) => status === 429);
  expect(later).toMatchObject({ later: "1", text: expect.stringContaining("Try again in 1 second.") });
  const passedOn = { "x-forwarded-for": "203.0.113.9" };
  for (const _ of [1, 2]) expect(await signIn(server.url, "grace", passedOn)).toContain("downbeat-session");
  expect(server.output().split("doesn't name among proxies")).toHaveLength(2);
  expect(server.output()).not.toMatch(/wrong 1|<script/);
});

test("signing out ends the session wherever its seal was copied to, and the streams that it follows", async () => {
  await using engineering = await openEngineering();
  const { server } = await startGuarded({ DOWNBEAT_LOG_URL: engineering.url });
  const { url } = server;
  const cookie = await signIn(url, "ada");
  const another = await signIn(url, "ada");
  await until(async () => (await fetch(url + me, { headers: { cookie } })).status === 200);
  const stream = await fetch(`${url}/trpc/public/default/live.changes`, { headers: { cookie } });
  expect(stream.status).toBe(200);
  const ended = (stream.body?.pipeTo(new WritableStream()) ?? Promise.resolve()).then(
    () => "ended",
    () => "ended",
  );
  // As the dashboard asks: the answer comes in parts.
  const query = await fetch(`${url}/trpc/public/default/analytics.run?batch=1`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json", "trpc-accept": "application/jsonl" },
    body: JSON.stringify({ 0: { source: "readModel", sql: endless } }),
  });
  expect(query.status).toBe(200);
  const answered = (query.body?.pipeTo(new WritableStream()) ?? Promise.resolve()).then(
    () => "answered",
    () => "broken off",
  );
  const out = await postForm(url, "/signout", {}, { cookie });
  expect([out.status, out.headers.get("location")]).toEqual([303, "/signin?why=out"]);
  expect(out.headers.get("set-cookie")).toMatch(
    /^downbeat-session-\d+=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax$/,
  );
  expect((await fetch(url + me, { headers: { cookie } })).status).toBe(401);
  expect(await ended).toBe("ended");
  expect(await answered).toBe("broken off");
  expect((await fetch(`${url}/trpc/public/default/live.changes`, { headers: { cookie } })).status).toBe(401);
  expect((await fetch(url + me, { headers: { cookie: another } })).status).toBe(200);
  const page = await fetch(url, { redirect: "manual", headers: { cookie, accept: "text/html" } });
  expect(page.headers.get("location")).toBe("/signin?to=%2F&why=ended");
  expect(await (await fetch(`${url}/signin?why=ended`)).text()).toContain("Your session has ended.");
});

test("what is taken away in the file of accounts is gone within moments, for open streams too", async () => {
  await using engineering = await openEngineering();
  const { server, change } = await startGuarded({ DOWNBEAT_LOG_URL: engineering.url });
  const { url } = server;
  const cookie = await signIn(url, "ada");
  const status = async () => (await fetch(url + me, { headers: { cookie } })).status;
  await until(async () => (await status()) === 200);
  const follow = async () => {
    const stream = await fetch(`${url}/trpc/public/default/live.changes`, { headers: { cookie } });
    expect(stream.status).toBe(200);
    return { ended: (stream.body?.pipeTo(new WritableStream()) ?? Promise.resolve()).catch(() => {}) };
  };
  const asAdmin = await follow();
  const set = (more: object) =>
    change((all) => all.map((one) => (one.name === "ada" ? { ...one, ...more } : one)));
  set({ groups: [] });
  await until(async () => (await data(url + me, cookie)).role === "viewer");
  await asAdmin.ended;
  const asViewer = await follow();
  set({ isDisabled: true });
  await until(async () => (await status()) === 401);
  await asViewer.ended;
  set({ isDisabled: false, sessionsSince: Date.now() + 60_000 });
  expect(await status()).toBe(401);
});

test("who has no role in a namespace is told of none; who has none at all is told who they are", async () => {
  const roles = [{ role: "admin", who: { group: "admins" }, in: ["acme/*"] }];
  const { server, pages } = await startGuarded(
    { ...noLog, DOWNBEAT_NAMESPACES: "public/default,acme/orders" },
    { roles },
  );
  const { url } = server;
  const ada = await signIn(url, "ada");
  await fetch(url, { headers: { cookie: ada } });
  expect(pages.map(({ namespaces }) => namespaces)).toEqual(["acme/orders"]);
  expect(await data(`${url}/trpc/namespaces.list`, ada)).toEqual({
    namespaces: [{ tenant: "acme", namespace: "orders" }],
  });
  const foreign = await fetch(url + me, { headers: { cookie: ada } });
  expect([foreign.status, await foreign.text()]).toEqual([
    403,
    expect.stringContaining("You have no role in public/default."),
  ]);
  const grace = await signIn(url, "grace");
  const page = await fetch(`${url}/acme/orders`, { headers: { cookie: grace } });
  expect([page.status, await page.text()]).toEqual([403, expect.stringContaining("local|grace")]);
  expect(pages).toHaveLength(1);
});

test("another site's page can't sign anybody in or out, nor act with the cookie that the browser has", async () => {
  const { server } = await startGuarded(noLog);
  const { url } = server;
  const cookie = await signIn(url, "ada");
  const foreign = [
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) {
    for (const path of ["/signin", "/signout"]) {
      const answer = await fetch(url + path, {
        method: "POST",
        redirect: "manual",
        headers: { cookie, ...headers },
        body: new URLSearchParams({ name: "ada", password }),
      });
      expect([path, headers, answer.status, answer.headers.get("set-cookie")]).toEqual([
        path,
        headers,
        403,
        null,
      ]);
    }
  }
  const bare = await fetch(`${url}/signout`, { method: "POST", redirect: "manual", headers: { cookie } });
  expect(bare.status).toBe(403);
  const act = (method: string, headers: Record<string, string>) =>
    fetch(`${url}/trpc/public/default/runs.cancel`, {
      method,
      headers: { cookie, ...headers },
      ...(method === "POST" && { body: '{"runId":"x","reason":"y"}' }),
    });
  expect((await act("POST", { "content-type": "text/plain" })).status).toBe(403);
  expect((await act("POST", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(403);
  expect(
    (await act("POST", { "content-type": "application/json", origin: "https://evil.example" })).status,
  ).toBe(403);
  expect((await act("GET", {})).status).toBe(405);
  expect((await fetch(url + me, { headers: { cookie, "sec-fetch-site": "cross-site" } })).status).toBe(403);
  // A link signs nobody out.
  expect(
    (await fetch(`${url}/signout`, { redirect: "manual", headers: { cookie } })).headers.get("location"),
  ).toBe("/");
  expect((await fetch(url + me, { headers: { cookie } })).status).not.toBe(401);
  // One that somebody else has set beside it is not chosen.
  expect(
    (await fetch(url + me, { headers: { cookie: `${cookie}; ${cookie.split("=")[0]}=x` } })).status,
  ).toBe(401);
});

test("at an address with TLS the cookie is the host's own and secure, and no other name is answered", async () => {
  const { server } = await startGuarded(noLog, {
    address: "https://downbeat.example.com",
    proxies: ["127.0.0.1"],
  });
  const ask = (host: string, lines: readonly string[], body = "") =>
    said(server.url, [`${body === "" ? "GET" : "POST"} /signin HTTP/1.1`, `host: ${host}`, ...lines], body);
  const form = new URLSearchParams({ name: "ada", password }).toString();
  const posted = ["content-type: application/x-www-form-urlencoded", `content-length: ${form.length}`];
  const own = await ask("downbeat.example.com", ["origin: https://downbeat.example.com", ...posted], form);
  expect(own).toMatch(
    /set-cookie: __Host-downbeat-session=[^;]+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Lax; Secure/i,
  );
  expect(own).toMatch(/strict-transport-security: max-age=31536000\r/i);
  const plain = await ask("downbeat.example.com", ["origin: http://downbeat.example.com", ...posted], form);
  expect(plain).toContain("403 Forbidden");
  expect(await ask("evil.example", [])).toContain("Downbeat answers at https://downbeat.example.com only.");
  expect(await ask("downbeat.example.com:8443", [])).toContain("403 Forbidden");
  expect(await ask("downbeat.example.com", [])).toContain("200 OK");
});

test("the page for signing in may be asked by anybody and loads nothing from anywhere", async () => {
  const { server } = await startGuarded(noLog);
  const page = await fetch(`${server.url}/signin?to=/%22%3E%3Cscript%3E`);
  const html = await page.text();
  expect(page.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'nonce-[^']+'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3)/);
  expect(html).toContain('autocomplete="current-password"');
  expect(
    (await fetch(`${server.url}/signin`, { method: "PUT", headers: { origin: server.url } })).status,
  ).toBe(405);
  expect(page.headers.get("strict-transport-security")).toBeNull();
  for (const length of [9_000, 200_000])
    expect((await postForm(server.url, "/signin", { name: "a".repeat(length) })).status).toBe(400);
  const brokenOff = connect(Number(new URL(server.url).port), "127.0.0.1");
  const head = [
    "POST /signin HTTP/1.1",
    `host: ${new URL(server.url).host}`,
    "content-type: application/x-www-form-urlencoded",
    "content-length: 100",
  ];
  brokenOff.write(`${head.join("\r\n")}\r\n\r\nname=ada`);
  await new Promise<void>((resolve) => brokenOff.end(resolve));
  await fetch(`${server.url}/healthz`);
  expect(server.output()).not.toContain("a request failed");
  const key = readFileSync(join(server.dataDir, "sign-in", "key"), "utf8").trim();
  expect(server.output()).not.toContain(key);
});

test("an access file that can't be used, or a key that is none, keeps the server from starting, with why", async () => {
  await expect(startGuarded(noLog, { roles: [] })).rejects.toThrow("roles: nobody could do anything");
  await expect(startGuarded(noLog, { proxies: ["proxy.example"] })).rejects.toThrow("is no address such as");
  await expect(startServer({ ...noLog, DOWNBEAT_HOST: "0.0.0.0" })).rejects.toThrow("unless people sign in");
});

test("an access file that others may write is refused, and a secret that others may read is told of", async () => {
  const { server, accessFile } = await startGuarded(noLog);
  await server[Symbol.asyncDispose]();
  const env = { ...noLog, DOWNBEAT_ACCESS_FILE: accessFile };
  expect(server.output()).not.toContain("chmod");
  chmodSync(join(accessFile, "../accounts.json"), 0o644);
  const warned = await startServer(env);
  onTestFinished(() => warned[Symbol.asyncDispose]());
  await until(() => /accounts\.json.*others than its owner may read.*chmod 600/.test(warned.output()));
  chmodSync(accessFile, 0o664);
  await expect(startServer(env)).rejects.toThrow("others than its owner may write it: chmod go-w");
});

async function upgraded(url: string): Promise<string> {
  return said(url, [
    "GET /_next/webpack-hmr HTTP/1.1",
    `host: ${new URL(url).host}`,
    "connection: Upgrade",
    "upgrade: websocket",
  ]);
}

async function said(url: string, lines: readonly string[], body = ""): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const close = lines.some((line) => line.startsWith("connection:")) ? [] : ["connection: close"];
  socket.write(`${[...lines, ...close].join("\r\n")}\r\n\r\n${body}`);
  let answer = "";
  try {
    for await (const chunk of socket) answer += String(chunk);
  } catch {
    // Ended without an answer.
  }
  return answer;
}

test("who is signed in is written down for whoever keeps the server, until they leave or may not be in any more", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "downbeat-signed-in-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const { server, change } = await startGuarded({ ...noLog, DOWNBEAT_DATA_DIR: dataDir });
  const folder = join(dataDir, "sign-in", "signed-in");
  const listed = () => signedInSessions(folder, Date.now(), () => true).sessions;
  const cookie = await signIn(server.url, "ada");
  await signIn(server.url, "grace");
  const ada = {
    id: "local|ada",
    name: "Ada Lovelace",
    by: "account",
    roles: [{ role: "admin", in: ["*"] }],
  };
  expect(listed()).toEqual(
    expect.arrayContaining([
      expect.objectContaining(ada),
      expect.objectContaining({ id: "local|grace", roles: [{ role: "viewer", in: ["*"] }] }),
    ]),
  );
  for (const { since, seen, idleUntil, until: latest } of listed())
    expect([idleUntil - seen, latest - since]).toEqual([8 * 3_600_000, 7 * 24 * 3_600_000]);
  await postForm(server.url, "/signout", {}, { cookie });
  expect(listed().map(({ id }) => id)).toEqual(["local|grace"]);
  change((all) => all.map((account) => ({ ...account, isDisabled: true })));
  await until(() => listed().length === 0);
});
