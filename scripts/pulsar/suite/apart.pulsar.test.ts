import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examine } from "@downbeat/cluster/doctor";
import { openCluster, setUp } from "@downbeat/cluster/setup";
import { encodeHistoryRecord, topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, Network, whyNoNamespaces } from "../../lib/network-namespaces.ts";
import { until } from "../../lib/processes.ts";
import { unpacked } from "../artifact.ts";
import { withSettings } from "../configuration.ts";
import { distributionOf, wantedVersion } from "../distribution.ts";
import { ServerProcess } from "../server-process.ts";
import { connector, jvm, trino } from "../sql.ts";

/**
 * The broker with its BookKeeper on one machine and Pulsar SQL on another, as docker-compose.yml has them, with its settings and those of docker/pulsar-sql: Pulsar SQL must
 * reach BookKeeper under the name by which it is registered.
 */
const skipped = whyNoNamespaces();
const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "downbeat-apart-"));
const place = { tenant: "public", namespace: "apart" };
const say = (line: string) => console.log(line);

/** What docker-compose.yml gives the broker's container as its environment. */
function settingsOfCompose(): Record<string, string> {
  const text = readFileSync(join(root, "docker-compose.yml"), "utf8");
  const [, service = ""] = /^ {2}pulsar:\n((?: {4}.*\n|\n)+)/m.exec(text) ?? [];
  const [, environment = ""] = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(service) ?? [];
  const pairs = [...environment.matchAll(/^ {6}(?:PULSAR_PREFIX_)?(\w+): "?([^"\n]*)"?$/gm)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value]));
}

const reaches = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.on("connect", () => end(true));
    socket.on("error", () => end(false));
    socket.on("timeout", () => end(false));
  });

const answers = async (url: string, has = "") =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    async (answer) => answer.ok && (await answer.text()).includes(has),
  );

const broker = addressOf(1);
const sqlUrl = `http://${addressOf(2)}:8081`;
const servers: ServerProcess[] = [];
let network: Network | undefined;

beforeAll(async () => {
  if (skipped !== undefined) return;
  const home = await unpacked(distributionOf(wantedVersion()), say);
  network = new Network();
  const names = { pulsar: broker, zookeeper: broker };
  const [pulsarMachine, sqlMachine] = [network.add(names), network.add(names)];
  const logs = { PULSAR_LOG_DIR: folder, PULSAR_LOG_LEVEL: "warn" };
  const { PULSAR_MEM = "", ...settings } = settingsOfCompose();
  expect(settings).toMatchObject({ advertisedAddress: "pulsar", listeningInterface: "eth0" });

  const configuration = join(folder, "standalone.conf");
  writeFileSync(
    configuration,
    withSettings(readFileSync(join(home, "conf", "standalone.conf"), "utf8"), settings),
  );
  const zooKeeperConfiguration = join(folder, "zookeeper.conf");
  const zooKeeper = { dataDir: join(folder, "zookeeper"), clientPort: "2181", "admin.enableServer": "false" };
  writeFileSync(zooKeeperConfiguration, withSettings("", zooKeeper));
  const pulsar = join(home, "bin", "pulsar");
  servers.push(
    new ServerProcess({
      name: "ZooKeeper",
      ...pulsarMachine.command(pulsar, ["zookeeper"]),
      cwd: folder,
      env: { ...logs, PULSAR_ZK_CONF: zooKeeperConfiguration, PULSAR_MEM: "-Xms64m -Xmx256m" },
      logFile: join(folder, "zookeeper.log"),
      isReady: () => reaches(broker, 2181),
    }),
    new ServerProcess({
      name: "Pulsar",
      ...pulsarMachine.command(pulsar, [
        ...["standalone", "--no-functions-worker", "--no-stream-storage", "--config", configuration],
        ...["--metadata-url", "zk:zookeeper:2181"],
        ...["--bookkeeper-dir", join(folder, "bookkeeper"), "--bookkeeper-port", "3181"],
      ]),
      cwd: folder,
      env: { ...logs, PULSAR_STANDALONE_CONF: configuration, PULSAR_MEM },
      logFile: join(folder, "pulsar.log"),
      isReady: () => answers(`http://${broker}:8080/admin/v2/namespaces/public/default`),
    }),
    await sqlServer(sqlMachine),
  );
  for (const server of servers) await server.start();
}, 600_000);

afterAll(async () => {
  for (const server of servers.toReversed()) await server.stop();
  network?.[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** As docker/pulsar-sql starts it. */
async function sqlServer(machine: ReturnType<Network["add"]>): Promise<ServerProcess> {
  const home = await unpacked(trino, say, ["plugin"]);
  const etc = join(folder, "sql");
  const inImage = (file: string) => readFileSync(join(root, "docker/pulsar-sql", file), "utf8");
  mkdirSync(join(etc, "catalog"), { recursive: true });
  mkdirSync(join(etc, "plugin"));
  symlinkSync(await unpacked(connector, say), join(etc, "plugin", "pulsar"));
  const places = { "plugin.dir": join(etc, "plugin"), "catalog.config-dir": join(etc, "catalog") };
  writeFileSync(join(etc, "config.properties"), withSettings(inImage("config.properties"), places));
  writeFileSync(join(etc, "catalog", "pulsar.properties"), inImage("pulsar.properties"));
  const java = process.env.JAVA_HOME === undefined ? "java" : join(process.env.JAVA_HOME, "bin", "java");
  return new ServerProcess({
    name: "Pulsar SQL",
    ...machine.command(java, [
      ...jvm,
      `-Dconfig=${join(etc, "config.properties")}`,
      ...["-Dnode.environment=downbeat", "-Dnode.id=downbeat", `-Dnode.data-dir=${etc}`],
      ...["-cp", join(home, "lib", "*"), "io.trino.server.TrinoServer"],
    ]),
    cwd: etc,
    env: {},
    logFile: join(folder, "trino.log"),
    isReady: () => answers(`${sqlUrl}/v1/info`, '"starting":false'),
  });
}

test.skipIf(skipped !== undefined)(
  `Pulsar SQL on a machine of its own reads a row of history, says the doctor${skipped === undefined ? "" : ` (${skipped})`}`,
  { timeout: 180_000 },
  async () => {
    const serviceUrl = `ws://${broker}:8080`;
    const cluster = openCluster({ serviceUrl });
    const log = openPulsarWebSocketLog({ serviceUrl, ...place });
    try {
      for await (const _ of setUp(cluster, { ...place, partitions: 1 }));
      const claim = { kind: "claim", id: "c", epoch: 1, owner: "apart", at: 1 } as const;
      const producer = await log.openProducer(topics.history(0));
      // The newest one may not be seen.
      for (const epoch of [1, 2]) await producer.send({ payload: encodeHistoryRecord({ ...claim, epoch }) });
      await producer.close();
      const ofSql = async () =>
        (await examine(cluster, { ...place, pulsarSql: sqlUrl })).filter(({ id }) => id.startsWith("sql"));
      let found: Awaited<ReturnType<typeof ofSql>> = [];
      const isRead = async () => {
        found = await ofSql();
        return found.length === 0;
      };
      expect(await until(isRead, 120_000, 2_000), JSON.stringify(found)).toBe(true);
    } finally {
      await log.close();
      cluster.close();
    }
  },
);
