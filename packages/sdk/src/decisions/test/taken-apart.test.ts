import type { EventOf } from "@downbeat/domain";
import { expect, test } from "vitest";
import { job, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

const pay = job<number, string>("pay");
const refund = job<string>("refund");

test("a workflow may take what it is given apart, and pass on what it has taken", async () => {
  const anyway = async (pause: (ms: number) => Promise<void>) => {
    await pause(5);
    return "paused";
  };
  const code = workflow(
    "apart",
    async (
      { id, log, job: ask, compensate, sleep, sleepUntil, signal, now, random, uuid, version, setLabels },
      cents: number,
    ) => {
      log.info("begins");
      setLabels({ id });
      const receipt = await ask(pay, cents);
      compensate(refund, receipt);
      const ids = [uuid, uuid].map((make) => make());
      const paused = await anyway(sleep);
      await sleepUntil(now().getTime() + 1);
      const said = await signal<string>("go");
      return [receipt, paused, said, new Set(ids).size, random() < 1, version("change", 2)];
    },
  );
  const run = new DrivenRun("apart", inProcessDecisions([code]).openSession());
  await run.start(7);
  await run.complete("j1", "paid");
  await run.fire("t1");
  await run.fire("t2");
  await run.signal("go", "went");
  const { output } = run.last as EventOf<"RunCompleted">;
  expect(JSON.parse(output)).toEqual(["paid", "paused", "went", 2, true, 2]);
});
