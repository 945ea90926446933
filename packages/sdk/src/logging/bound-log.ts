import { isInstance } from "../thrown/careful.ts";
import { thrownText } from "../thrown/read-thrown.ts";
import { shownText } from "../thrown/shown-value.ts";
import type { Log, Logger, LogLevel, LogMethod } from "./logger.ts";

const longestMessage = 2_000;

/**
 * A log whose lines carry the given fields. What is written goes to the logger as it is: an error stays an error.
 *
 * @param logger that never throws
 */
export function boundLog(logger: Logger, fields: Readonly<Record<string, unknown>>): Log {
  const method =
    (level: LogLevel): LogMethod =>
    (first: object | string, second?: unknown): void => {
      const { given, message } = read(first, second);
      try {
        // Ours come first, and are not overwritten.
        logger[level](Object.assign({ ...fields }, given, fields), message);
      } catch (thrown) {
        logger[level](fields, `${message} (its fields could not be read: ${thrownText(thrown)})`);
      }
    };
  return { debug: method("debug"), info: method("info"), warn: method("warn"), error: method("error") };
}

function read(first: unknown, second: unknown): { readonly given: unknown; readonly message: string } {
  if (typeof first === "string") return { given: typeof second === "object" ? second : {}, message: first };
  if (isInstance(first, Error)) return { given: { err: first }, message: text(second ?? thrownText(first)) };
  return { given: first, message: text(second ?? "") };
}

function text(given: unknown): string {
  return typeof given === "string" ? given : shownText(given, longestMessage);
}
