import type { MessageLog } from "@downbeat/message-log";
import { eachOnce, formatNamespaceName, type LogAddress, logAddress } from "@downbeat/protocol";
import type { z } from "zod";
import type { PayloadCodec } from "../codec/payload-codec.ts";
import { isDecisionThread } from "../definitions/definitions.ts";
import { type LoggerOption, loggerOf } from "../logging/careful-logger.ts";
import { shownText } from "../thrown/shown-value.ts";
import { addressVariables } from "./address.ts";
import { type ConnectOptions, optionVariables } from "./connect-options.ts";
import { environment } from "./env.ts";
import { logStandingStill } from "./standing-still.ts";
import { connectionSchema, secretVariables, variableOf } from "./variables.ts";
import { openLog } from "./wiring.ts";

/** One way to the log, for as many workers and clients as you like. Give it to them: `worker({ connection, jobs })`, `client({ connection })`. */
export interface Connection {
  /** Where it leads, e.g. `ws://127.0.0.1:8080 public/default`. */
  readonly address: string;
  /** The log itself, for what isn't a matter of workers and clients. */
  readonly log: MessageLog;
  /** As it was given. */
  readonly codec?: PayloadCodec | undefined;
  /** As it was given. */
  readonly logger?: LoggerOption | undefined;
  /** Stops the workers and closes the clients that hang on it, each as by itself, then lets the log go. */
  close(): Promise<void>;
  /** Has something end with the connection, before its log is let go. What comes back takes it off again. */
  onClose(end: () => Promise<void>): () => void;
}

/**
 * Says where Downbeat's log is: an engine that keeps its own, or a Pulsar cluster. Without an address, the environment says it
 * (`DOWNBEAT_LOG_URL`, `DOWNBEAT_TENANT`, `DOWNBEAT_NAMESPACE`, `DOWNBEAT_PULSAR_TOKEN` …), and options go before it; with one, the environment isn't looked at.
 * Where nothing says anything, it is `ws://127.0.0.1:8080`, tenant `public`, namespace `default`.
 *
 * It comes back at once: the log is reached when it is needed, and waited for. What hangs on it says when it can't be reached.
 *
 * @param address of the web service (`ws://host:8080`, `wss://`, `http://`, `https://`), or of the brokers (`pulsar://host:6650`, `pulsar+ssl://`), for
 *   which the module `pulsar-client` has to be installed
 * @throws TypeError or RangeError for an address, option or variable that can't be taken, which it names; Error for a file that can't be read
 */
export function connect(options?: ConnectOptions): Connection;
export function connect(address: string, options?: ConnectOptions): Connection;
export function connect(
  addressOrOptions?: string | ConnectOptions,
  maybeOptions?: ConnectOptions,
): Connection {
  const hasAddress =
    maybeOptions !== undefined || (addressOrOptions !== undefined && typeof addressOrOptions !== "object");
  const given = (hasAddress ? maybeOptions : (addressOrOptions as ConnectOptions)) ?? {};
  const options = optionVariables(given);
  const place = hasAddress ? addressVariables(addressOrOptions) : environment();
  return new OpenConnection(taken(place, options), given.logger, given.codec);
}

class OpenConnection implements Connection {
  readonly address: string;
  readonly log: MessageLog;
  readonly logger: LoggerOption | undefined;
  readonly codec: PayloadCodec | undefined;
  readonly #ends = new Set<() => Promise<void>>();
  #closed: Promise<void> | undefined;

  constructor(address: LogAddress, logger: LoggerOption | undefined, codec: PayloadCodec | undefined) {
    this.logger = logger;
    this.codec = codec;
    const { warn } = loggerOf(logger);
    this.log = isDecisionThread() ? logStandingStill : openLog(address, (notice) => warn({}, notice));
    this.address = `${address.serviceUrl} ${formatNamespaceName(address)}`;
  }

  onClose(end: () => Promise<void>): () => void {
    this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(Array.from(this.#ends, (end) => end()));
    await this.log.close();
  }
}

function taken(
  place: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
): LogAddress {
  const given = { ...place, ...options };
  const parsed = connectionSchema.safeParse(given);
  const byOption = (variable: string) => Object.hasOwn(options, variable);
  if (!parsed.success) {
    const said = eachOnce(parsed.error.issues).map((issue) => problemWords(issue, given, byOption));
    const [first] = parsed.error.issues;
    const what = byOption(String(first?.path[0])) ? "The options of connect()" : "The environment";
    throw new RangeError(`${what} can't be taken. ${said.join(" ")}`);
  }
  try {
    return logAddress(parsed.data);
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    throw new RangeError(`connect() can't sign in so. ${byOptionNames(sentence, byOption)}`, {
      cause: error,
    });
  }
}

function problemWords(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
  byOption: (variable: string) => boolean,
): string {
  const variable = String(issue.path[0]);
  const name = byOption(variable) ? (optionOf.get(variable) ?? variable) : variable;
  const value = secretVariables.has(variable) ? "what it is" : shownText(given[variable], 100);
  return `${name} can't be ${value}: ${issue.message}.`;
}

/** Variables are called what the option is called, once one of the kind was given by an option. */
function byOptionNames(sentence: string, byOption: (variable: string) => boolean): string {
  if (![...optionOf.keys()].some(byOption)) return sentence;
  return sentence
    .replaceAll("DOWNBEAT_PULSAR_OAUTH_…", "oauth")
    .replaceAll(/DOWNBEAT_[A-Z_]+[A-Z]/g, (variable) => optionOf.get(variable) ?? variable);
}

const optionOf = new Map<string, string>(
  Object.entries(variableOf).map(([option, variable]) => [variable, option]),
);
