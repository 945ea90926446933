import { isLoopbackName } from "@downbeat/access";
import { type Role, roles } from "@downbeat/api/policy";
import {
  durationText,
  type KeepClosed,
  keepClosedOf,
  keepClosedVariables,
  type LogAddress,
  logAddress,
  logAddressVariables,
  type NamespaceName,
  namespaceList,
  namespacePart,
  namespacesMeant,
  PayloadKeyFile,
  payloadKeysVariables,
  recordKeysOf,
  recordKeysVariables,
} from "@downbeat/protocol";
import { z } from "zod";
import { type AlertConfig, noAlertConfig, readAlertConfig } from "./alerts/channel-config.ts";
import type { TlsFilesPaths } from "./http/tls-files.ts";
import { isUnixSocket } from "./http/web-target.ts";

const port = z.coerce.number("a number from 0 to 65535").int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/ });

// The first part of addresses that are the API's and the dashboard's own.
const takenTenants = ["trpc", "_next", "signin", "signout"];

const variables = z.object({
  DOWNBEAT_PORT: port.default(3000),
  /** Another one than loopback only where people sign in. */
  DOWNBEAT_HOST: z.string().trim().min(1).default("127.0.0.1"),
  /** Certificate and private key, PEM, with which this port speaks TLS itself; read again when they change. */
  DOWNBEAT_TLS_CERT_FILE: z.string().min(1).optional(),
  DOWNBEAT_TLS_KEY_FILE: z.string().min(1).optional(),
  /** Who may sign in, and what they may do then. */
  DOWNBEAT_ACCESS_FILE: z.string().min(1).optional(),
  /** Once opened the server to a container's network. */
  DOWNBEAT_IN_CONTAINER: z.stringbool("true or false").default(false),
  ...logAddressVariables,
  DOWNBEAT_LOG_URL: logAddressVariables.DOWNBEAT_LOG_URL.default("ws://127.0.0.1:8080"),
  /** Served in this order; the first is the default. */
  DOWNBEAT_NAMESPACES: namespaceList
    .refine(
      (names) => !names.some(({ tenant }) => takenTenants.includes(tenant)),
      `no tenant of the dashboard can be called ${takenTenants.join(" or ")}`,
    )
    .default([]),
  /** Serve one alone, or say which of several is the default. */
  DOWNBEAT_TENANT: namespacePart.optional(),
  DOWNBEAT_NAMESPACE: namespacePart.optional(),
  /** How long the events of a run are kept here after its end; then they are read from Pulsar SQL, or from the log itself. */
  DOWNBEAT_HOT_WINDOW: durationText.default(30 * 86_400_000),
  /** How long closed runs stay here, and then their ids. Not set: forever. */
  ...keepClosedVariables,
  /** File of the keys by which records of history are checked. */
  ...recordKeysVariables,
  /** File of the keys by which workers and clients encrypt payloads. */
  ...payloadKeysVariables,
  DOWNBEAT_DATA_DIR: z.string().min(1).default(".downbeat"),
  /** Of the dashboard's process: `http://host:port`, or `unix:/path` of its socket. */
  DOWNBEAT_WEB_URL: z
    .union(
      [httpUrl, z.string().refine(isUnixSocket)],
      "an address such as http://127.0.0.1:3001, or unix:/path",
    )
    .default("http://127.0.0.1:3001"),
  /** For what has left the hot window, and for people's queries over all that the log keeps. */
  DOWNBEAT_PULSAR_SQL: httpUrl.optional(),
  /** A file that says where people can be told of alerts. */
  DOWNBEAT_ALERT_CHANNELS: z.string().optional(),
  /** What people may do where nobody signs in. */
  DOWNBEAT_ACTOR_ROLE: z.enum(roles, `one of ${roles.join(", ")}`).default("admin"),
  /** Pages that follow what happens; one more is told to come again later. */
  DOWNBEAT_MAX_FOLLOWERS: z.coerce
    .number("a whole number from 1 to 100,000")
    .int()
    .min(1)
    .max(100_000)
    .default(2_000),
  /** Calls of one person, token or address, as long as they go on; so many times ten may come at once. */
  DOWNBEAT_CALLS_PER_SECOND: z.coerce
    .number("a whole number from 0 (no limit) to 100,000")
    .int()
    .min(0)
    .max(100_000)
    .default(200),
  DOWNBEAT_ACTOR: z.string().trim().min(1).max(200).default("developer"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export interface Env {
  readonly port: number;
  readonly host: string;
  readonly accessFile: string | undefined;
  readonly tls: TlsFilesPaths | undefined;
  /** One for each namespace that is served; the first is the default. */
  readonly logs: readonly [LogAddress, ...LogAddress[]];
  /** ms */
  readonly hotWindowMs: number;
  readonly keepClosed: KeepClosed | undefined;
  readonly dataDir: string;
  readonly payloadKeys: PayloadKeyFile | undefined;
  readonly webUrl: string;
  /** Address of Pulsar SQL, where there is one. */
  readonly pulsarSql: string | undefined;
  /** Whom actions are attributed to, where nobody signs in. */
  readonly actor: string;
  readonly role: Role;
  readonly mostFollowers: number;
  /** Of one person, token or address; 0: as many as they like. */
  readonly callsPerSecond: number;
  readonly alerts: AlertConfig;
  readonly logLevel: string;
}

/** @throws Error with one sentence that names the variable and what is wrong with it */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  for (const { name, instead } of neverEmpty)
    if (source[name]?.trim() === "") throw new Error(`${name} is set to nothing: ${instead}.`);
  // Set to nothing is not set: that is what a shell's `X= command` and an empty line in a file mean.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0] ?? "The environment");
    throw new Error(`${name} can't be ${JSON.stringify(given[name])}: ${issue?.message}.`);
  }
  const env = parsed.data;
  if (env.DOWNBEAT_IN_CONTAINER)
    throw new Error(
      "DOWNBEAT_IN_CONTAINER opens nothing any more. In a container set DOWNBEAT_HOST=0.0.0.0, and DOWNBEAT_ACCESS_FILE so that people sign in (docs/security.md).",
    );
  if (env.DOWNBEAT_ACCESS_FILE === undefined && !isLoopbackName(env.DOWNBEAT_HOST))
    throw new Error(
      `DOWNBEAT_HOST can't be ${JSON.stringify(env.DOWNBEAT_HOST)}: only a loopback address (127.0.0.1, ::1 or localhost) unless people sign in. Name a file of who may with DOWNBEAT_ACCESS_FILE (docs/security.md).`,
    );
  return {
    port: env.DOWNBEAT_PORT,
    host: env.DOWNBEAT_HOST,
    accessFile: env.DOWNBEAT_ACCESS_FILE,
    tls: tlsOf(env),
    logs: logsOf(env),
    hotWindowMs: env.DOWNBEAT_HOT_WINDOW,
    keepClosed: keepClosedOf(env),
    dataDir: env.DOWNBEAT_DATA_DIR,
    payloadKeys:
      env.DOWNBEAT_PAYLOAD_KEYS_FILE === undefined
        ? undefined
        : new PayloadKeyFile(env.DOWNBEAT_PAYLOAD_KEYS_FILE),
    webUrl: env.DOWNBEAT_WEB_URL,
    pulsarSql: env.DOWNBEAT_PULSAR_SQL,
    actor: env.DOWNBEAT_ACTOR,
    role: env.DOWNBEAT_ACTOR_ROLE,
    mostFollowers: env.DOWNBEAT_MAX_FOLLOWERS,
    callsPerSecond: env.DOWNBEAT_CALLS_PER_SECOND,
    alerts:
      env.DOWNBEAT_ALERT_CHANNELS === undefined
        ? noAlertConfig
        : readAlertConfig(env.DOWNBEAT_ALERT_CHANNELS, given),
    logLevel: env.LOG_LEVEL,
  };
}

const withoutTls = "name the file, or leave the variable out where this port is to speak plain HTTP";

/** A variable that came out empty must not take away what it was to protect. */
const neverEmpty = [
  {
    name: "DOWNBEAT_ACCESS_FILE",
    instead: "name the access file, or leave the variable out where nobody signs in",
  },
  { name: "DOWNBEAT_TLS_CERT_FILE", instead: withoutTls },
  { name: "DOWNBEAT_TLS_KEY_FILE", instead: withoutTls },
] as const;

function tlsOf(env: z.output<typeof variables>): TlsFilesPaths | undefined {
  const { DOWNBEAT_TLS_CERT_FILE: certFile, DOWNBEAT_TLS_KEY_FILE: keyFile } = env;
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  throw new Error(
    `DOWNBEAT_TLS_${certFile === undefined ? "CERT" : "KEY"}_FILE is missing: a certificate and its private key belong together.`,
  );
}

function logsOf(env: z.output<typeof variables>): Env["logs"] {
  const { DOWNBEAT_TENANT: tenant, DOWNBEAT_NAMESPACE: namespace, DOWNBEAT_NAMESPACES: listed } = env;
  const [first, ...others] = namespacesMeant({ tenant, namespace, listed });
  // What can't be used is said before anything is opened.
  const recordKeys = recordKeysOf(env)?.file;
  const address = (name: NamespaceName): LogAddress => ({
    ...logAddress({ ...env, DOWNBEAT_TENANT: name.tenant, DOWNBEAT_NAMESPACE: name.namespace }),
    ...(recordKeys !== undefined && { recordKeys }),
  });
  return [address(first), ...others.map(address)];
}
