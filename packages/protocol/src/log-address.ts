import { z } from "zod";
import { type NamespaceName, namespacePart } from "./namespace-name.ts";
import type { RecordKeysFile } from "./record-keys.ts";
import { type SignIn, signIn, signInVariables } from "./sign-in.ts";

/** An address stands in log lines and file names: what belongs in nobody's hands does not belong in it. */
const address = (protocol: RegExp) =>
  z.url({ protocol }).refine((text) => {
    // What is no address at all is said already.
    const { username, password, search } = URL.parse(text) ?? { username: "", password: "", search: "" };
    return username === "" && password === "" && search === "";
  }, "an address without a user, a password or anything after a question mark; a token goes into DOWNBEAT_PULSAR_TOKEN");

/** The environment variables by which every process is told where the log is: a Pulsar cluster, or an engine that serves the embedded one. */
export const logAddressVariables = {
  /** Pulsar's WebSocket service. */
  DOWNBEAT_LOG_URL: address(/^wss?$/),
  /** Pulsar's admin service. Default: the same address over HTTP. */
  DOWNBEAT_PULSAR_ADMIN: address(/^https?$/).optional(),
  ...signInVariables,
  /** Sessions are renewed when they are so old. Not needed for tokens that say themselves when they end. */
  DOWNBEAT_PULSAR_SESSION_SECONDS: z.coerce.number().min(10).optional(),
  /** `native`: through the optional module pulsar-client. */
  DOWNBEAT_PULSAR_CLIENT: z.enum(["websocket", "native"]).default("websocket"),
  /** Where the native client finds the brokers. Default: port 6650 (with TLS 6651) of the WebSocket service's host. */
  DOWNBEAT_PULSAR_BROKER_URL: address(/^pulsar(\+ssl)?$/).optional(),
  DOWNBEAT_TENANT: namespacePart.default("public"),
  DOWNBEAT_NAMESPACE: namespacePart.default("default"),
} as const;

export type LogAddressVariables = z.output<z.ZodObject<typeof logAddressVariables>>;

export interface LogAddress extends NamespaceName, SignIn {
  readonly serviceUrl: string;
  readonly adminUrl?: string;
  readonly brokerUrl?: string;
  readonly client?: "websocket" | "native";
  readonly maxSessionAgeMs?: number;
  /** Of processes that check history, as their file was at the start. With its secrets. */
  readonly recordKeys?: RecordKeysFile;
}

/**
 * As the Pulsar adapter takes it.
 *
 * @throws Error as `signIn`
 */
export function logAddress(env: LogAddressVariables): LogAddress {
  const seconds = env.DOWNBEAT_PULSAR_SESSION_SECONDS;
  return {
    serviceUrl: env.DOWNBEAT_LOG_URL,
    ...(env.DOWNBEAT_PULSAR_ADMIN !== undefined && { adminUrl: env.DOWNBEAT_PULSAR_ADMIN }),
    ...(env.DOWNBEAT_PULSAR_BROKER_URL !== undefined && { brokerUrl: env.DOWNBEAT_PULSAR_BROKER_URL }),
    client: env.DOWNBEAT_PULSAR_CLIENT,
    ...signIn(env),
    ...(seconds !== undefined && { maxSessionAgeMs: seconds * 1_000 }),
    tenant: env.DOWNBEAT_TENANT,
    namespace: env.DOWNBEAT_NAMESPACE,
  };
}
