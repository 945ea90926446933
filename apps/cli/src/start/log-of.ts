import { join } from "node:path";
import type { NamespaceName } from "@downbeat/protocol";
import { signInEnvironment } from "../cluster/sign-in.ts";
import { CommandFailure } from "../failure.ts";
import { brokerAddress, httpAddress, webSocketAddress } from "../input/address.ts";
import { tokenFileName } from "../wiring.ts";
import { keepEnv } from "./keep-env.ts";
import { freePort } from "./ports.ts";
import type { StartOptions } from "./start.ts";

export interface LogOfStart {
  readonly embedded: boolean;
  readonly url: string;
  /** Of a cluster whose admin service is elsewhere. */
  readonly adminUrl?: string;
  /** Of the process that runs the first namespace's engine: it keeps the embedded log. */
  readonly engineEnv: Readonly<Record<string, string>>;
  /** Of every other process, for the first namespace. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Where the processes find the log, and what they show it. What they keep on disk of a cluster's log has a folder for each address: a cache of one log says nothing of another.
 *
 * @throws CommandFailure when an address is none, or is of no use without a cluster's
 */
export async function logOf(
  options: StartOptions,
  first: NamespaceName,
  dataDir: string,
  isTokenAsked: boolean,
): Promise<LogOfStart> {
  const names = namesOf(first);
  keepEnv(options);
  if (options.pulsar === undefined) {
    if (options.pulsarClient === "native")
      throw new CommandFailure(
        "usage",
        "--pulsar-client native speaks to a Pulsar cluster only: give its address with --pulsar ws://host:8080.",
      );
    refuseWithoutCluster(options);
    const port = await logPortOf(options);
    const url = `ws://127.0.0.1:${port}`;
    const common = { ...names, DOWNBEAT_DATA_DIR: dataDir };
    return {
      embedded: true,
      url,
      engineEnv: {
        ...common,
        DOWNBEAT_LOG_PORT: String(port),
        DOWNBEAT_NO_LOG_TOKEN: String(!isTokenAsked),
        ...keepEnv(options),
        ...(options.acceptLoss === true && { DOWNBEAT_ACCEPT_LOSS: "true" }),
      },
      env: {
        ...common,
        DOWNBEAT_LOG_URL: url,
        ...(isTokenAsked && { DOWNBEAT_PULSAR_TOKEN_FILE: join(dataDir, tokenFileName) }),
      },
    };
  }
  const isByVariable = options.fromVariables?.includes("pulsar") === true;
  const url = webSocketAddress(isByVariable ? "DOWNBEAT_LOG_URL" : "--pulsar", options.pulsar);
  const place = new URL(url).host.replaceAll(/[^A-Za-z0-9.-]+/g, "_");
  const adminUrl =
    options.pulsarAdmin === undefined ? undefined : httpAddress("--pulsar-admin", options.pulsarAdmin);
  const env = {
    ...names,
    DOWNBEAT_DATA_DIR: join(dataDir, "pulsar", place),
    DOWNBEAT_LOG_URL: url,
    ...(adminUrl !== undefined && { DOWNBEAT_PULSAR_ADMIN: adminUrl }),
    ...(options.pulsarSql !== undefined && {
      DOWNBEAT_PULSAR_SQL: httpAddress("--pulsar-sql", options.pulsarSql),
    }),
    ...signInEnvironment(options),
    ...(options.pulsarClient !== undefined && { DOWNBEAT_PULSAR_CLIENT: options.pulsarClient }),
    ...(options.pulsarBroker !== undefined && {
      DOWNBEAT_PULSAR_BROKER_URL: brokerAddress("--pulsar-broker", options.pulsarBroker),
    }),
  };
  return { embedded: false, url, ...(adminUrl !== undefined && { adminUrl }), engineEnv: env, env };
}

/** @throws Error for one that was named and is taken: who named it has programs that look for the log there */
export async function logPortOf({
  logPort,
  isLogPortNamed = false,
}: Pick<StartOptions, "logPort" | "isLogPortNamed">): Promise<number> {
  const port = await freePort(logPort);
  if (isLogPortNamed && port !== logPort)
    throw new Error(`Port ${logPort} is in use. Choose another for the log: --log-port ${port}`);
  return port;
}

function refuseWithoutCluster({ pulsarSql, pulsarAdmin }: StartOptions): void {
  const saying = (what: string) =>
    new CommandFailure("usage", `${what} a Pulsar cluster: give its address with --pulsar ws://host:8080.`);
  if (pulsarSql !== undefined) throw saying("--pulsar-sql reads the log of");
  if (pulsarAdmin !== undefined) throw saying("--pulsar-admin is where to administer");
}

export function namesOf({ tenant, namespace }: NamespaceName): Readonly<Record<string, string>> {
  return { DOWNBEAT_TENANT: tenant, DOWNBEAT_NAMESPACE: namespace };
}
