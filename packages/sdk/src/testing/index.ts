import "../require-node.ts";

export {
  type HandledJob,
  type Handler,
  type HandlersByName,
  handle,
  type JobContext,
} from "../worker/index.ts";
export { neverAnswers, type TestJobs } from "./job-handlers.ts";
export { HistoryDivergedError, type ReplayOptions, replay } from "./replay.ts";
export type { ShownAttempt, ShownCompensation, ShownEvent, ShownFailure } from "./shown-history.ts";
export {
  type TestEnvironment,
  type TestEnvironmentOptions,
  type TestStartOptions,
  testEnvironment,
} from "./test-environment.ts";
export { TestEnvironmentError, type TestEnvironmentErrorCode } from "./test-environment-error.ts";
export type { ExportedHistory, TestRun, TestRunStatus } from "./test-run.ts";
