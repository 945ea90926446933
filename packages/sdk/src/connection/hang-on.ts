import type { MessageLog } from "@downbeat/message-log";
import type { PayloadCodec } from "../codec/payload-codec.ts";
import { Payloads } from "../codec/payloads.ts";
import { isDecisionThread } from "../definitions/definitions.ts";
import { type LoggerOption, loggerOf } from "../logging/careful-logger.ts";
import type { Logger } from "../logging/logger.ts";
import { type Connection, connect } from "./connect.ts";
import { logStandingStill } from "./standing-still.ts";

/** How a worker or client is given its log. */
export interface LogOptions {
  /** As `connect()` gives it. Default: one of its own, as the environment says. */
  readonly connection?: Connection;
  /** For a log that `connect()` doesn't know, in place of a connection. It stays open. */
  readonly log?: MessageLog;
  /** Encrypts and decrypts payloads, see `connect()`. Default: the connection's. */
  readonly codec?: PayloadCodec | undefined;
  /** Where it says what there is to say: pino, `console` or whatever has their methods; `false` for nothing. Default: the connection's, else lines on stderr. */
  readonly logger?: LoggerOption;
}

export interface Hanging {
  readonly log: MessageLog;
  /** Where it leads, as far as that is known. */
  readonly address?: string;
  readonly logger: Logger;
  readonly payloads: Payloads;
  /** Called by whoever hangs on it, at its end. */
  readonly letGo: () => Promise<void>;
}

/**
 * @param what is given the options, e.g. `worker()`
 * @param end what hangs on the log, when its connection is closed
 * @throws TypeError when both are given; as `connect` when none is
 */
export function hangOn(
  what: string,
  { connection, log, logger: own, codec }: LogOptions,
  end: () => Promise<void>,
): Hanging {
  if (connection !== undefined && log !== undefined)
    throw new TypeError(
      `The options of ${what} can't be taken. Give a connection or a log of your own, not both.`,
    );
  const logger = loggerOf(own, connection?.logger);
  const payloads = new Payloads(codec ?? connection?.codec);
  if (isDecisionThread()) return { log: logStandingStill, logger, payloads, letGo: async () => {} };
  if (log !== undefined) return { log, logger, payloads, letGo: async () => {} };
  if (connection !== undefined) {
    const takeOff = connection.onClose(end);
    const { log, address } = connection;
    return { log, address, logger, payloads, letGo: async () => takeOff() };
  }
  const made = connect({ logger: own });
  return { log: made.log, address: made.address, logger, payloads, letGo: () => made.close() };
}
