import { testEnvironment } from "@downbeat/sdk/testing";
import { expect, test } from "vitest";
import { nightly } from "./nightly.ts";

test("the rows that were collected are published", async () => {
  const env = await testEnvironment({ workflows: [nightly], jobs: { collect: () => 7, publish: () => {} } });
  const run = await env.start(nightly, { day: "2026-12-01" });
  await run.result();
  expect(run.attempts().map(({ job, input }) => ({ job, input }))).toEqual([
    { job: "collect", input: { day: "2026-12-01" } },
    { job: "publish", input: { rows: 7 } },
  ]);
  await env.close();
});
