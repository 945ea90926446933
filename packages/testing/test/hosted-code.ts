import { BusinessError, job, workflow } from "@downbeat/sdk";

/** Loaded by the decision threads of the workers of `hosted-workflows.test.ts`. */

const retry = { maxAttempts: 2, initialIntervalMs: 50 };
const pay = job<number, string>("pay", { retry });
const fly = job<string, string>("fly", { retry });
const refund = job<string, string>("refund", { retry });

export const trip = workflow("trip", async (run, amount: number) => {
  const receipt = await run.job(pay, amount);
  run.compensate(refund, receipt);
  const approved = await run.signal<boolean>("approval", { timeout: "20 seconds" });
  if (approved !== true) throw new BusinessError("NotApproved", "no");
  const [flight] = await Promise.all([run.job(fly, "out"), run.job(fly, "back")]);
  return `${receipt} ${flight}`;
});
export const large = workflow("large", async (run, parts: number) => {
  await Promise.all(Array.from({ length: parts }, () => run.job(fly, "漢".repeat(40_000))));
  return "all";
});

export const spins = workflow("spins", async (run) => {
  await run.job(pay, 0);
  for (;;);
});
