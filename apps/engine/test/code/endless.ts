import { job, workflow } from "@downbeat/sdk";

const step = job<number>("step");

const steps = workflow("steps", async (run, count: number) => {
  for (let i = 0; i < count; i++) await run.job(step, i);
});

const endless = workflow("endless", async (run) => {
  await run.job(step, 1);
  for (;;);
});

export const workflows = [steps, endless];
