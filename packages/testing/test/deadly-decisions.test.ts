import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "@downbeat/domain";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { parseHistoryRecord, subscriptions, topics } from "@downbeat/protocol";
import { client } from "@downbeat/sdk/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { engineWithoutCode } from "../../sdk/test/engine-without-code.ts";
import { hostedByWorkers } from "../src/hosted-by-workers.ts";

// Processes start one after another, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 180_000 });

const innocents = Array.from({ length: 6 }, (_, number) => `innocent-${number}`);

/**
 * A worker that a supervisor keeps running, and whose code of one workflow ends its process.
 *
 * @param counting whether the log still knows how often it delivered something when its only worker is gone
 */
async function opened(counting: "counts" | "forgets" = "counts") {
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const server = await serve(embedded, { port: 0 });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const engine = await engineWithoutCode(() => embedded.connect(), {
    partitions: 1,
    delegation: hostedByWorkers,
  });
  const told = new Map<string, RunEvent[]>();
  await log.openReader(topics.history(0), {
    from: "earliest",
    onMessage: ({ payload }) => {
      const record = parseHistoryRecord(payload);
      if (record?.kind !== "decisions") return;
      for (const { runId, events } of record.decisions)
        told.set(runId, [...(told.get(runId) ?? []), ...events]);
    },
  });
  const starting = client({ log: embedded.connect(), answerWithin: "1 minute" });
  let deaths = 0;
  let isOver = false;
  let running: ChildProcess;
  const start = (): void => {
    running = fork(fileURLToPath(new URL("deciding-child.ts", import.meta.url)), [server.url, counting], {
      stdio: "ignore",
    });
    running.once("exit", () => {
      if (isOver) return;
      deaths++;
      start();
    });
  };
  start();
  onTestFinished(async () => {
    isOver = true;
    running.kill("SIGKILL");
    await starting.close();
    await engine.stop();
    await server.close();
    await embedded.close();
  });
  const types = (runId: string) => (told.get(runId) ?? []).map(({ type }) => type);
  const until = (condition: () => boolean, what: string) =>
    vi.waitFor(() => expect(condition(), what).toBe(true), { timeout: 120_000, interval: 20 });
  const isAnythingAsked = async (workflow: string) =>
    (await log.backlogOf(topics.decisions(workflow), subscriptions.deciders))?.messages !== 0;
  return { starting, told, types, until, isAnythingAsked, deaths: () => deaths };
}

test.each(["counts", "forgets"] as const)(
  "code that ends its worker gets its run stuck, and all others go on, on a log that %s",
  async (counting) => {
    const { starting, told, types, until, deaths, isAnythingAsked } = await opened(counting);
    await starting.start("deadly", null, { runId: "deadly" });
    await Promise.all(innocents.map((runId) => starting.start("innocent", null, { runId })));
    await until(() => types("deadly").includes("RunStuck"), "stuck");
    expect(told.get("deadly")?.at(-1)).toMatchObject({
      failure: { name: "WorkerEnded", message: expect.stringContaining("workers that host deadly") },
    });
    for (const runId of innocents) {
      await until(() => types(runId).includes("RunCompleted"), runId);
      expect(types(runId)).not.toContain("RunStuck");
    }
    // Nothing of it is left that would end the next worker.
    await vi.waitFor(async () => expect(await isAnythingAsked("deadly")).toBe(false), { timeout: 60_000 });
    expect(deaths()).toBeLessThan(12);
  },
);

test("a run that ends its workers ends one more at most when it is terminated, and stays ended", async () => {
  const { starting, types, until, deaths, isAnythingAsked } = await opened();
  const run = await starting.start("deadly", null, { runId: "deadly" });
  // The second worker knows nothing of the run: from the question that tells it all on, one comes back.
  await until(() => deaths() > 1, "two deaths");
  await run.terminate("It ends workers.");
  await until(() => types("deadly").includes("RunTerminated"), "terminated");
  const before = deaths();
  await Promise.all(innocents.map((runId) => starting.start("innocent", null, { runId })));
  for (const runId of innocents) await until(() => types(runId).includes("RunCompleted"), runId);
  // From then on, no worker gets to see what it asked.
  await vi.waitFor(async () => expect(await isAnythingAsked("deadly")).toBe(false), { timeout: 120_000 });
  expect(deaths() - before).toBeLessThanOrEqual(1);
  const after = types("deadly").slice(types("deadly").indexOf("RunTerminated") + 1);
  // A worker that is given the step once more asks whether it may begin, and is told that it may not.
  expect(after.filter((type) => type !== "CommandRefused")).toEqual([]);
});
