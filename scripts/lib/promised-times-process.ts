import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { promisedTimesWorker } from "../../apps/travel/src/promised-times-worker.ts";

/** The worker of `npm run bench -- promises`, in a process of its own. */
const log = openPulsarWebSocketLog({
  serviceUrl: process.env.DOWNBEAT_LOG_URL ?? "",
  tenant: "public",
  namespace: process.env.DOWNBEAT_NAMESPACE ?? "default",
});
const worker = promisedTimesWorker(log, (problem) => console.error(problem));

process.once("SIGTERM", async () => {
  await worker.stop({ graceMs: 0 });
  await log.close();
});
