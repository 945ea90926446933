import { once } from "node:events";
import { globSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { endUnreadAnswers } from "../src/http/unread-answers.ts";
import { signIn, startGuarded } from "./signed-in.ts";
import { openEngineering, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

const noLog = { DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" };
const me = "/trpc/public/default/me.get";

test("a request that says where it goes in two ways, or wants to be passed on, is refused", async () => {
  await using server = await startServer(noLog);
  const host = new URL(server.url).host;
  const ask = (lines: readonly string[]) => said(server.url, lines);
  expect(await ask([`GET ${me} HTTP/1.1`, `host: ${host}`, "host: evil.example"])).toContain("two hosts");
  expect(await ask([`GET ${me} HTTP/1.1`, "Host: evil.example", `hOST: ${host}`])).toContain("two hosts");
  expect(await ask([`GET http://${host}${me} HTTP/1.1`, `host: ${host}`])).toContain("400 Bad Request");
  expect(await ask([`OPTIONS * HTTP/1.1`, `host: ${host}`])).toContain("400 Bad Request");
  expect(await ask([`GET ${me} HTTP/1.1`, `host: ${host}`])).toContain("200 OK");
});

test("a page on another port of this machine can't call, nor one of another site", async () => {
  await using server = await startServer(noLog);
  const status = async (site: string) =>
    (await fetch(`${server.url}${me}`, { headers: { "sec-fetch-site": site } })).status;
  expect(await Promise.all(["same-origin", "none", "same-site", "cross-site"].map(status))).toEqual([
    200, 200, 403, 403,
  ]);
});

test("pages are read: what comes with a body, or would change something, is refused before it reaches the dashboard", async () => {
  const web = await listening(createServer((_, response) => response.end("a page")));
  await using server = await startServer({ ...noLog, DOWNBEAT_WEB_URL: web });
  const posted = await fetch(server.url, { method: "POST", body: "{}" });
  expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  const host = new URL(server.url).host;
  const withBody = [`GET / HTTP/1.1`, `host: ${host}`, "content-length: 10"];
  expect(await said(server.url, withBody)).toContain("without a body");
  const inChunks = [`GET / HTTP/1.1`, `host: ${host}`, "transfer-encoding: chunked"];
  expect(await said(server.url, inChunks)).toContain("without a body");
  expect(await (await fetch(server.url)).text()).toBe("a page");
});

test("a page is asked for again where the dashboard had just closed the connection that was kept", async () => {
  let served = 0;
  const web = await listening(
    createServer((request, response) => {
      served += 1;
      // The second request on the same connection meets its end.
      if (served === 2) request.socket.destroy();
      else response.end(`page ${served}`);
    }),
  );
  await using server = await startServer({ ...noLog, DOWNBEAT_WEB_URL: web });
  expect(await (await fetch(server.url)).text()).toBe("page 1");
  expect(await (await fetch(server.url)).text()).toBe("page 3");
});

test.each([
  ["pages", "/public/default/runs"],
  ["calls", "/trpc/public/default/runs.cancel"],
])("a hundred half-sent posts to %s hold nobody up", async (_, path) => {
  const web = await listening(createServer((_, response) => response.end("a page")));
  await using server = await startServer({ ...noLog, DOWNBEAT_WEB_URL: web });
  const { host, port } = new URL(server.url);
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{`;
  const sockets = await Promise.all(Array.from({ length: 100 }, () => opened(port, head)));
  expect(await (await fetch(server.url)).text()).toBe("a page");
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}${me}`)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});

test("one request makes ten calls at most", async () => {
  await using server = await startServer(noLog);
  const calls = async (count: number) => {
    const paths = Array(count).fill("me.get").join(",");
    const answer = await fetch(`${server.url}/trpc/public/default/${paths}?batch=1`);
    return [answer.status, await answer.text()] as const;
  };
  expect((await calls(10))[0]).toBe(200);
  const [status, text] = await calls(1_000);
  expect(status).toBe(400);
  expect(text.length).toBeLessThan(2_000);
});

test("who calls too often is told when to come again, and nobody else is held up", async () => {
  const { server } = await startGuarded({ ...noLog, DOWNBEAT_CALLS_PER_SECOND: "1" });
  const [ada, grace] = [await signIn(server.url, "ada"), await signIn(server.url, "grace")];
  const ask = (cookie: string, calls = 1) =>
    fetch(`${server.url}/trpc/public/default/${Array(calls).fill("me.get").join(",")}?batch=1`, {
      headers: { cookie },
    });
  const statuses: number[] = [];
  // Ten may come at once; one more is there each second.
  while (!statuses.includes(429) && statuses.length < 40) statuses.push((await ask(ada, 5)).status);
  expect(statuses[0]).not.toBe(429);
  const refused = await ask(ada, 10);
  expect([refused.status, await refused.text()]).toEqual([429, "Too many calls in a short time.\n"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask(grace)).status).not.toBe(429);
  // Pages, health and signing out are no calls.
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(server.url, { headers: { cookie: ada } })).status).toBe(200);
  await until(() => server.output().includes("calls too often"));
});

test("who tries tokens is held back by where they come from", async () => {
  const { server } = await startGuarded({ ...noLog, DOWNBEAT_CALLS_PER_SECOND: "1" });
  const guess = async (token: string) =>
    (await fetch(`${server.url}${me}`, { headers: { authorization: `Bearer ${token}` } })).status;
  const statuses: number[] = [];
  while (!statuses.includes(429) && statuses.length < 100)
    statuses.push(await guess(`guess-${statuses.length}`));
  expect(statuses[0]).toBe(401);
  expect(statuses).toContain(429);
});

test("one follower too many is told to come again, and may when another has left", async () => {
  await using engineering = await openEngineering();
  const env = { DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_MAX_FOLLOWERS: "2" };
  await using server = await startServer(env);
  const follow = async () => {
    const leaving = new AbortController();
    const { status, headers } = await fetch(`${server.url}/trpc/public/default/live.changes`, {
      signal: leaving.signal,
    });
    return { status, retryAfter: headers.get("retry-after"), leave: () => leaving.abort() };
  };
  await until(async () => {
    const follower = await follow();
    if (follower.status === 200) follower.leave();
    return follower.status === 200;
  });
  const [first] = [await follow(), await follow()];
  expect(await follow()).toMatchObject({ status: 503, retryAfter: "10" });
  first.leave();
  await until(async () => (await follow()).status === 200);
});

test("every answer says how it may be used, the dashboard's own included", async () => {
  const web = await listening(
    createServer((_, response) => response.writeHead(200, { "cache-control": "max-age=60" }).end("a page")),
  );
  await using server = await startServer({ ...noLog, DOWNBEAT_WEB_URL: web });
  for (const path of ["/", "/healthz", "/readyz", "/metrics", me, "/trpc/nothing", "/%zz"]) {
    const { headers } = await fetch(`${server.url}${path}`);
    expect({ path, ...Object.fromEntries(headers) }).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "content-security-policy": expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'$/),
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
      "cache-control": path === "/" ? "max-age=60" : "no-store",
    });
  }
});

