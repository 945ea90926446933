import type { AnyWorkflow } from "@downbeat/sdk";
import { handle, type Worker, type WorkerOptions, worker } from "@downbeat/sdk/worker";
import { benchJobs } from "./bench-workflow.ts";

/** Handlers that do nothing, a thousand at a time. */
export function benchWorker(
  options: Pick<WorkerOptions, "log" | "onProblem">,
  workflows: readonly AnyWorkflow[] = [],
): Worker {
  const confirm = ({ tripId }: { readonly tripId: string }) => ({ id: tripId });
  return worker({
    ...options,
    concurrency: 500,
    workflows,
    jobs: Object.values(benchJobs).map((job) => handle(job, confirm)),
  });
}
