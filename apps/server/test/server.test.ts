import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inputDigest } from "@downbeat/domain";
import { subscriptions, topics } from "@downbeat/protocol";
import { expect, onTestFinished, test, vi } from "vitest";
import { follow } from "./follow.ts";
import { forgeHistory } from "./forge-history.ts";
import { ended, openEngineering, spawnServer, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

test("a stuck job is seen, retried, and its outcome is told when it is known", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const { api } = server;
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  engineering.hotelIsUp = false;

  const started = await api.runs.start.mutate({
    workflow: "trip",
    input: "{}",
    runId: "t-1",
    labels: { order: "A 17" },
  });
  expect(started).toMatchObject({ verb: "startRun", actor: "ada", outcome: { type: "accepted" } });
  await until(async () => (await api.attention.list.query({})).total === 1);
  const { items, groups } = await api.attention.list.query({});
  const followed = await api.attention.follow.query({});
  expect(followed).toMatchObject({ items: [{ put: items }], groups: [{ put: groups }], total: 1 });
  const unchanged = await api.attention.follow.query({ since: followed.version });
  expect(unchanged).toMatchObject({
    version: followed.version,
    since: followed.version,
    items: [{ from: 0, count: 1 }],
  });
  expect(items[0]).toMatchObject({ kind: "job", runId: "t-1", job: { jobId: "j2", status: "stuck" } });
  expect(groups[0]).toMatchObject({ jobType: "bookHotel", errorName: "TypeError", count: 1 });
  const run = await api.runs.get.query({ runId: "t-1" });
  expect(run).toMatchObject({
    shown: "stuck",
    why: expect.stringMatching(/^Stuck for .* bookHotel failed with/),
  });

  const failing = { runId: "t-1", jobId: "j2", reason: "perhaps now", actionId: "first" };
  await api.jobs.retry.mutate(failing);
  const outcome = (actionId: string) => api.actions.outcome.query({ runId: "t-1", actionId });
  await until(async () => (await outcome("first")).outcome.type === "failedAgain");

  engineering.hotelIsUp = true;
  const retried = await api.jobs.retry.mutate({
    ...failing,
    reason: "the hotel is back",
    actionId: "second",
  });
  expect(["inProgress", "recovered"]).toContain(retried.outcome.type);
  await until(async () => (await outcome("second")).outcome.type === "recovered");
  await until(async () => (await api.runs.get.query({ runId: "t-1" })).status === "completed");

  const late = await api.jobs.retry.mutate({ ...failing, actionId: "third" });
  expect(late).toMatchObject({ actor: "ada", outcome: { type: "refused", code: "RunOver" } });
  expect(await api.jobs.retry.mutate({ ...failing, actionId: "third" })).toEqual(late);

  const list = await api.runs.list.query({ filter: { text: "17" } });
  expect(list).toMatchObject({ count: 1, countsByStatus: { completed: 1 }, freshness: { behind: 0 } });
  const overview = await api.overview.get.query({ from: Date.now() - 600_000, to: Date.now() + 60_000 });
  expect(overview.totals).toMatchObject({ started: 1, completed: 1, failed: 0, successRate: 1 });
  expect(overview.byJobType.find(({ jobType }) => jobType === "bookHotel")).toMatchObject({
    failedAttempts: 2,
    stuck: 2,
    completed: 1,
    workers: 1,
  });
});

test("a command that nobody answers is pending, and lost once somebody took it out of the inbox", async () => {
  await using engineering = await openEngineering([]);
  const { log } = engineering;
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const inbox = topics.inbox(0);
  let skips = false;
  const consumer = await log.openConsumer(inbox, {
    subscription: subscriptions.engine,
    type: "Failover",
    negativeAckDelayMs: 200,
    onMessage: ({ position }) =>
      skips ? consumer.acknowledge(position) : consumer.negativeAcknowledge(position),
  });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const { api } = server;
  await until(async () => (await api.runs.list.query({})).freshness.live);
  const { runId, outcome } = await api.runs.start.mutate({ workflow: "trip", input: "{}", actionId: "mine" });
  expect(outcome.type).toBe("pending");
  const asked = { runId, actionId: "mine" };
  expect(await api.actions.outcome.query({ ...asked, waitMs: 100, until: "settled" })).toMatchObject({
    verb: "startRun",
    outcome: { type: "pending" },
  });
  skips = true;
  await until(async () => (await api.actions.outcome.query(asked)).outcome.type === "lost");
});