test("what the server keeps is nobody else's on this machine", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await until(async () => (await fetch(`${server.url}/readyz`)).status === 200);
  const kept = globSync("**/*", { cwd: join(server.dataDir, "server"), withFileTypes: true });
  expect(kept.length).toBeGreaterThan(1);
  const modes = kept.map((one) => statSync(join(one.parentPath, one.name)).mode & 0o077);
  expect(modes.every((mode) => mode === 0)).toBe(true);
});

test("an answer that nobody reads is given up, one that is read slowly is not", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const chunk = Buffer.alloc(1_000_000);
  const server = createServer((_, response) => {
    response.on("close", () => clearImmediate(more));
    let more: NodeJS.Immediate;
    const write = () => {
      response.write(chunk);
      if (response.writableLength < 20_000_000) more = setImmediate(write);
      else response.once("drain", write);
    };
    write();
  });
  let now = 0;
  const end = endUnreadAnswers(server, () => now);
  onTestFinished(end);
  const { port } = new URL(await listening(server));
  const unread = await opened(port, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  unread.pause();
  const slow = await opened(port, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  slow.pause();
  let read = 0;
  slow.on("data", (data) => (read += data.length));
  slow.pause();
  const gone = once(unread, "close");
  unread.on("error", () => {});
  for (let turn = 0; turn < 12; turn++) {
    now += 5_000;
    const before = read;
    slow.resume();
    await vi.waitFor(() => expect(read).toBeGreaterThan(before + 4_000_000), { timeout: 10_000 });
    slow.pause();
    vi.advanceTimersByTime(5_000);
  }
  unread.resume();
  await gone;
  expect(slow.destroyed).toBe(false);
  slow.destroy();
});

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function opened(port: string, head: string): Promise<Socket> {
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(head);
  return socket;
}

async function said(url: string, lines: readonly string[]): Promise<string> {
  const socket = await opened(new URL(url).port, `${lines.join("\r\n")}\r\nconnection: close\r\n\r\n`);
  let answer = "";
  for await (const data of socket) answer += String(data);
  return answer;
}
