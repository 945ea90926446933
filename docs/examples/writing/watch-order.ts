import { job, workflow } from "@downbeat/sdk";

const pollOrder = job("pollOrder");

export const watchOrder = workflow("watchOrder", async (run) => {
  for (;;) {
    const stop = await Promise.race([run.signal("stop"), run.sleep("1 minute")]);
    if (stop !== undefined) return stop;
    await run.job(pollOrder);
  }
});
