import { z } from "zod";
import { type NamespaceName, namespacePart } from "./namespace-name.ts";

/** An address stands in log lines and file names: what belongs in nobody's hands does not belong in it. */
const address = (protocol: RegExp) =>
  z.url({ protocol }).refine((text) => {
    const { username, password, search } = new URL(text);
    return username === "" && password === "" && search === "";
  }, "an address without a user, a password or anything after a question mark; a token goes into DOWNBEAT_PULSAR_TOKEN");

/** The environment variables by which every process is told where the log is: a Pulsar cluster, or an engine that serves the embedded one. */
export const logAddressVariables = {
  /** Pulsar's WebSocket service. */
  DOWNBEAT_LOG_URL: address(/^wss?$/),
  /** Pulsar's admin service. Default: the same address over HTTP. */
  DOWNBEAT_PULSAR_ADMIN: address(/^https?$/).optional(),
  /** Sent with every request and session. */
  DOWNBEAT_PULSAR_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "a token without spaces and line breaks")
    .optional(),
  /** File with the token, read anew for each session; goes before DOWNBEAT_PULSAR_TOKEN. */
  DOWNBEAT_PULSAR_TOKEN_FILE: z.string().min(1).optional(),
  /** File with the certificate of the authority that signed the cluster's, PEM. */
  DOWNBEAT_PULSAR_CA_FILE: z.string().min(1).optional(),
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

export interface LogAddress extends NamespaceName {
  readonly serviceUrl: string;
  readonly adminUrl?: string;
  readonly brokerUrl?: string;
  readonly client?: "websocket" | "native";
  readonly token?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly maxSessionAgeMs?: number;
}

/** As the Pulsar adapter takes it. */
export function logAddress(env: LogAddressVariables): LogAddress {
  const seconds = env.DOWNBEAT_PULSAR_SESSION_SECONDS;
  return {
    serviceUrl: env.DOWNBEAT_LOG_URL,
    ...(env.DOWNBEAT_PULSAR_ADMIN !== undefined && { adminUrl: env.DOWNBEAT_PULSAR_ADMIN }),
    ...(env.DOWNBEAT_PULSAR_BROKER_URL !== undefined && { brokerUrl: env.DOWNBEAT_PULSAR_BROKER_URL }),
    client: env.DOWNBEAT_PULSAR_CLIENT,
    ...(env.DOWNBEAT_PULSAR_TOKEN !== undefined && { token: env.DOWNBEAT_PULSAR_TOKEN }),
    ...(env.DOWNBEAT_PULSAR_TOKEN_FILE !== undefined && { tokenFile: env.DOWNBEAT_PULSAR_TOKEN_FILE }),
    ...(env.DOWNBEAT_PULSAR_CA_FILE !== undefined && { caFile: env.DOWNBEAT_PULSAR_CA_FILE }),
    ...(seconds !== undefined && { maxSessionAgeMs: seconds * 1_000 }),
    tenant: env.DOWNBEAT_TENANT,
    namespace: env.DOWNBEAT_NAMESPACE,
  };
}
