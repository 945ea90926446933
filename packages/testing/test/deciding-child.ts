import { AsyncResource } from "node:async_hooks";
import { openPulsarLog } from "@downbeat/pulsar";
import { job, workflow } from "@downbeat/sdk";
import { worker } from "@downbeat/sdk/worker";

// Run by deadly-decisions.test.ts.
const [url = ""] = process.argv.slice(2);

/** As the system would, which asks no workflow code's leave. */
const die = AsyncResource.bind(() => process.kill(process.pid, "SIGKILL"));
const step = job<number>("step");

await worker({
  log: openPulsarLog({ serviceUrl: url, tenant: "public", namespace: "default" }),
  isolation: "none",
  build: "1",
  workflows: [
    workflow("deadly", async (run) => {
      await run.job(step, 1);
      die();
    }),
    workflow("innocent", async (run) => {
      for (let number = 0; number < 3; number++) await run.job(step, number);
    }),
  ],
  jobs: { step: async () => {} },
  logger: false,
}).ready;
