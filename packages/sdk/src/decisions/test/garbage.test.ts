import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { job } from "../../job.ts";
import { workflow } from "../../workflow.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("a coroutine that was put out of the cache, forgotten or closed is garbage, with all its promises", async () => {
  const alive: WeakRef<object>[] = [];
  const code = workflow("held", async (run) => {
    const local = { big: new Array(1_000).fill(0) };
    alive.push(new WeakRef(local));
    await Promise.all([run.job(job("a")), run.sleep(5), run.signal("s")]);
    return local.big.length;
  });
  const session = inProcessDecisions([code], { maxCachedRuns: 1 }).openSession();
  for (let i = 0; i < 20; i++) await new DrivenRun("held", session, `run-${i}`).start();
  const countAlive = async (): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
    return alive.filter((ref) => ref.deref() !== undefined).length;
  };
  expect(await countAlive()).toBe(1);
  session.forget("run-19");
  expect(await countAlive()).toBe(0);
});
