/** How urgent a line is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * Takes lines: fields first, then the sentence. pino, bunyan and Fastify's logger are such objects as they are, and so is `console`; for one that takes them the other
 * way round, as winston, write four functions.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** `log.info("charged")`, or with fields before it: `log.info({ cents }, "charged")`. */
export interface LogMethod {
  (message: string): void;
  (fields: object, message?: string): void;
}

/** What handlers and workflow code write with. It never throws. */
export interface Log {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

/** One line. */
export interface LogLine {
  readonly level: LogLevel;
  readonly fields: object;
  readonly message: string;
}

export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {}
