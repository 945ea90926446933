import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import type { MessageLog } from "@downbeat/message-log";
import { logAddress } from "@downbeat/protocol";
import { openPulsarLog } from "@downbeat/pulsar";
import type { Env } from "./env.ts";

export interface OpenedLog {
  readonly log: MessageLog;
  /** Where other processes reach it. */
  readonly url: string;
  readonly embedded: boolean;
  close(): Promise<void>;
}

/**
 * The log that this engine runs on: the one at the given address, or the embedded one, kept in this process and served to the others.
 *
 * @param onNotice told what an administrator of the log should know
 * @throws EmbeddedLogOpenError and, for a port in use or a file that can't be read, Error; both say what to do
 */
export async function openLog(
  env: Env,
  onFatal: (error: Error) => void,
  onNotice: (notice: string) => void,
): Promise<OpenedLog> {
  const { DOWNBEAT_LOG_URL: url, DOWNBEAT_TENANT: tenant, DOWNBEAT_NAMESPACE: namespace } = env;
  if (url !== undefined) {
    const log = openPulsarLog({ ...logAddress({ ...env, DOWNBEAT_LOG_URL: url }), onNotice });
    return { log, url, embedded: false, close: () => log.close() };
  }
  const embedded = await openEmbeddedLog({ file: join(env.DOWNBEAT_DATA_DIR, "log.sqlite"), onFatal });
  const log = embedded.connect({ tenant, namespace, deliver: "beforeCommit" });
  const server = await serve(embedded, { port: env.DOWNBEAT_LOG_PORT }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new Error(`Port ${env.DOWNBEAT_LOG_PORT} is in use: choose another with DOWNBEAT_LOG_PORT.`);
  });
  const close = async () => {
    await server.close();
    await log.close();
    await embedded.close();
  };
  return { log, url: server.url, embedded: true, close };
}

/** Where this process keeps its snapshots: beside the embedded log, or in a folder of the log they are of. */
export function snapshotFile(env: Env): string {
  const place =
    env.DOWNBEAT_LOG_URL === undefined
      ? "embedded"
      : env.DOWNBEAT_LOG_URL.replaceAll(/[^A-Za-z0-9.-]+/g, "_");
  const folder = join(env.DOWNBEAT_DATA_DIR, "engine", place, env.DOWNBEAT_TENANT, env.DOWNBEAT_NAMESPACE);
  mkdirSync(folder, { recursive: true });
  const owner = env.DOWNBEAT_LOG_URL === undefined ? "engine" : env.DOWNBEAT_ENGINE_NAME;
  return join(folder, `${owner}.sqlite`);
}
