import { expect, test } from "vitest";
import { client } from "../src/client/index.ts";
import { job, workflow } from "../src/index.ts";
import { testEnvironment } from "../src/testing/index.ts";
import { worker } from "../src/worker/index.ts";
import { openTestLog } from "./open-log.ts";

test("clients, runs, workers and test environments may be taken apart, and what is taken be passed on", async () => {
  const pay = job<number, string>("pay");
  const shop = workflow("shop", async ({ job: ask, signal }, cents: number) => {
    const receipt = await ask(pay, cents);
    return `${receipt} ${await signal<string>("go")}`;
  });
  const { start, close: end } = await testEnvironment({
    workflows: [shop],
    jobs: {
      pay: async (cents: number, { heartbeat, log, attempt }) => {
        heartbeat({ cents });
        log.info("paying");
        return `paid ${attempt}`;
      },
    },
  });
  const { signal, result } = await start(shop, 7);
  await signal("go", "went");
  expect(await result()).toBe("paid 1 went");
  await end();

  await using opened = await openTestLog(1);
  const { run, close } = client({ log: opened.connect() });
  const handles = ["a", "b"].map((runId) => run(runId));
  const { result: resultOfA } = handles[0] ?? run("a");
  await expect(resultOfA({ onStuck: "fail" } as never)).rejects.toThrow("onStuck can't be");
  await close();
  const { stop, ready } = worker({ log: opened.connect(), jobs: { pay: async () => "paid" } });
  await ready;
  await stop();
});