test("what can't be done is answered with a sentence", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const { api } = server;
  await until(async () => (await api.runs.list.query({})).freshness.live);
  const message = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.message);

  expect(await message(api.runs.get.query({ runId: "nobody" }))).toBe("There is no run nobody.");
  expect(await message(api.runs.cancel.mutate({ runId: "nobody", reason: "x" }))).toBe(
    "There is no run nobody.",
  );
  expect(await message(api.runs.start.mutate({ workflow: "trip", input: "{" }))).toMatch(
    /^The input can't be taken: input: not JSON: .*\.$/,
  );
  expect(
    await message(api.runs.start.mutate({ workflow: "trip", input: JSON.stringify("x".repeat(131_073)) })),
  ).toMatch(/it is \d+ bytes of JSON; the limit is 131072/);
  expect(await message(api.runs.list.query({ cursor: "nonsense" }))).toBe(
    "The cursor is not one of this list.",
  );
  expect(await api.runs.start.mutate({ workflow: "unknown", input: "{}" })).toMatchObject({
    outcome: { type: "refused", code: "UnknownWorkflow" },
  });
  expect((await api.quarantine.list.query({})).refused).toHaveLength(1);
  const labels = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`label${index}`, ""]));
  expect(
    await message(api.runs.start.mutate({ workflow: "trip", input: '{"approval":false}', labels })),
  ).toContain("at most 20 labels");
  expect(
    await message(api.runs.start.mutate({ workflow: "trip", input: "1", actionId: "half \ud800" })),
  ).toMatch(/commandId: it holds half of a surrogate pair/);
  expect(
    await api.runs.start.mutate({ workflow: "trip", input: '{"approval":false}', actionId: "order 7/9" }),
  ).toMatchObject({ runId: expect.stringMatching(/^trip-[0-9a-f]{32}$/), outcome: { type: "accepted" } });
  const taken = { workflow: "trip", runId: "café" };
  // It waits for its approval, so it is still running when its id is asked for again.
  await api.runs.start.mutate({ ...taken, input: '{"approval":true}' });
  expect(await api.runs.start.mutate({ ...taken, input: '{"approval":false}' })).toMatchObject({
    outcome: {
      type: "refused",
      code: "RunIdTaken",
      message: `The id café is taken: it is a run of trip with another input (digest ${inputDigest('{"approval":true}')}, not ${inputDigest('{"approval":false}')}), and running. A new run needs an id of its own.`,
    },
  });
  await until(
    async () =>
      (await api.runs.get.query({ runId: "café" })).inputDigest === inputDigest('{"approval":true}'),
  );
  expect(
    await message(api.runs.start.mutate({ workflow: "trip", input: "1", runId: "café".normalize("NFD") })),
  ).toContain("The run id is not in Unicode's normal form NFC");
});

test("a run that is set aside is terminated by the API, or repaired, and each says that it was done", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const { api } = server;
  await until(async () => (await api.runs.list.query({})).freshness.live);
  for (const runId of ["to-end", "to-repair"]) {
    await api.runs.start.mutate({ workflow: "trip", input: '{"approval":true}', runId });
    await until(async () => (await api.runs.get.query({ runId })).shown === "waiting");
    await until(async () => {
      const { seq, damaged } = await api.runs.get.query({ runId });
      const events = [{ type: "JobCompleted", jobId: "j99", output: "1", attempt: 1 }];
      // Another record may come between reading history and this one, which doesn't count then.
      if (damaged === undefined) await forgeHistory(engineering.log, { runId, seq: seq + 1, events });
      return damaged !== undefined;
    });
  }
  const reason = "no engine wrote that";
  const ended = { runId: "to-end", reason, actionId: "end-it" };
  const accepted = { verb: "terminateRun", reason, outcome: { type: "accepted" } };
  expect(await api.runs.terminate.mutate(ended)).toMatchObject(accepted);
  expect(await api.runs.terminate.mutate(ended)).toMatchObject(accepted);
  await until(async () => (await api.runs.get.query({ runId: "to-end" })).status === "terminated");
  expect(await api.runs.repair.mutate({ runId: "to-repair", outcome: "cut", reason })).toMatchObject({
    verb: "repairRun",
    outcome: { type: "accepted" },
  });
  await until(async () => (await api.runs.get.query({ runId: "to-repair" })).shown === "waiting");
});

