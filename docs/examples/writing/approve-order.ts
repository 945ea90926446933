import { job, workflow } from "@downbeat/sdk";

const askManager = job<{ order: string }>("askManager");
const askDirector = job<{ order: string }>("askDirector");
const ship = job<{ order: string }>("ship");

export const approveOrder = workflow("approveOrder", async (run, order: { order: string }) => {
  await run.job(askManager, order);
  if (run.version("director-too", 2) >= 2) await run.job(askDirector, order);
  await run.sleep("1 day");
  await run.job(ship, order);
});
