import { bulkHands, bulkJobs, type Services } from "@downbeat/api";
import type { MessageLog } from "@downbeat/message-log";
import { type JobContext, type Worker, worker } from "@downbeat/sdk/worker";
import type { Logger } from "pino";
import manifest from "../../package.json" with { type: "json" };
import { bulk } from "./workflow.ts";

/** Parts that are carried out at a time, of all bulk actions together. */
const concurrency = 8;

/** Takes part in all bulk actions of the namespace: any server of it may carry out the next part. */
export function hostBulk(services: Services, log: MessageLog, logger: Logger): Worker {
  const { list, act, look } = bulkHands(services);
  return worker({
    name: "downbeat server",
    // Another version's code may not fit what this one decided: they tell each other so by their builds.
    build: `downbeat ${manifest.version}`,
    log,
    logger,
    concurrency,
    workflows: [bulk],
    // Our own code: it ends, and needs no thread apart.
    isolation: "none",
    jobs: {
      [bulkJobs.list]: (input: unknown, attempt: JobContext) => list(input, attempt),
      [bulkJobs.act]: (input: unknown, attempt: JobContext) => act(input, attempt),
      [bulkJobs.look]: (input: unknown, attempt: JobContext) => look(input, attempt),
    },
  });
}