test("live changes are pushed, and resume where they ended", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const { api, url } = server;

  const first = follow(url, {});
  await until(() => first.changes.some(({ data }) => data.freshness.live));
  expect(first.changes[0]?.data).toMatchObject({ runs: [], counts: { completed: 0 } });
  await api.runs.start.mutate({ workflow: "trip", input: '{"approval":true}', runId: "t-1" });
  await until(() => first.changes.some(({ data }) => data.runs.some(({ shown }) => shown === "waiting")));
  first.close();
  const lastEventId = first.changes.at(-1)?.id;

  await api.runs.signal.mutate({ runId: "t-1", name: "approval", payload: "true" });
  const second = follow(url, { lastEventId, follow: [{ runId: "t-1", afterSeq: 8 }] });
  await until(() => second.changes.some(({ data }) => data.counts.completed === 1));
  expect(second.changes[0]?.data.refresh).toBeUndefined();
  expect(second.changes[0]?.data.runs.map(({ runId }) => runId)).toEqual(["t-1"]);
  const events = second.changes.flatMap(({ data }) => data.followed.flatMap((run) => run.events));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => 9 + index));
  expect(events.at(-1)?.event.type).toBe("RunCompleted");
  second.close();

  const stranger = follow(url, { lastEventId: "someone-7-0" });
  await until(() => stranger.changes.length > 0);
  expect(stranger.changes[0]?.data.refresh).toBe(true);
  stranger.close();
});

test("only this machine's own pages may ask, and only plainly", async () => {
  await using server = await startServer({ DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" });
  const port = new URL(server.url).port;
  const status = async (
    headers: Record<string, string>,
    method = "GET",
    path = "/trpc/public/default/me.get",
  ) => (await raw(port, method, path, headers)).split(" ")[1];

  expect(await status({ host: `127.0.0.1:${port}` })).toBe("200");
  expect(await status({ host: `localhost:${port}` })).toBe("200");
  expect(await status({ host: `evil.example:${port}` })).toBe("403");
  expect(await status({ host: `evil.example:${port}` }, "GET", "/")).toBe("403");
  expect(await status({ host: `localhost:${port}`, origin: "http://evil.example" })).toBe("403");
  expect(await status({ host: `localhost:${port}`, origin: "null" })).toBe("403");
  expect(await status({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe("200");
  expect(await status({ host: `localhost:${port}`, "sec-fetch-site": "cross-site" })).toBe("403");
  expect(await status({ host: `localhost:${port}` }, "GET", "/public/default/runs/%zz")).toBe("400");
  const post = { host: `localhost:${port}`, "content-length": "2" };
  expect(
    await status({ ...post, "content-type": "text/plain" }, "POST", "/trpc/public/default/runs.cancel"),
  ).toBe("403");
  expect(
    await status({ ...post, "content-type": "application/json" }, "POST", "/trpc/public/default/runs.cancel"),
  ).toBe("400");
});

test("health is the process's, readiness is the log's, metrics are Prometheus's", async () => {
  await using server = await startServer({ DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" });
  expect(await (await fetch(`${server.url}/healthz`)).text()).toBe("ok\n");
  const ready = await fetch(`${server.url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    ready: false,
    namespaces: [
      {
        tenant: "public",
        namespace: "default",
        ready: false,
        checks: [{ name: "log", ok: false }, { name: "readModel" }],
      },
    ],
  });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain("downbeat_projection_lag_seconds");
  expect(metrics).toContain("process_cpu_seconds_total");
  const { freshness } = await server.api.runs.list.query({});
  expect(freshness).toMatchObject({ live: false, note: expect.stringContaining("no connection to the log") });
});

test.each(["port", "socket"])(
  "everything else comes from the dashboard's process at a %s, as it comes",
  async (at) => {
    const upstream = createServer((request, response) => {
      response.writeHead(200, { "content-type": "text/plain", "x-host": request.headers.host ?? "" });
      response.write("first ");
      setTimeout(() => response.end("second"), 300);
    });
    const folder = mkdtempSync(join(tmpdir(), "downbeat-web-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const socket = join(folder, "web.sock");
    await new Promise<void>((resolve) => {
      if (at === "socket") upstream.listen(socket, resolve);
      else upstream.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void upstream.close());
    const address = upstream.address();
    const web = typeof address === "string" ? `unix:${address}` : `http://127.0.0.1:${address?.port}`;
    await using server = await startServer({ DOWNBEAT_LOG_URL: "ws://127.0.0.1:9", DOWNBEAT_WEB_URL: web });
    const response = await fetch(`${server.url}/runs?x=1`);
    expect(response.headers.get("x-host")).toBe(new URL(server.url).host);
    const chunks: string[] = [];
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString());
    expect(chunks).toEqual(["first ", "second"]);
  },
);

test("while the dashboard starts, a page says so and tries again", async () => {
  await using server = await startServer({
    DOWNBEAT_LOG_URL: "ws://127.0.0.1:9",
    DOWNBEAT_WEB_URL: "http://127.0.0.1:9",
  });
  const page = await fetch(server.url, { headers: { accept: "text/html" } });
  expect(page.status).toBe(502);
  const html = await page.text();
  expect(html).toContain("The dashboard is starting…");
  expect(html).toContain('http-equiv="refresh"');
});

test("it ends within two seconds, open live connections or not", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const live = follow(server.url, {});
  await until(() => live.changes.length > 0);
  const began = performance.now();
  server.child.kill("SIGTERM");
  expect(await ended(server.child)).toBe(0);
  expect(performance.now() - began).toBeLessThan(2_500);
});

test("killed and started again, it goes on with what it had read", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  for (let run = 0; run < 20; run++) await server.api.runs.start.mutate({ workflow: "trip", input: "{}" });
  server.child.kill("SIGKILL");
  await ended(server.child);
  await using again = await startServer({ DOWNBEAT_LOG_URL: engineering.url }, server.dataDir);
  await until(async () => (await again.api.runs.list.query({})).countsByStatus.completed === 20);
  expect(again.output()).not.toContain("built again");
});

test("another log under the same name is noticed, and the read model built again", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await server.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "old" });
  server.child.kill("SIGKILL");
  await ended(server.child);

  await using other = await openEngineering();
  await using next = await startServer({ DOWNBEAT_LOG_URL: other.url }, server.dataDir);
  await until(async () => (await fetch(`${next.url}/readyz/reads`)).ok);
  await until(() => next.output().includes("built again"));
  expect(await next.api.runs.list.query({})).toMatchObject({ count: 0 });
  const started = await next.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "new" });
  expect(started.outcome).toEqual({ type: "accepted" });
});

