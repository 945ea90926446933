import { job, workflow } from "@downbeat/sdk";
import { HistoryDivergedError, replay, testEnvironment } from "@downbeat/sdk/testing";
import { expect, test } from "vitest";
import { approveOrder } from "./approve-order.ts";

const askManager = job<{ order: string }>("askManager");
const ship = job<{ order: string }>("ship");
const jobs = { askManager: () => {}, askDirector: () => {}, ship: () => {} };

/** As it was deployed when the run began. */
const before = workflow("approveOrder", async (run, order: { order: string }) => {
  await run.job(askManager, order);
  await run.sleep("1 day");
  await run.job(ship, order);
});

async function openRun() {
  const env = await testEnvironment({ workflows: [before], jobs });
  const run = await env.start(before, { order: "A-17" });
  await env.close();
  return run.history();
}

test("a run that is under way goes on with the changed code", async () => {
  await replay(await openRun(), approveOrder);
});

test("without run.version it would get stuck", async () => {
  const hasty = workflow("approveOrder", async (run, order: { order: string }) => {
    await run.job(askManager, order);
    await run.job(job<{ order: string }>("askDirector"), order);
  });
  await expect(replay(await openRun(), hasty)).rejects.toThrow(HistoryDivergedError);
});

test("a new run asks the director", async () => {
  const env = await testEnvironment({ workflows: [approveOrder], jobs });
  const run = await env.start(approveOrder, { order: "A-18" });
  await run.result();
  expect(run.attempts().map(({ job }) => job)).toEqual(["askManager", "askDirector", "ship"]);
  await env.close();
});
