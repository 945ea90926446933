import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { afterEach, expect, test, vi } from "vitest";
import { ended, type RunningServer, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 180_000 });

const bookRoom = job<number, string>("bookRoom", { retry: { maxAttempts: 1 } });
const booking = workflow("booking", async (run, guest: number) => run.job(bookRoom, guest));

const engineMain = join(import.meta.dirname, "../../engine/src/main.ts");

interface Town {
  readonly url: string;
  readonly directory: string;
  readonly hotel: { isUp: boolean; asked: number };
  start(count: number): Promise<void>;
  engine(): ChildProcess;
  server(): Promise<RunningServer>;
}

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** A log and a worker in this process; engine and server are processes that one may kill. */
async function openTown(): Promise<Town> {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-bulk-"));
  closings.push(() => rm(directory, { recursive: true, force: true }));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  closings.push(() => embedded.close());
  const logServer = await serve(embedded, { port: 0 });
  closings.push(() => logServer.close());
  const { url } = logServer;
  const hotel = { isUp: false, asked: 0 };
  const staff = worker({
    log: embedded.connect(),
    logger: false,
    workflows: [booking],
    isolation: "none",
    jobs: {
      bookRoom: () => {
        hotel.asked++;
        if (!hotel.isUp) throw new TypeError("connect ECONNREFUSED");
        return "room";
      },
    },
  });
  closings.push(() => staff.stop({ graceMs: 100 }));
  const guests = client({ log: embedded.connect(), logger: false });
  closings.push(() => guests.close());
  return {
    url,
    directory,
    hotel,
    async start(count) {
      await staff.ready;
      const all = Array.from({ length: count }, (_, guest) =>
        guests.start(booking, guest, { runId: `guest-${guest}` }),
      );
      await Promise.all(all);
    },
    engine() {
      const child = spawn(process.execPath, [engineMain], {
        env: {
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
          DOWNBEAT_LOG_URL: url,
          DOWNBEAT_DATA_DIR: join(directory, "engine"),
          DOWNBEAT_ENGINE_PORT: "0",
          DOWNBEAT_PARTITIONS: "2",
          LOG_LEVEL: "warn",
        },
        stdio: ["ignore", "ignore", "inherit"],
      });
      closings.push(() => kill(child));
      return child;
    },
    async server() {
      const server = await startServer(
        { DOWNBEAT_LOG_URL: url, DOWNBEAT_ACTOR: "ada" },
        join(directory, "server"),
      );
      closings.push(async () => server[Symbol.asyncDispose]());
      return server;
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await ended(child);
}

async function patiently(condition: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await condition())) throw new Error("not yet");
    },
    { timeout: 120_000, interval: 100 },
  );
}

/** Of each run, the ids of the actions that were done to it. */
async function retriesOf({ api }: RunningServer, count: number): Promise<string[][]> {
  const ids = Array.from({ length: count }, (_, guest) => `guest-${guest}`);
  const pages = await Promise.all(
    ids.map((runId) => api.runs.events.query({ runId, types: ["JobRetried"] })),
  );
  return pages.map(({ events }) =>
    events.map(({ event }) => (event.type === "JobRetried" ? event.action.actionId : "")),
  );
}

