import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { NoBrokerError, openCluster, prepare, withWorkerSubscriptions } from "@downbeat/cluster/setup";
import { type EmbeddedLogOptions, noteRunningLog, tokenFileName } from "@downbeat/embedded-log";
import type { KnownClaim } from "@downbeat/engine";
import { checkedLog, LogError, type MessageLog } from "@downbeat/message-log";
import {
  keepClosedOf,
  type LogAddress,
  logAddress,
  partitionedTopics,
  type RecordKeys,
} from "@downbeat/protocol";
import { openPulsarLog } from "@downbeat/pulsar";
import type { Logger } from "pino";
import { claimsKnownBefore } from "./earlier-snapshots.ts";
import type { Env } from "./env.ts";
import type { CompactionPass } from "./log-thread/compaction.ts";
import { openLogThread } from "./log-thread/open-log-thread.ts";

export type { Damage } from "@downbeat/embedded-log";

/** Told what befalls the embedded log. */
export interface LogListeners extends Required<Pick<EmbeddedLogOptions, "onFatal" | "onDamaged" | "onFull">> {
  /** What a person should know. */
  readonly onNotice: (sentence: string) => void;
  /** Closed runs were removed. */
  readonly onCompacted: (pass: CompactionPass) => void;
  readonly onNotCompacted: (reason: string) => void;
}

export interface OpenedLog {
  readonly log: MessageLog;
  /** As `log`, but shows only what is durable, as every other process sees it. */
  readonly witnessLog: MessageLog;
  /** Where other processes reach it. */
  readonly url: string;
  readonly embedded: boolean;
  /**
   * Makes what is missing for the engine to run.
   *
   * @returns the number of partitions
   * @throws LogError when the log can't be used yet
   * @throws Error with a sentence that says what to do, when the engine can't run on it
   */
  readonly prepare: () => Promise<number>;
  close(): Promise<void>;
}

/**
 * The log that this engine runs on: the one at the given address, or the embedded one, kept in a thread of this process and served to the others.
 *
 * @param recordKeys by which readers of history check it, and compaction signs, as the file was at the start
 * @param logger told what an administrator of the log should know
 * @throws EmbeddedLogOpenError and, for a port in use or a file that can't be read, Error; both say what to do
 */
export async function openLog(
  env: Env,
  recordKeys: RecordKeys | undefined,
  listeners: LogListeners,
  logger: Logger,
): Promise<OpenedLog> {
  const opened = await openUnchecked(env, recordKeys, listeners, logger);
  if (recordKeys === undefined) return opened;
  const keys = recordKeys.of(`${env.DOWNBEAT_TENANT}/${env.DOWNBEAT_NAMESPACE}`);
  const log = checkedLog(opened.log, keys.proofOf);
  const isOne = opened.witnessLog === opened.log;
  return { ...opened, log, witnessLog: isOne ? log : checkedLog(opened.witnessLog, keys.proofOf) };
}

async function openUnchecked(
  env: Env,
  recordKeys: RecordKeys | undefined,
  listeners: LogListeners,
  logger: Logger,
): Promise<OpenedLog> {
  const { DOWNBEAT_LOG_URL: url, DOWNBEAT_TENANT: tenant, DOWNBEAT_NAMESPACE: namespace } = env;
  if (url !== undefined) return openPulsar(logAddress({ ...env, DOWNBEAT_LOG_URL: url }), env, logger);
  const operatorToken = randomBytes(24).toString("base64url");
  const thread = await openLogThread(
    {
      file: join(env.DOWNBEAT_DATA_DIR, "log.sqlite"),
      acceptLoss: env.DOWNBEAT_ACCEPT_LOSS,
      port: env.DOWNBEAT_LOG_PORT,
      operatorToken,
      tokenFile: env.DOWNBEAT_NO_LOG_TOKEN ? undefined : resolve(env.DOWNBEAT_DATA_DIR, tokenFileName),
      tenant,
      namespace,
      keepClosed: keepClosedOf(env),
      recordKeys: recordKeys?.file,
    },
    listeners,
  );
  const { log, witnessLog } = thread;
  const forget = noteRunningLog(env.DOWNBEAT_DATA_DIR, { url: thread.url, token: operatorToken });
  const close = async () => {
    forget();
    await thread.close();
  };
  return { log, witnessLog, url: thread.url, embedded: true, prepare: () => makeTopics(log, env), close };
}

function openPulsar(address: LogAddress, env: Env, logger: Logger): OpenedLog {
  const { tenant, namespace, serviceUrl: url } = address;
  const onNotice = (notice: string) => logger.warn(notice);
  if (env.DOWNBEAT_KEEP_CLOSED !== undefined)
    logger.warn(
      "DOWNBEAT_KEEP_CLOSED does nothing here: closed runs are removed by the process that keeps an embedded log, and on a cluster by the retention of its topics",
    );
  const cluster = openCluster({ ...address, onNotice });
  const log = withWorkerSubscriptions(
    openPulsarLog({ ...address, onNotice }),
    cluster,
    `${tenant}/${namespace}`,
  );
  const wanted = { tenant, namespace, partitions: env.DOWNBEAT_PARTITIONS };
  const options = {
    onMissing: () =>
      logger.info({ tenant, namespace }, "the namespace is not set up; making what is missing"),
    onLine: (line: object) => logger.info(line, "set up"),
  };
  return {
    log,
    witnessLog: log,
    url,
    embedded: false,
    prepare: () =>
      prepare(cluster, wanted, options).catch((error: unknown) => {
        if (!(error instanceof NoBrokerError)) throw error;
        // The embedded log of another engine, or nothing of ours at all.
        return makeTopics(log, env).catch((inVain: unknown) => {
          throw inVain instanceof LogError && ["invalid", "missing"].includes(inVain.code) ? error : inVain;
        });
      }),
    close: async () => {
      await log.close();
      cluster.close();
    },
  };
}

async function makeTopics(log: MessageLog, env: Env): Promise<number> {
  const known = await log.partitionsOf("history");
  const partitions = known > 0 ? known : env.DOWNBEAT_PARTITIONS;
  for (const topic of partitionedTopics) await log.createPartitionedTopic(topic, partitions);
  return partitions;
}

/**
 * Where this process keeps its snapshots: beside the embedded log, or in a folder of the log they are of. What was read by other keys, or by none, may hold what
 * these don't believe, or lack what they do: it is not gone on with.
 */
export function snapshotsOf(env: Env, keys: RecordKeys | undefined): Snapshots {
  const place =
    env.DOWNBEAT_LOG_URL === undefined
      ? "embedded"
      : env.DOWNBEAT_LOG_URL.replaceAll(/[^A-Za-z0-9.-]+/g, "_");
  const folder = join(env.DOWNBEAT_DATA_DIR, "engine", place, env.DOWNBEAT_TENANT, env.DOWNBEAT_NAMESPACE);
  mkdirSync(folder, { recursive: true });
  const owner = env.DOWNBEAT_LOG_URL === undefined ? "engine" : env.DOWNBEAT_ENGINE_NAME;
  if (keys === undefined) return { path: join(folder, `${owner}.sqlite`), knownBefore: new Map() };
  const name = `${owner}.keys-${keys.fingerprint}.sqlite`;
  return { path: join(folder, name), knownBefore: claimsKnownBefore(folder, owner, name) };
}

export interface Snapshots {
  readonly path: string;
  /** Of each partition, by other keys. */
  readonly knownBefore: ReadonlyMap<number, KnownClaim>;
}
