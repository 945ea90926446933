import { z } from "zod";
import type { PayloadCodec } from "../codec/payload-codec.ts";
import type { LoggerOption } from "../logging/careful-logger.ts";
import { checkOptions } from "../options/check-options.ts";
import { anything, logger, number, oneOf, payloadCodec } from "../options/fields.ts";
import { secretVariables, variableOf } from "./variables.ts";

/** What a connection needs beside its address. Files are read again for each session, so that credentials can be exchanged under way. */
export interface ConnectOptions {
  /** Default `public`. */
  readonly tenant?: string | undefined;
  /** Default `default`. */
  readonly namespace?: string | undefined;
  /** Sent with every request and session. */
  readonly token?: string | undefined;
  /** Path of a file with the token; goes before `token`. */
  readonly tokenFile?: string | undefined;
  /** Path of a file with the certificate of the authority that signed the cluster's, PEM. */
  readonly caFile?: string | undefined;
  /** Paths of files with a client certificate and its private key, PEM. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Gets tokens by OAuth 2.0's client credentials. */
  readonly oauth?: OAuthOptions | undefined;
  /** Pulsar's admin service. Default: the same address over HTTP. */
  readonly adminUrl?: string | undefined;
  /** Where the native client finds the brokers. Default: port 6650 (with TLS 6651) of the web service's host. */
  readonly brokerUrl?: string | undefined;
  /** `native`: through the module `pulsar-client`, which you install beside. Default `websocket`. */
  readonly pulsarClient?: "websocket" | "native" | undefined;
  /** Sessions are renewed when they are so old. Not needed for tokens that say themselves when they end. */
  readonly sessionSeconds?: number | undefined;
  /** Encrypts payloads before they leave the process, and decrypts them where they arrive: `aesCodec()`, or your own. All workers and clients need the same. Default: none. */
  readonly codec?: PayloadCodec | undefined;
  /** Where what hangs on it says what there is to say: pino, `console` or whatever has their methods; `false` for nothing. Default: lines on stderr. */
  readonly logger?: LoggerOption | undefined;
}

export interface OAuthOptions {
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Path of a file with JSON: `client_id`, `client_secret` and perhaps `issuer_url`, in place of the two. */
  readonly keyFile?: string | undefined;
  readonly audience?: string | undefined;
  readonly scope?: string | undefined;
}

const error = "they are an object";
const text = z.string({ error: "it is a text" }).optional();

const connectOptions = z.strictObject(
  {
    tenant: text,
    namespace: text,
    // Secrets are looked at later, where what is wrong is said without showing them.
    token: anything,
    tokenFile: text,
    caFile: text,
    certFile: text,
    keyFile: text,
    oauth: z
      .strictObject(
        {
          issuer: text,
          clientId: text,
          clientSecret: anything,
          keyFile: text,
          audience: text,
          scope: text,
        },
        { error: "it is an object such as { issuer, clientId, clientSecret }" },
      )
      .optional(),
    adminUrl: text,
    brokerUrl: text,
    pulsarClient: oneOf("websocket", "native").optional(),
    sessionSeconds: number(10, 31_622_400).optional(),
    logger: logger.optional(),
    codec: payloadCodec.optional(),
  },
  { error },
);

/**
 * The options that are given, by the names of their variables.
 *
 * @throws TypeError, RangeError as `checkOptions` says
 */
export function optionVariables(options: ConnectOptions): Readonly<Record<string, unknown>> {
  const { oauth = {}, ...taken } = checkOptions("connect()", connectOptions, options);
  const given: Record<string, unknown> = {};
  const all = {
    ...taken,
    ...Object.fromEntries(Object.entries(oauth).map(([name, value]) => [`oauth.${name}`, value])),
  } as Readonly<Record<string, unknown>>;
  for (const [option, variable] of Object.entries(variableOf)) {
    const value = all[option];
    if (value === undefined) continue;
    if (secretVariables.has(variable) && typeof value !== "string")
      throw new TypeError(
        `The options of connect() can't be taken. ${option} can't be what it is: it is a text.`,
      );
    given[variable] = value;
  }
  return given;
}
