import { openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import { type AnyWorkflow, job, workflow } from "@downbeat/sdk";
import { type Client, client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { type HandlersByName, worker } from "@downbeat/sdk/worker";
import { expect, test } from "vitest";

/** The product in one process, as it is used. */
async function opened(code: AnyWorkflow, jobs: HandlersByName) {
  const log = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  for (const topic of ["inbox", "history"]) await log.connect().createPartitionedTopic(topic, 1);
  const engine = new Engine({
    log: log.connect({ deliver: "beforeCommit" }),
    decisions: inProcessDecisions([code]),
    partitions: 1,
    owner: "engine",
    clock: systemClock,
    wallClock: Date.now,
    store: () => new MemoryStateStore(),
    tickMs: 300,
  });
  engine.start();
  const hosted = worker({ log: log.connect(), jobs });
  await hosted.ready;
  const user = client({ log: log.connect(), actor: "ada", answerWithin: 60_000 });
  return {
    user,
    async [Symbol.asyncDispose]() {
      await user.close();
      await hosted.stop({ graceMs: 100 });
      await engine.stop();
      await log.close();
    },
  };
}

/** A handler that ends some time after it was told to, as one that has to clean up. */
function slowToEnd(notes: string[]) {
  return (_: unknown, { signal }: { signal: AbortSignal }): Promise<string> =>
    new Promise((resolve) => {
      notes.push("begins");
      signal.addEventListener("abort", () => {
        notes.push((signal.reason as Error).message);
        setTimeout(() => {
          notes.push("ends");
          resolve("done");
        }, 100);
      });
    });
}

const slow = job<undefined, string>("slow");
const undo = job("undo");

async function begins(user: Client, runId: string, notes: readonly string[]) {
  const handle = await user.start("race", null, { runId });
  await expect.poll(() => notes, { timeout: 20_000 }).toContain("begins");
  return handle;
}

test("the handler of a job that lost its race is told when the run is completed", async () => {
  const notes: string[] = [];
  const race = workflow("race", async (run) => Promise.race([run.job(slow), run.signal("go")]));
  await using stage = await opened(race, { slow: slowToEnd(notes) });
  const handle = await begins(stage.user, "r", notes);
  await handle.signal("go", "first");
  expect(await handle.result({ timeout: "20 seconds" })).toBe("first");
  await expect
    .poll(() => notes, { timeout: 20_000 })
    .toEqual(["begins", "slow was called off: its run has ended without waiting for it.", "ends"]);
}, 60_000);

test("the handler of a cancelled job is told, and what undoes it begins when it has ended", async () => {
  const notes: string[] = [];
  const race = workflow("race", async (run) => {
    run.compensate(undo);
    await run.job(slow);
  });
  await using stage = await opened(race, {
    slow: slowToEnd(notes),
    undo: () => void notes.push("undone"),
  });
  const handle = await begins(stage.user, "r", notes);
  await stage.user.run("r").cancelJob("j1", "the customer called");
  await expect(handle.result({ timeout: "20 seconds" })).rejects.toThrow();
  expect(notes).toEqual(["begins", "slow was called off: the job was cancelled.", "ends", "undone"]);
}, 60_000);
