import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../lib/processes.ts";
import { openBroker } from "../broker.ts";
import { openSql } from "../sql.ts";

/** Where they are. */
export interface SuiteServers {
  /** WebSocket address of the broker. */
  readonly pulsar: string;
  /** Address of the broker in Pulsar's own protocol. */
  readonly pulsarBroker: string;
  /** Address of Pulsar SQL. */
  readonly pulsarSql: string;
  /** Their process ids; empty when somebody else has started them. */
  readonly pulsarProcesses: readonly number[];
}

/** What a broker does after hours or minutes, it does soon, so that a test can see it. */
const impatient = {
  backlogQuotaCheckIntervalInSeconds: "2",
  brokerDeduplicationProducerInactivityTimeoutMinutes: "1",
  brokerDeduplicationSnapshotFrequencyInSeconds: "5",
};

/** A broker and Pulsar SQL for all suites, on free ports, with data of their own. */
export async function startServers(): Promise<SuiteServers & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-pulsar-"));
  const say = (line: string) => console.log(line);
  const { sql: sqlPort, ...ports } = await freePorts("web", "broker", "zookeeper", "bookkeeper", "sql");
  const broker = await openBroker({ ports, dataDir: join(folder, "broker"), settings: impatient, say });
  const sql = await openSql({
    port: sqlPort,
    pulsarAdmin: broker.adminUrl,
    zookeeper: broker.zookeeper,
    dataDir: join(folder, "sql"),
    say,
  });
  const stop = async () => {
    await sql.stop();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    say("Starting Pulsar…");
    await broker.start();
    say("Starting Pulsar SQL…");
    await sql.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pulsar: broker.webSocketUrl,
    pulsarBroker: broker.brokerUrl,
    pulsarSql: sql.url,
    pulsarProcesses: [...broker.pids, sql.pid].filter((pid) => pid !== undefined),
    [Symbol.asyncDispose]: stop,
  };
}

/** How one process of the suite tells the next where they are. */
export function variablesOf(servers: SuiteServers): Record<string, string> {
  const { pulsar, pulsarBroker, pulsarSql, pulsarProcesses } = servers;
  return {
    DOWNBEAT_TEST_PULSAR: pulsar,
    DOWNBEAT_TEST_PULSAR_BROKER: pulsarBroker,
    DOWNBEAT_TEST_PULSAR_SQL: pulsarSql,
    DOWNBEAT_TEST_PULSAR_PROCESSES: pulsarProcesses.join(),
  };
}

/** `undefined`: nobody has started any. */
export function serversOf(variables: NodeJS.ProcessEnv): SuiteServers | undefined {
  const {
    DOWNBEAT_TEST_PULSAR: pulsar,
    DOWNBEAT_TEST_PULSAR_BROKER: pulsarBroker,
    DOWNBEAT_TEST_PULSAR_SQL: pulsarSql,
    DOWNBEAT_TEST_PULSAR_PROCESSES: processes,
  } = variables;
  if (pulsar === undefined || pulsarBroker === undefined || pulsarSql === undefined) return undefined;
  return { pulsar, pulsarBroker, pulsarSql, pulsarProcesses: processes?.split(",").map(Number) ?? [] };
}
