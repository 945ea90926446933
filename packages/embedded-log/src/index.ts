export type { Damage } from "./damage-report.ts";
export {
  type ConnectOptions,
  type EmbeddedLog,
  type EmbeddedLogOptions,
  openEmbeddedLog,
} from "./embedded-log.ts";
export { EmbeddedLogOpenError } from "./open-error.ts";
export type { Retention, RetentionRules } from "./retention.ts";
export { type LogServer, type ServeOptions, serve } from "./server/serve.ts";
