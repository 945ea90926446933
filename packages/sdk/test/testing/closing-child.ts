import { job, workflow } from "../../src/index.ts";
import { neverAnswers, testEnvironment } from "../../src/testing/index.ts";

const work = job("work");
const hangs = workflow("hangs", async (run) => {
  await Promise.all([run.job(work), run.sleep("1 year" as never).catch(() => run.sleep("52 weeks"))]);
});

const env = await testEnvironment({ workflows: [hangs], jobs: { work: neverAnswers } });
await env.start(hangs);
env.after("1 day", () => {});
await env.skip("1 minute");
await env.close();
console.log("closed");
