import { job, type Run, workflow } from "@downbeat/sdk";

const never = { maxAttempts: 1 };

/** Jobs whose attempts end as the documentation says when. */
export const timedJobs = {
  failing: job<null>("timedFailing", {
    retry: { maxAttempts: 4, initialIntervalMs: 1_000, coefficient: 2, maxIntervalMs: 3_000, jitter: 0 },
    whenExhausted: "fail",
  }),
  later: job<null>("timedLater", {
    retry: { maxAttempts: 2, initialIntervalMs: 100, jitter: 0 },
    whenExhausted: "fail",
  }),
  endless: job<null>("timedEndless", { retry: never, startToCloseMs: 2_000, whenExhausted: "fail" }),
  silent: job<null>("timedSilent", { retry: never, heartbeatMs: 3_000, whenExhausted: "fail" }),
  beating: job<null>("timedBeating", { retry: never, heartbeatMs: 3_000, whenExhausted: "fail" }),
  /** No worker has it. */
  unserved: job<null>("timedUnserved", { retry: never, scheduleToStartMs: 2_000, whenExhausted: "fail" }),
};

/** When its beats come, ms after it began; then it is silent. Each is within `heartbeatMs` of the one before. */
export const beatsAtMs = [1_400, 4_300];
export const retryLaterMs = 1_500;
export const sleepMs = 2_000;
export const signalTimeoutMs = 2_500;

/** All of them side by side. Each ends by time alone. */
export const promisedTimes = workflow("promisedTimes", async (run: Run) => {
  await Promise.allSettled([
    ...Object.values(timedJobs).map((timed) => run.job(timed, null)),
    run.sleep(sleepMs),
    run.signal("never", { timeout: signalTimeoutMs }),
  ]);
});
