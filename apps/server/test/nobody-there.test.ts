import { job, workflow } from "@downbeat/sdk";
import { expect, test } from "vitest";
import { openEngineering, startServer, until } from "./stack.ts";

const engraveRing = job("engraveRing");
const wedding = workflow("wedding", async (run) => {
  await run.job(engraveRing, null);
});

test("what waits for a job that nobody ever served is open, counted, and a cause on Attention", async () => {
  await using engineering = await openEngineering(undefined, { workflows: [wedding] });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const { api } = server;
  for (const runId of ["w-1", "w-2"])
    await api.runs.start.mutate({ runId, workflow: "wedding", input: "null", actionId: runId });
  await until(async () => (await api.jobs.list.query({ status: ["scheduled"] })).count === 2);
  await until(async () => (await api.attention.list.query()).runs === 2);

  const { groups, items, causes } = await api.attention.list.query();
  expect(causes).toBe(1);
  expect(groups).toMatchObject([
    {
      kind: "noWorker",
      jobType: "engraveRing",
      count: 2,
      runs: 2,
      message: "No worker for engraveRing is connected.",
    },
  ]);
  expect(items.map(({ runId }) => runId)).toEqual(["w-1", "w-2"]);

  // A range in which nothing happened hides none of it.
  const overview = await api.overview.get.query({ from: 0, to: 3_600_000 });
  expect(overview.byJobType).toMatchObject([{ jobType: "engraveRing", completed: 0, open: { waiting: 2 } }]);
  expect(overview.waits).toEqual(groups);
});
