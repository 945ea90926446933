import { runningCode } from "../running-code.ts";
import { containPassing } from "../stray-rejections.ts";
import { thrownText } from "../thrown/read-thrown.ts";
import { type Logger, type LogLevel, silent } from "./logger.ts";
import { plainLogger } from "./plain-logger.ts";

/** As an option: `false` for none. */
export type LoggerOption = Logger | false;

/**
 * The logger as it is called here: apart from whatever code is running, whose clock and whose bounds are not the logger's, and so that one that fails ends nothing.
 *
 * @param given the first that is given counts
 */
export function loggerOf(...given: readonly (LoggerOption | undefined)[]): Logger {
  const logger = given.find((each) => each !== undefined) ?? plainLogger;
  return logger === false ? silent : careful(logger);
}

function careful(logger: Logger): Logger {
  let hasFailed = false;
  const method =
    (level: LogLevel) =>
    (fields: object, message: string): void => {
      try {
        runningCode.run(undefined, () => containPassing(() => logger[level](fields, message)));
      } catch (thrown) {
        if (!hasFailed)
          process.emitWarning(`The logger failed: ${thrownText(thrown)} It was to log: ${message}`);
        hasFailed = true;
      }
    };
  return { debug: method("debug"), info: method("info"), warn: method("warn"), error: method("error") };
}
