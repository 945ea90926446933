import type { Permission } from "@downbeat/api/policy";
import type { PersonVerb } from "./target.ts";

/** What one has to be allowed, to ask for it. */
export const needs: Readonly<Record<PersonVerb, Permission>> = {
  retryJob: "steerJobs",
  cancelJob: "steerJobs",
  completeJob: "steerJobs",
  runJobNow: "steerJobs",
  cancelRun: "endRuns",
  terminateRun: "endRuns",
  resumeRun: "repairRuns",
  repairRun: "repairRuns",
  sendSignal: "sendSignals",
  postponeRetry: "steerTimers",
  timeOutJob: "steerTimers",
  fireTimer: "steerTimers",
  postponeTimer: "steerTimers",
  liftTimeout: "steerTimers",
};
