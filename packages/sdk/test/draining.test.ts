import { expect, test } from "vitest";
import { client } from "../src/client/index.ts";
import { job, workflow } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { engineWithoutCode } from "./engine-without-code.ts";
import { openTestLog } from "./open-log.ts";

test("a worker that stops lets runs go on elsewhere while it waits for its jobs", async () => {
  await using opened = await openTestLog();
  const engine = await engineWithoutCode(() => opened.connect(), { partitions: 2 });
  const quick = workflow("quick", async () => "done");
  const slow = job("slow");
  const host = workflow("host", async (run) => run.job(slow));
  const begun = Promise.withResolvers<void>();
  const released = Promise.withResolvers<string>();
  const hosted = (name: string) =>
    worker({
      log: opened.connect(),
      name,
      build: "1",
      isolation: "none",
      workflows: [quick, host],
      jobs: {
        slow: () => {
          begun.resolve();
          return released.promise;
        },
      },
    });
  const first = hosted("first");
  await first.ready;
  const caller = client({ log: opened.connect() });
  const held = await caller.start(host);
  await begun.promise;
  const second = hosted("second");
  await second.ready;
  const stopped = first.stop({ graceMs: 60_000 });
  // So many that some would be the first worker's by their keys.
  const runs = await Promise.all(Array.from({ length: 12 }, () => caller.start(quick)));
  expect(new Set(await Promise.all(runs.map((run) => run.result())))).toEqual(new Set(["done"]));
  expect(first.running).toBe(1);
  released.resolve("at last");
  await stopped;
  expect(await held.result()).toBe("at last");
  await second.stop();
  await caller.close();
  await engine.stop();
});
