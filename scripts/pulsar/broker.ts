import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { unpacked } from "./artifact.ts";
import { withSettings } from "./configuration.ts";
import { distributionOf, wantedVersion } from "./distribution.ts";
import { checkJava } from "./java.ts";
import { brokerOffload, storageIn } from "./offload.ts";
import { ServerProcess } from "./server-process.ts";
import { zooKeeper } from "./zookeeper.ts";

export interface BrokerPorts {
  /** HTTP and WebSocket. */
  readonly web: number;
  readonly broker: number;
  readonly zookeeper: number;
  readonly bookkeeper: number;
}

export const defaultBrokerPorts: BrokerPorts = { web: 8080, broker: 6650, zookeeper: 2181, bookkeeper: 3181 };

export interface BrokerOptions {
  readonly ports: BrokerPorts;
  readonly dataDir: string;
  /** On top of Downbeat's own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder that closed segments can be moved to. When they are is a setting of namespaces: `downbeat setup --offload-threshold …`. */
  readonly offload?: string | undefined;
  /** For a broker whose settings ask for one. */
  readonly token?: string;
  /** Of Pulsar. Default: `wantedVersion()`. */
  readonly version?: string;
  readonly say: (line: string) => void;
}

export interface Broker {
  readonly webSocketUrl: string;
  readonly adminUrl: string;
  /** In Pulsar's own protocol. */
  readonly brokerUrl: string;
  readonly zookeeper: string;
  /** Of the broker with its BookKeeper, and of ZooKeeper, while they run. */
  readonly pids: readonly number[];
  readonly logFile: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** `kill -9` of all of it; `start()` goes on with the same data. */
  kill(): Promise<void>;
  /** Resolves when one of its processes is gone. */
  ended(): Promise<void>;
}

/** Each with its reason in docs/pulsar.md. */
const brokerSettings: Readonly<Record<string, string>> = {
  bindAddress: "127.0.0.1",
  advertisedAddress: "127.0.0.1",
  webSocketServiceEnabled: "true",
  webSocketSessionIdleTimeoutMillis: "10000",
  brokerDeduplicationEnabled: "true",
  bookkeeperExplicitLacIntervalInMills: "500",
  bookkeeperUseV2WireProtocol: "false",
  managedLedgerNewEntriesCheckDelayInMillis: "0",
  journalMaxGroupWaitMSec: "0",
  allowAutoTopicCreationType: "non-partitioned",
};

/**
 * A real Pulsar standalone broker, with its metadata in ZooKeeper (Pulsar SQL reads it there). All of it on loopback only. Fetched once. Not started yet.
 *
 * @throws Error with a sentence that says what to do
 */
export async function openBroker({
  ports,
  dataDir,
  settings = {},
  offload,
  token,
  version = wantedVersion(),
  say,
}: BrokerOptions): Promise<Broker> {
  await checkJava();
  const home = await unpacked(distributionOf(version), say);
  const offloading = offload === undefined ? {} : await brokerOffload(offload, home, say);
  const folder = resolve(dataDir);
  // Where the broker kept it that ran ZooKeeper within itself; it names its BookKeeper otherwise.
  if (existsSync(join(folder, "bookkeeper0")))
    throw new Error(
      `The data in ${dataDir} is of an earlier version of Downbeat's broker, which this one can't read: remove the folder, or choose another one.`,
    );
  mkdirSync(join(folder, "logs"), { recursive: true });
  const configuration = join(folder, "standalone.conf");
  writeFileSync(
    configuration,
    withSettings(readFileSync(join(home, "conf", "standalone.conf"), "utf8"), {
      ...brokerSettings,
      webServicePort: String(ports.web),
      brokerServicePort: String(ports.broker),
      // Of BookKeeper, which reads the same file: as any other address, loopback has to be asked for.
      allowLoopback: "true",
      listeningInterface: loopback(),
      // Its word for "listen on the port that is given".
      allowEphemeralPorts: "true",
      ...offloading,
      ...settings,
    }),
  );
  const adminUrl = `http://127.0.0.1:${ports.web}`;
  const logFile = join(folder, "logs", "pulsar.log");
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answers = async (path: string) => {
    const asked = fetch(`${adminUrl}/admin/v2/${path}`, { headers, signal: AbortSignal.timeout(10_000) });
    return (await asked).ok;
  };
  const server = new ServerProcess({
    name: "Pulsar",
    program: join(home, "bin", "pulsar"),
    args: [
      "standalone",
      ...["--no-functions-worker", "--no-stream-storage"],
      ...["--config", configuration],
      ...["--metadata-url", `zk:127.0.0.1:${ports.zookeeper}`],
      ...["--bookkeeper-dir", join(folder, "bookkeeper"), "--bookkeeper-port", String(ports.bookkeeper)],
    ],
    cwd: folder,
    env: {
      PULSAR_STANDALONE_CONF: configuration,
      PULSAR_MEM: process.env.PULSAR_MEM ?? "-Xms512m -Xmx1g -XX:MaxDirectMemorySize=1g",
      PULSAR_LOG_DIR: join(folder, "logs"),
      PULSAR_LOG_LEVEL: "warn",
    },
    logFile,
    isReady: async () => (await answers("brokers/health")) && (await answers("namespaces/public/default")),
  });
  const metadata = zooKeeper({ home, port: ports.zookeeper, folder });
  return {
    webSocketUrl: `ws://127.0.0.1:${ports.web}`,
    adminUrl,
    brokerUrl: `pulsar://127.0.0.1:${ports.broker}`,
    zookeeper: `127.0.0.1:${ports.zookeeper}`,
    logFile,
    get pids() {
      return [server.pid, metadata.pid].filter((pid) => pid !== undefined);
    },
    start: async () => {
      await metadata.start();
      await server.start();
    },
    stop: async () => {
      await server.stop();
      await metadata.stop();
    },
    kill: async () => {
      await Promise.all([server.kill(), metadata.kill()]);
    },
    ended: () => Promise.race([server.ended(), metadata.ended()]),
  };
}

/** As this machine calls it. */
function loopback(): string {
  const found = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some(({ address }) => address === "127.0.0.1"),
  );
  return found?.[0] ?? "lo";
}

/** How a namespace is told to move its segments into the folder. */
export async function offloadStorage(
  folder: string,
  say: (line: string) => void,
): Promise<ReturnType<typeof storageIn>> {
  return storageIn(folder, await unpacked(distributionOf(wantedVersion()), say));
}
