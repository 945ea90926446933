import { openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import { workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, test } from "vitest";

/** In the order in which they are asked for, ms. */
const sleeps = [700, 300, 900, 300, 500];

const naps = workflow("naps", async (run) => {
  const woken: string[] = [];
  const sleep = async (ms: number, index: number) => {
    await run.sleep(ms);
    woken.push(`${ms} ms, asked for as number ${index + 1}`);
  };
  await Promise.all(sleeps.map(sleep));
  return woken;
});

test("sleeps that end while no engine is there end in the order in which they were due", async () => {
  const log = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  for (const topic of ["inbox", "history"]) await log.connect().createPartitionedTopic(topic, 1);
  const startEngine = (owner: string): Engine => {
    const engine = new Engine({
      log: log.connect({ deliver: "beforeCommit" }),
      decisions: inProcessDecisions([naps]),
      partitions: 1,
      owner,
      clock: systemClock,
      wallClock: Date.now,
      store: () => new MemoryStateStore(),
      tickMs: 300,
    });
    engine.start();
    return engine;
  };
  const first = startEngine("first");
  const user = client({ log: log.connect(), actor: "ada", answerWithin: 60_000 });
  const handle = await user.start(naps, undefined, { runId: "r" });
  await first.stop();
  const longest = Date.now() + Math.max(...sleeps);
  await expect.poll(() => Date.now(), { timeout: 20_000 }).toBeGreaterThan(longest);
  const second = startEngine("second");
  try {
    expect(await handle.result({ timeout: "30 seconds" })).toEqual([
      "300 ms, asked for as number 2",
      "300 ms, asked for as number 4",
      "500 ms, asked for as number 5",
      "700 ms, asked for as number 1",
      "900 ms, asked for as number 3",
    ]);
  } finally {
    await user.close();
    await second.stop();
    await log.close();
  }
}, 60_000);
