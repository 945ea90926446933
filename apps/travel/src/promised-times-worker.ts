import { RetryLaterError } from "@downbeat/sdk";
import { handle, type Worker, worker } from "@downbeat/sdk/worker";
import { beatsAtMs, retryLaterMs, timedJobs } from "./promised-times.ts";

/** Handlers that fail, or do nothing until their attempt is over. */
export function promisedTimesWorker(onProblem: (problem: string) => void): Worker {
  const untilOver = (signal: AbortSignal) =>
    new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
  return worker({
    concurrency: 500,
    onProblem,
    jobs: [
      handle(timedJobs.failing, () => {
        throw new Error("It fails each time.");
      }),
      handle(timedJobs.later, () => {
        throw new RetryLaterError("NotNow", "It is asked to wait.", retryLaterMs);
      }),
      handle(timedJobs.endless, (_, { signal }) => untilOver(signal)),
      handle(timedJobs.silent, (_, { signal }) => untilOver(signal)),
      handle(timedJobs.beating, (_, { signal, heartbeat }) => {
        for (const at of beatsAtMs) setTimeout(() => heartbeat(), at);
        return untilOver(signal);
      }),
    ],
  });
}
