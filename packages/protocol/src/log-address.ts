import { z } from "zod";
import { type NamespaceName, namespacePart } from "./namespace-name.ts";

/** The environment variables by which every process is told where the log is: a Pulsar cluster, or an engine that serves the embedded one. */
export const logAddressVariables = {
  /** Pulsar's WebSocket service. */
  DOWNBEAT_LOG_URL: z.url({ protocol: /^wss?$/ }),
  /** Pulsar's admin service. Default: the same address over HTTP. */
  DOWNBEAT_PULSAR_ADMIN: z.url({ protocol: /^https?$/ }).optional(),
  /** Sent with every request and session. */
  DOWNBEAT_PULSAR_TOKEN: z.string().min(1).optional(),
  DOWNBEAT_TENANT: namespacePart.default("public"),
  DOWNBEAT_NAMESPACE: namespacePart.default("default"),
} as const;

export type LogAddressVariables = z.output<z.ZodObject<typeof logAddressVariables>>;

export interface LogAddress extends NamespaceName {
  readonly serviceUrl: string;
  readonly adminUrl?: string;
  readonly token?: string;
}

/** As the Pulsar adapter takes it. */
export function logAddress(env: LogAddressVariables): LogAddress {
  return {
    serviceUrl: env.DOWNBEAT_LOG_URL,
    ...(env.DOWNBEAT_PULSAR_ADMIN !== undefined && { adminUrl: env.DOWNBEAT_PULSAR_ADMIN }),
    ...(env.DOWNBEAT_PULSAR_TOKEN !== undefined && { token: env.DOWNBEAT_PULSAR_TOKEN }),
    tenant: env.DOWNBEAT_TENANT,
    namespace: env.DOWNBEAT_NAMESPACE,
  };
}
