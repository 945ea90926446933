import { field } from "../thrown/careful.ts";
import { readThrown } from "../thrown/read-thrown.ts";
import { shownFields, shownText } from "../thrown/shown-value.ts";
import type { Logger, LogLevel } from "./logger.ts";

const longestField = 500;

/**
 * Where nobody gives a logger: lines on stderr, for people. What is said for debugging is left out.
 *
 * ```text
 * 09:00:12.345 WARN  Waiting for the log. connect ECONNREFUSED 127.0.0.1:8080 address="ws://127.0.0.1:8080 public/default"
 * ```
 */
export const plainLogger: Logger = {
  debug: () => {},
  info: (fields, message) => write("info", fields, message),
  warn: (fields, message) => write("warn", fields, message),
  error: (fields, message) => write("error", fields, message),
};

/** The same without what is only told. */
export const warnings: Logger = { ...plainLogger, info: () => {} };

function write(level: LogLevel, fields: object, message: string): void {
  // No line is worth the worker: without a listener, one that can't be written (a file on a full disk) ends the process.
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
  process.stderr.write(`${plainLine(new Date(), level, fields, message)}\n`);
}

/** The error is told at the end of the sentence; its stack follows where it is of the author's code. */
export function plainLine(at: Date, level: LogLevel, fields: object, message: string): string {
  const thrown = field(fields, "err");
  const error = thrown === undefined ? undefined : readThrown(thrown);
  const isSaid = error === undefined || message.includes(error.message);
  const sentence = isSaid ? message : `${message} ${error.message}`.trim();
  const shown = Object.entries(shownFields(fields, ["err"]) ?? {}).map(
    ([name, value]) => ` ${name}=${shownText(value, longestField)}`,
  );
  const stack = level === "error" && error?.stack !== undefined ? `\n${frames(error.stack)}` : "";
  const time = at.toISOString().slice(11, 23);
  return `${time} ${level.toUpperCase().padEnd(5)} ${sentence}${shown.join("")}${stack}`.trimEnd();
}

/** Without the message, which is said already. */
function frames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
}