test("500 stuck bookings are retried by one bulk action although engine and server are killed in the middle, each of them exactly once", async () => {
  const town = await openTown();
  let engine = town.engine();
  let server = await town.server();
  await town.start(500);
  await patiently(async () => (await server.api.attention.list.query({ limit: 1 })).total === 500);
  const { groups } = await server.api.attention.list.query({ limit: 1 });
  const [cause] = groups;
  if (cause === undefined) throw new Error("there is no cause");
  expect(groups.length).toBe(1);
  const selection = { type: "cause" as const, fingerprint: cause.fingerprint };
  const preview = await server.api.bulk.preview.query({ verb: "retryJob", selection });
  expect(preview).toMatchObject({ count: 500, refusals: [] });

  town.hotel.isUp = true;
  const order = {
    verb: "retryJob" as const,
    selection,
    reason: "The hotels are back.",
    about: "bookRoom: TypeError",
    canary: { size: 5, mostFailed: 0 },
    perMinute: 3_000,
  };
  const asked = { order, asOf: preview.asOf, actionId: "after-the-outage" };
  const [{ runId: bulkId }, again] = await Promise.all([
    server.api.bulk.start.mutate(asked),
    server.api.bulk.start.mutate(asked),
  ]);
  expect(again.runId).toBe(bulkId);
  const bulk = () => server.api.bulk.get.query({ bulkId });
  await patiently(async () => (await bulk()).sent >= 105);
  expect((await bulk()).state).toBe("sending");

  await Promise.all([kill(server.child), kill(engine)]);
  engine = town.engine();
  server = await town.server();
  await patiently(async () => (await bulk()).state === "done");

  expect(await bulk()).toMatchObject({
    targets: 500,
    sent: 500,
    outcomes: { recovered: 500 },
    startedBy: "ada",
  });
  await patiently(
    async () =>
      (await server.api.runs.list.query({ filter: { status: ["completed"], workflow: "booking" } })).count ===
      500,
  );
  const retries = await retriesOf(server, 500);
  expect(retries.filter((one) => one.length !== 1)).toEqual([]);
  const numbers = retries.flat().map((id) => Number(id.slice(bulkId.length + 1)));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, number) => number));
  expect((await server.api.attention.list.query({ limit: 1 })).total).toBe(0);
  expect((await server.api.workers.list.query()).workers.map(({ workflows }) => workflows)).toEqual([
    ["booking"],
  ]);
});

test("nothing but its own verbs steers a bulk action, whatever its id and its jobs are asked", async () => {
  const town = await openTown();
  town.engine();
  const { api } = await town.server();
  await town.start(2);
  await patiently(async () => (await api.attention.list.query({ limit: 1 })).total === 2);
  const items = [{ runId: "guest-0" }, { runId: "guest-1" }];
  const order = {
    verb: "retryJob" as const,
    selection: { type: "items" as const, items: items.map(({ runId }) => ({ runId, jobId: "j1" })) },
    reason: "later",
    startAt: Date.now() + 3_600_000,
  };
  const { runId } = await api.bulk.start.mutate({ order });
  await patiently(async () => (await api.bulk.get.query({ bulkId: runId })).state === "scheduled");
  const one = { runId, jobId: "j1", reason: "mine" };
  const input = JSON.stringify({
    order: { verb: "terminateRun", reason: "" },
    from: 0,
    targets: [],
    waitMs: 0,
  });
  const refused = "is a bulk action: it can be paused, resumed and stopped";
  await expect(api.jobs.retry.mutate({ ...one, input })).rejects.toThrow(refused);
  await expect(api.jobs.complete.mutate({ ...one, output: "{}" })).rejects.toThrow(refused);
  await expect(api.runs.signal.mutate({ runId, name: "steer", payload: '"stop"' })).rejects.toThrow(refused);
  const again = {
    verb: "runAgain" as const,
    selection: { type: "items" as const, items: [{ runId }] },
    reason: "once more",
  };
  const { runId: second } = await api.bulk.start.mutate({ order: again });
  await patiently(async () => (await api.bulk.get.query({ bulkId: second })).state === "done");
  expect((await api.bulk.get.query({ bulkId: second })).outcomes).toEqual({ refused: 1 });
});

