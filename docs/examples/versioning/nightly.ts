import { job, workflow } from "@downbeat/sdk";

const collect = job<{ day: string }, number>("collect");
const publish = job<{ rows: number }>("publish");

export const nightly = workflow("nightly", { versioning: "pinned" }, async (run, input: { day: string }) => {
  const rows = await run.job(collect, input);
  await run.job(publish, { rows });
});
