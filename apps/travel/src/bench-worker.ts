import type { MessageLog } from "@downbeat/message-log";
import { handle, type Worker, worker } from "@downbeat/sdk/worker";
import { benchJobs } from "./bench-workflow.ts";

/** Handlers that do nothing, a thousand at a time. */
export function benchWorker(log: MessageLog, onProblem: (problem: string, error?: Error) => void): Worker {
  const confirm = ({ tripId }: { readonly tripId: string }) => ({ id: tripId });
  return worker({
    log,
    concurrency: 500,
    jobs: Object.values(benchJobs).map((job) => handle(job, confirm)),
    onProblem,
  });
}
