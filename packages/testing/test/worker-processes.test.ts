import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "@downbeat/domain";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import { parseHistoryRecord, topics } from "@downbeat/protocol";
import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { worker } from "@downbeat/sdk/worker";
import { describe, expect, onTestFinished, test, vi } from "vitest";

// Processes start one after another, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 120_000 });

const retry = { maxAttempts: 3, initialIntervalMs: 100, jitter: 0 };
const deed = job<string, string>("deed", { retry, startToCloseMs: 60_000 });
const short = job<string, string>("deed", { retry: { maxAttempts: 1 }, startToCloseMs: 2_000 });
const patient = job<string, string>("deed", {
  retry: { maxAttempts: 1 },
  scheduleToStartMs: 400,
  startToCloseMs: 60_000,
});
const workflows = [
  workflow("one", async (run, what: string) => run.job(deed, what)),
  workflow("quick", async (run, what: string) => run.job(short, what)),
  workflow("soon", async (run, what: string) => run.job(patient, what)),
];

interface Told {
  readonly at: number;
  readonly event: RunEvent;
}

async function openStage() {
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const server = await serve(embedded, { port: 0 });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const engine = new Engine({
    log: embedded.connect(),
    decisions: inProcessDecisions(workflows),
    partitions: 1,
    owner: "engine",
    clock: systemClock,
    store: () => new MemoryStateStore(),
    wallClock: Date.now,
    tickMs: 200,
  });
  engine.start();
  const told = new Map<string, Told[]>();
  await log.openReader(topics.history(0), {
    from: "earliest",
    onMessage: ({ payload }) => {
      const record = parseHistoryRecord(payload);
      if (record?.kind !== "decisions") return;
      for (const { runId, events } of record.decisions) {
        const before = told.get(runId) ?? [];
        told.set(runId, [...before, ...events.map((event) => ({ at: record.at, event }))]);
      }
    },
  });
  const starting = client({ log: embedded.connect() });
  onTestFinished(async () => {
    await starting.close();
    await engine.stop();
    await server.close();
    await embedded.close();
  });
  return {
    url: server.url,
    connect: () => embedded.connect(),
    start: (runId: string, name: "one" | "quick" | "soon", what: string) =>
      starting.start(name, what, { runId, wait: "sent" }),
    told: (runId: string, type: RunEvent["type"]) =>
      (told.get(runId) ?? []).filter(({ event }) => event.type === type),
  };
}

/** Keeps a worker process running, as a supervisor does. */
function keepRunning(url: string, wrongBy = 0) {
  const said: { begun?: string; problem?: string; ready?: true }[] = [];
  let deaths = 0;
  let isOver = false;
  let running: ChildProcess;
  const start = (): void => {
    running = fork(fileURLToPath(new URL("worker-child.ts", import.meta.url)), [url, String(wrongBy)], {
      stdio: "ignore",
    });
    running.on("message", (message) => said.push(message as (typeof said)[number]));
    running.once("exit", () => {
      if (isOver) return;
      deaths++;
      start();
    });
  };
  start();
  onTestFinished(() => {
    isOver = true;
    running.kill("SIGKILL");
  });
  return { said, deaths: () => deaths };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  await vi.waitFor(() => expect(condition(), what).toBe(true), { timeout: 60_000, interval: 10 });
}

describe("a worker that ends with an attempt in hand", () => {
  test.each(["exit", "kill", "abort"])(
    "by %s has failed it: as many end as there are attempts",
    async (how) => {
      const stage = await openStage();
      const { deaths } = keepRunning(stage.url);
      await stage.start("deadly", "one", how);
      await until(() => stage.told("deadly", "JobStuck").length > 0, "the last attempt");
      const failed = stage.told("deadly", "AttemptFailed");
      expect(failed.map(({ event }) => event)).toMatchObject(
        [1, 2, 3].map((attempt) => ({ attempt, failure: { name: "WorkerEnded" } })),
      );
      expect(deaths()).toBe(3);
      // Each next one after its back-off.
      const requested = stage.told("deadly", "AttemptRequested").map(({ at }) => at);
      for (const [index, wait] of [100, 200].entries())
        expect((requested[index + 1] ?? 0) - (failed[index]?.at ?? 0)).toBeGreaterThanOrEqual(wait);
      // Others go on.
      await stage.start("after", "one", "fine");
      await until(() => stage.told("after", "RunCompleted").length > 0, "another run's end");
      expect(stage.told("after", "AttemptFailed")).toEqual([]);
    },
  );
});

