import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";
import type { NamespaceName } from "@downbeat/protocol";
import { freePort } from "./ports.ts";
import type { StartOptions } from "./start.ts";

export interface LogOfStart {
  readonly embedded: boolean;
  readonly url: string;
  /** Of the process that runs the first namespace's engine: it keeps the embedded log. */
  readonly engineEnv: Readonly<Record<string, string>>;
  /** Of every other process, for the first namespace. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Where the processes find the log. What they keep on disk of a cluster's log has a folder for each address: a cache of one log says nothing of another.
 *
 * @throws Error when the address is none
 */
export async function logOf(
  options: StartOptions,
  first: NamespaceName,
  dataDir: string,
): Promise<LogOfStart> {
  const names = namesOf(first);
  if (options.pulsar === undefined) {
    if (options.pulsarClient === "native")
      throw new Error(
        "--pulsar-client native speaks to a Pulsar cluster only: give its address with --pulsar ws://host:8080.",
      );
    const port = await freePort(options.logPort);
    const url = `ws://127.0.0.1:${port}`;
    const common = { ...names, DOWNBEAT_DATA_DIR: dataDir };
    return {
      embedded: true,
      url,
      engineEnv: { ...common, DOWNBEAT_LOG_PORT: String(port) },
      env: { ...common, DOWNBEAT_LOG_URL: url },
    };
  }
  const url = checked("--pulsar", options.pulsar, ["ws:", "wss:"], "ws://localhost:8080");
  const place = url.host.replaceAll(/[^A-Za-z0-9.-]+/g, "_");
  const env = {
    ...names,
    DOWNBEAT_DATA_DIR: join(dataDir, "pulsar", place),
    DOWNBEAT_LOG_URL: url.origin,
    ...(options.pulsarAdmin !== undefined && {
      DOWNBEAT_PULSAR_ADMIN: checked(
        "--pulsar-admin",
        options.pulsarAdmin,
        ["http:", "https:"],
        "http://localhost:8080",
      ).origin,
    }),
    ...(options.pulsarTokenFile !== undefined && {
      DOWNBEAT_PULSAR_TOKEN_FILE: readable("--pulsar-token-file", options.pulsarTokenFile),
    }),
    ...(options.pulsarCa !== undefined && {
      DOWNBEAT_PULSAR_CA_FILE: readable("--pulsar-ca", options.pulsarCa),
    }),
    ...(options.pulsarClient !== undefined && { DOWNBEAT_PULSAR_CLIENT: options.pulsarClient }),
    ...(options.pulsarBroker !== undefined && {
      DOWNBEAT_PULSAR_BROKER_URL: checked(
        "--pulsar-broker",
        options.pulsarBroker,
        ["pulsar:", "pulsar+ssl:"],
        "pulsar://localhost:6650",
      ).href,
    }),
  };
  return { embedded: false, url: url.origin, engineEnv: env, env };
}

function readable(option: string, path: string): string {
  const file = resolve(path);
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch {
    throw new Error(`${option} can't be ${JSON.stringify(path)}: there is no such file that can be read.`);
  }
}

export function namesOf({ tenant, namespace }: NamespaceName): Readonly<Record<string, string>> {
  return { DOWNBEAT_TENANT: tenant, DOWNBEAT_NAMESPACE: namespace };
}

function checked(option: string, text: string, protocols: readonly string[], example: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== "" || url.search !== ""))
    throw new Error(
      `${option} takes an address alone; a token goes into DOWNBEAT_PULSAR_TOKEN or the file of --pulsar-token-file.`,
    );
  if (url !== undefined && protocols.includes(url.protocol)) return url;
  throw new Error(`${option} can't be ${JSON.stringify(text)}: give an address such as ${example}.`);
}