test("it is paused, resumed and stopped; what fails again is told, and can be exported by its outcome", async () => {
  const town = await openTown();
  town.engine();
  const server = await town.server();
  const { api } = server;
  await town.start(30);
  await patiently(async () => (await api.attention.list.query({ limit: 1 })).total === 30);
  const order = {
    verb: "retryJob" as const,
    selection: { type: "stuckJobs" as const, jobType: "bookRoom" },
    reason: "Let us see.",
    perMinute: 120,
  };
  const { runId: bulkId } = await api.bulk.start.mutate({ order });
  const bulk = () => api.bulk.get.query({ bulkId });
  await until(async () => (await bulk()).sent >= 10);
  await api.bulk.pause.mutate({ bulkId });
  await until(async () => (await bulk()).state === "paused");
  const paused = await bulk();
  expect(paused.sent).toBeLessThan(30);
  expect(paused.outcomes).toEqual({ failedAgain: paused.sent });

  town.hotel.isUp = true;
  await api.bulk.resume.mutate({ bulkId });
  await until(async () => (await bulk()).sent > paused.sent);
  await api.bulk.stop.mutate({ bulkId });
  await until(async () => (await bulk()).state === "stopped");
  const { sent, outcomes } = await bulk();
  expect(outcomes).toEqual({ failedAgain: paused.sent, recovered: sent - paused.sent });

  const failed = await api.bulk.targets.query({ bulkId, outcome: "failedAgain" });
  expect(failed.count).toBe(paused.sent);
  expect(failed.targets[0]).toMatchObject({ number: 0, jobId: "j1", message: "connect ECONNREFUSED" });
  const all: number[] = [];
  for (let cursor: number | undefined = 0; cursor !== undefined; ) {
    const page: Awaited<ReturnType<typeof api.bulk.targets.query>> = await api.bulk.targets.query({
      bulkId,
      cursor,
      limit: 7,
    });
    all.push(...page.targets.map(({ number }) => number));
    cursor = page.next;
  }
  expect(all).toEqual(Array.from({ length: 30 }, (_, number) => number));
  const waiting = await api.bulk.targets.query({ bulkId, outcome: "waiting" });
  expect(waiting.count).toBe(30 - sent);
  expect((await api.bulk.list.query()).bulks.map((one) => one.bulkId)).toEqual([bulkId]);
});

test("runs are cancelled, sent a signal, terminated and run again in bulk; what refuses is told with why", async () => {
  const town = await openTown();
  town.engine();
  const { api } = await town.server();
  await town.start(6);
  await patiently(async () => (await api.attention.list.query({ limit: 1 })).total === 6);
  const done = async (order: Parameters<typeof api.bulk.start.mutate>[0]["order"]) => {
    const { runId: bulkId } = await api.bulk.start.mutate({ order });
    await until(async () => ["done", "held"].includes((await api.bulk.get.query({ bulkId })).state));
    return api.bulk.get.query({ bulkId });
  };
  const items = (...guests: number[]) => ({
    type: "items" as const,
    items: guests.map((guest) => ({ runId: `guest-${guest}` })),
  });
  const reason = "The guests have left.";
  expect(await done({ verb: "cancelRun", selection: items(0, 1), reason })).toMatchObject({
    outcomes: { done: 2 },
  });
  await until(async () => (await api.runs.get.query({ runId: "guest-1" })).status === "cancelled");
  const signal = { name: "late", payload: "1" };
  expect(await done({ verb: "sendSignal", selection: items(2, 3), reason, signal })).toMatchObject({
    outcomes: { done: 2 },
  });
  const terminated = await done({ verb: "terminateRun", selection: items(1, 2, 3, 99), reason });
  expect(terminated.outcomes).toEqual({ done: 2, refused: 2 });
  const refused = await api.bulk.targets.query({ bulkId: terminated.bulkId, outcome: "refused" });
  expect(refused.targets).toMatchObject([
    { runId: "guest-1", message: "The run is over: it is cancelled." },
    { runId: "guest-99" },
  ]);
  town.hotel.isUp = true;
  const again = await done({ verb: "runAgain", selection: items(2, 3), reason });
  expect(again.outcomes).toEqual({ done: 2 });
  const [first] = (await api.bulk.targets.query({ bulkId: again.bulkId })).targets;
  const runId = first?.startedRunId ?? "";
  await until(async () => (await api.runs.get.query({ runId })).status === "completed");
  const selection = { type: "stuckJobs" as const, jobType: "bookRoom" };
  expect(await done({ verb: "completeJob", selection, reason, output: '"room 5"' })).toMatchObject({
    outcomes: { done: 2 },
  });
  await until(async () => (await api.runs.get.query({ runId: "guest-5" })).output === '"room 5"');
});
