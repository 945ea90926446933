import "./require-node.ts";

export {
  type Encrypted,
  encryptedOf,
  encryptedPayload,
  type JobOptions,
  type Labels,
  type RetryPolicy,
} from "@downbeat/domain";
export { PayloadKey, UnreadablePayload } from "@downbeat/protocol";
export { type NextWeekday, nextWeekday, type Weekday } from "./calendar.ts";
export { type AesCodecOptions, aesCodec, type FoundPayloadKey, type PayloadKeys } from "./codec/aes-codec.ts";
export { type KeyFileOptions, keysFromEnvironment, keysFromFile } from "./codec/key-file.ts";
export type { PayloadAbout, PayloadCodec, SaidLabels } from "./codec/payload-codec.ts";
export { PayloadUnreadableError } from "./codec/payloads.ts";
export { type Connection, connect } from "./connection/connect.ts";
export type { ConnectOptions, OAuthOptions } from "./connection/connect-options.ts";
export type { Duration } from "./duration.ts";
export {
  BusinessError,
  JobCancelledError,
  JobFailedError,
  NonRetryableError,
  RetryLaterError,
  RunCancelledError,
} from "./errors.ts";
export type { Failure, FailureCause } from "./failure-value.ts";
export { type AnyJob, type Job, type JobSettings, job } from "./job.ts";
export type { LoggerOption } from "./logging/careful-logger.ts";
export type { Log, Logger, LogMethod } from "./logging/logger.ts";
export type { InputArgs, NoSignals, Run, SignalSchemas } from "./run.ts";
export { type AnyWorkflow, type Workflow, type WorkflowSettings, workflow } from "./workflow.ts";