test("a handler that blocks its worker is timed out by the engine, its late result is refused, and the worker says for how long it stood still", async () => {
  const stage = await openStage();
  const { said, deaths } = keepRunning(stage.url);
  await stage.start("blocking", "quick", "block");
  await until(() => stage.told("blocking", "AttemptFailed").length > 0, "the time-out");
  const [began] = stage.told("blocking", "AttemptStarted");
  const [failed] = stage.told("blocking", "AttemptFailed");
  expect(failed?.event).toMatchObject({ failure: { timeout: "startToClose" } });
  const took = (failed?.at ?? 0) - (began?.at ?? 0);
  expect(took).toBeGreaterThanOrEqual(2_000);
  // Long before the handler is done.
  expect(took).toBeLessThan(7_000);
  await until(() => stage.told("blocking", "CommandRefused").length > 0, "the late result");
  expect(stage.told("blocking", "CommandRefused")[0]?.event).toMatchObject({ code: "AttemptOver" });
  await until(
    () => said.some(({ problem }) => problem?.includes("stood still") === true),
    "the worker's word",
  );
  const problem = said.find((one) => one.problem?.includes("stood still") === true)?.problem;
  expect(problem).toMatch(/stood still for \d{4} ms.*At work was deed blocking\/j1\/1/);
  expect(stage.told("blocking", "AttemptFailed")).toHaveLength(1);
  expect(deaths()).toBe(0);
});

test.each([-600_000, -50 * 366 * 86_400_000, 600_000, 5 * 366 * 86_400_000])(
  "a worker whose clock is wrong by %i ms does a job of a second and a half within its limit of a minute, and its start is by the log's time",
  async (wrongBy) => {
    const stage = await openStage();
    keepRunning(stage.url, wrongBy);
    await stage.start("r", "one", "wait");
    await until(() => stage.told("r", "RunCompleted").length > 0, "its end");
    expect(stage.told("r", "AttemptFailed")).toEqual([]);
    const [began] = stage.told("r", "AttemptStarted");
    const [requested] = stage.told("r", "AttemptRequested");
    const startedAt = began?.event.type === "AttemptStarted" ? began.event.startedAt : 0;
    expect(startedAt).toBeGreaterThanOrEqual(requested?.at ?? 0);
    expect(startedAt).toBeLessThanOrEqual(began?.at ?? 0);
  },
);

test("attempts that timed out while they waited are not carried out, wherever they waited", async () => {
  const stage = await openStage();
  const carriedOut: string[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const jobs = {
    deed: async (_: unknown, { runId }: { readonly runId: string }) => {
      carriedOut.push(runId);
      await held;
      return "done";
    },
  };
  const busy = worker({ log: stage.connect(), concurrency: 1, jobs });
  onTestFinished(() => busy.stop({ graceMs: 0 }));
  await stage.start("first", "one", "x");
  await until(() => carriedOut.length === 1, "the worker to be busy");
  const late = ["a", "b", "c", "d", "e"];
  for (const runId of late) await stage.start(runId, "soon", "x");
  await until(() => late.every((runId) => stage.told(runId, "JobStuck").length > 0), "their time-outs");
  release();
  await stage.start("last", "one", "x");
  await until(() => stage.told("last", "RunCompleted").length > 0, "what came after them");
  expect(carriedOut).toEqual(["first", "last"]);
  // Nor by a worker that comes later and knows nothing of the log's time yet.
  await busy.stop();
  for (const runId of late) await stage.start(`${runId}2`, "soon", "x");
  await until(() => late.every((runId) => stage.told(`${runId}2`, "JobStuck").length > 0), "their time-outs");
  const fresh = worker({ log: stage.connect(), concurrency: 1, jobs });
  onTestFinished(() => fresh.stop({ graceMs: 0 }));
  await stage.start("very-last", "one", "x");
  await until(() => stage.told("very-last", "RunCompleted").length > 0, "what came after them");
  expect(carriedOut).toEqual(["first", "last", "very-last"]);
});

test("no attempt waits in the hands of a busy worker while another one is idle", async () => {
  const stage = await openStage();
  const carriedOut: string[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const busy = worker({
    log: stage.connect(),
    concurrency: 1,
    jobs: { deed: () => held.then(() => "done") },
  });
  onTestFinished(() => busy.stop());
  onTestFinished(() => release());
  await stage.start("r0", "one", "x");
  await until(() => busy.running === 1, "the worker to be busy");
  for (let number = 1; number <= 4; number++) await stage.start(`r${number}`, "one", "x");
  const idle = worker({
    log: stage.connect(),
    concurrency: 1,
    jobs: { deed: (_: unknown, { runId }: { readonly runId: string }) => void carriedOut.push(runId) },
  });
  onTestFinished(() => idle.stop());
  await until(() => carriedOut.length === 4, "all others, by the idle one");
  expect(carriedOut).toEqual(["r1", "r2", "r3", "r4"]);
});
