export { isAlive, noteToken, tokenFileName } from "@downbeat/wire";
export { logFileName } from "./backup-directory.ts";
export type { Damage } from "./damage-report.ts";
export {
  type Compacted,
  type ConnectOptions,
  type EmbeddedLog,
  type EmbeddedLogOptions,
  openEmbeddedLog,
} from "./embedded-log.ts";
export { LogFile } from "./log-file.ts";
export { LogToken, type LogTokenOptions } from "./log-token.ts";
export { EmbeddedLogOpenError } from "./open-error.ts";
export { type Restored, restore } from "./restore.ts";
export type { Retention, RetentionRules } from "./retention.ts";
export { backUpRunning, notedLog, noteRunningLog, type RunningLog } from "./running-log.ts";
export { type LogServer, type ServeOptions, serve } from "./server/serve.ts";
export type { TopicOfFile } from "./topic-of-file.ts";