test("a damaged read model is thrown away and built again by the next start", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  for (let run = 0; run < 50; run++) await server.api.runs.start.mutate({ workflow: "trip", input: "{}" });
  server.child.kill("SIGTERM");
  await ended(server.child);
  const file = `${server.dataDir}/server/public/default/history.sqlite`;
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0xab, 3 * 8_192, bytes.length - 8_192));

  // Met at the start or by the first question: either way nobody has to know what to delete.
  await using damaged = await startServer({ DOWNBEAT_LOG_URL: engineering.url }, server.dataDir);
  const { runs, overview } = damaged.api;
  const count = () =>
    runs.list.query({}).then(
      (list) => list.count,
      () => 0,
    );
  await until(async () => {
    await overview.get.query({ from: 0, to: Date.now() }).catch(() => {});
    return damaged.child.exitCode === 1 || (await count()) === 50;
  });
  if (damaged.child.exitCode === null) return;
  await using again = await startServer({ DOWNBEAT_LOG_URL: engineering.url }, server.dataDir);
  await until(async () => (await again.api.runs.list.query({})).count === 50);
});

test("what it can't start with is one sentence that says what to do", async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void blocker.close());
  const port = String((blocker.address() as AddressInfo).port);
  await using server = await startServer({ DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" });
  const sentence = async (env: Record<string, string>) => {
    const { child, output } = spawnServer({
      DOWNBEAT_LOG_URL: "ws://127.0.0.1:9",
      LOG_LEVEL: "fatal",
      ...env,
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    expect(await ended(child)).toBe(1);
    return output();
  };
  const elsewhere = { DOWNBEAT_DATA_DIR: `${server.dataDir}/other` };
  expect(await sentence({ ...elsewhere, DOWNBEAT_PORT: port })).toBe(
    `Port ${port} is in use: stop what uses it, or choose another one with DOWNBEAT_PORT.\n`,
  );
  expect(await sentence({ DOWNBEAT_DATA_DIR: server.dataDir, DOWNBEAT_PORT: "0" })).toMatch(
    /^Another Downbeat server uses the data directory .* for public\/default: stop it, or choose another one with DOWNBEAT_DATA_DIR\.\n$/,
  );
  expect(await sentence({ DOWNBEAT_DATA_DIR: "/dev/null/x", DOWNBEAT_PORT: "0" })).toMatch(
    /^The data directory \/dev\/null\/x can't be used \(.*\): make it writable, or choose another one with DOWNBEAT_DATA_DIR\.\n$/,
  );
  expect(await sentence({ ...elsewhere, DOWNBEAT_HOST: "0.0.0.0" })).toMatch(
    /^DOWNBEAT_HOST can't be "0\.0\.0\.0": only a loopback address/,
  );
});

/** `fetch` sets host and origin by itself. */
function raw(port: string, method: string, path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(
        `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\nconnection: close\r\n\r\n${method === "POST" ? "{}" : ""}`,
      );
    });
    let answer = "";
    socket.on("data", (data) => (answer += data));
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}
