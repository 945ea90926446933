import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Artifact, unpacked } from "./artifact.ts";
import { withSettings } from "./configuration.ts";
import { distributionOf, wantedVersion } from "./distribution.ts";
import { checkJava } from "./java.ts";
import { connectorOffload } from "./offload.ts";
import { ServerProcess } from "./server-process.ts";

/** The release that the connector was made for; later ones don't load it. */
export const trino: Artifact = {
  coordinates: "io.trino:trino-server:368:tar.gz",
  sha256: "794a7df6faae51895183b52c6d7f36f0a9715140fab317dac5400f71729c05cd",
  megabytes: 653,
};
export const connector: Artifact = {
  coordinates: "org.apache.pulsar:pulsar-presto-connector:3.1.3:tar.gz",
  sha256: "686b941973c855c65933c442de462fe6edaab7d2971dced1b7da29b6dea29c18",
  megabytes: 159,
};

export const defaultSqlPort = 8081;

export interface SqlOptions {
  readonly port: number;
  /** The broker's admin service. */
  readonly pulsarAdmin: string;
  /** `host:port` */
  readonly zookeeper: string;
  readonly dataDir: string;
  /** Folder that the broker moves closed segments to. */
  readonly offload?: string | undefined;
  readonly say: (line: string) => void;
}

export interface SqlServer {
  readonly url: string;
  readonly pid: number | undefined;
  readonly logFile: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Resolves when its process is gone. */
  ended(): Promise<void>;
}

export const jvm = [
  "-server",
  "-Xmx1g",
  "-XX:+ExitOnOutOfMemoryError",
  "-Djdk.attach.allowAttachSelf=true",
  ...["java.nio", "sun.nio.ch", "java.lang"].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
];

/**
 * Pulsar SQL on loopback: a Trino coordinator that does the work itself, with Pulsar's connector. Reads what the broker has stored, past it. Fetched
 * once. Not started yet.
 *
 * @throws Error with a sentence that says what to do
 */
export async function openSql({
  port,
  pulsarAdmin,
  zookeeper,
  dataDir,
  offload,
  say,
}: SqlOptions): Promise<SqlServer> {
  await checkJava();
  const home = await unpacked(trino, say, ["plugin"]);
  const plugin = await unpacked(connector, say);
  const offloaded =
    offload === undefined
      ? undefined
      : await connectorOffload(offload, await unpacked(distributionOf(wantedVersion()), say), say);
  const folder = resolve(dataDir);
  const url = `http://127.0.0.1:${port}`;
  configure(folder, plugin, offloaded?.jars ?? [], {
    config: {
      coordinator: "true",
      "node-scheduler.include-coordinator": "true",
      "http-server.http.port": String(port),
      "discovery.uri": url,
      "node.internal-address": "127.0.0.1",
      "node.bind-ip": "127.0.0.1",
      "plugin.dir": join(folder, "plugin"),
      "catalog.config-dir": join(folder, "catalog"),
      "query.max-memory-per-node": "300MB",
      "memory.heap-headroom-per-node": "200MB",
    },
    catalog: {
      "connector.name": "pulsar",
      "pulsar.web-service-url": pulsarAdmin,
      "pulsar.metadata-url": `zk:${zookeeper}`,
      "pulsar.target-num-splits": "2",
      "pulsar.max-message-size": "5242880",
      // Both needed for the newest entry of each topic to be seen, with the broker's own settings of these names.
      "pulsar.bookkeeper-use-v2-protocol": "false",
      "pulsar.bookkeeper-explicit-interval": "500",
      ...offloaded?.catalog,
    },
  });
  const logFile = join(folder, "trino.log");
  const server = new ServerProcess({
    name: "Pulsar SQL",
    program: process.env.JAVA_HOME === undefined ? "java" : join(process.env.JAVA_HOME, "bin", "java"),
    args: [
      ...jvm,
      `-Dconfig=${join(folder, "config.properties")}`,
      "-Dnode.environment=downbeat",
      "-Dnode.id=downbeat",
      `-Dnode.data-dir=${folder}`,
      "-cp",
      join(home, "lib", "*"),
      "io.trino.server.TrinoServer",
    ],
    cwd: folder,
    env: {},
    logFile,
    isReady: () => isReady(url),
  });
  return {
    url,
    logFile,
    get pid() {
      return server.pid;
    },
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    ended: () => server.ended(),
  };
}

function configure(
  folder: string,
  plugin: string,
  jarsBefore: readonly string[],
  files: Readonly<Record<"config" | "catalog", Readonly<Record<string, string>>>>,
): void {
  mkdirSync(join(folder, "catalog"), { recursive: true });
  linkJars(join(folder, "plugin", "pulsar"), plugin, jarsBefore);
  writeFileSync(join(folder, "config.properties"), withSettings("", files.config));
  writeFileSync(join(folder, "catalog", "pulsar.properties"), withSettings("", files.catalog));
}

function linkJars(folder: string, plugin: string, jarsBefore: readonly string[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(plugin)) symlinkSync(join(plugin, name), join(folder, name));
  // Of two jars with the same class the first by name counts.
  for (const jar of jarsBefore) symlinkSync(jar, join(folder, `aa-${basename(jar)}`));
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/v1/info`, { signal: AbortSignal.timeout(3_000) });
  return answer.ok && JSON.parse(await answer.text()).starting === false;
}
