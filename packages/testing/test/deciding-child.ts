import { AsyncResource } from "node:async_hooks";
import { openPulsarLog } from "@downbeat/pulsar";
import { job, workflow } from "@downbeat/sdk";
import { worker } from "@downbeat/sdk/worker";

// Run by deadly-decisions.test.ts.
const [url = "", counting] = process.argv.slice(2);

/** As the system would, which asks no workflow code's leave. */
const die = AsyncResource.bind(() => process.kill(process.pid, "SIGKILL"));
const step = job<number>("step");

const log = openPulsarLog({ serviceUrl: url, tenant: "public", namespace: "default" });
const openConsumer = log.openConsumer.bind(log);
if (counting === "forgets")
  log.openConsumer = (topic, options) =>
    openConsumer(topic, {
      ...options,
      // As a broker whose only consumer is gone: this process knows of no delivery before its own.
      onMessage: (message) => options.onMessage({ ...message, redeliveryCount: 0 }),
    });

await worker({
  log,
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
