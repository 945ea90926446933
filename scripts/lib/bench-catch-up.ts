import { rmSync } from "node:fs";
import { openCluster, setUp } from "@downbeat/cluster/setup";
import { ask, freePorts, Processes, residentMb, serverMain, until } from "./processes.ts";
import { newNamespace, removeNamespace } from "./pulsar-namespace.ts";
import { writeSqlHistory } from "./sql-history.ts";

const partitions = 4;
const events = 300_000;
const withinMs = 600_000;

/** How long a server with an empty cache takes, from the start of its process, until it has read a broker's history into its read model. */
export async function catchUpBench(pulsar: string): Promise<object> {
  const namespace = await newNamespace(pulsar, "bench-catch-up");
  const processes = new Processes("bench");
  try {
    const cluster = openCluster({ serviceUrl: pulsar });
    for await (const { what, outcome, why } of setUp(cluster, { tenant: "public", namespace, partitions }))
      if (outcome === "differs") throw new Error(`${what} can't be set up: ${why}`);
    cluster.close();
    const written = await writeSqlHistory({ pulsar, namespace, partitions, events, prefix: "trip" });
    const { server: port } = await freePorts("server");
    const began = performance.now();
    const pid = processes.start({
      name: "server",
      main: serverMain,
      env: {
        DOWNBEAT_LOG_URL: pulsar,
        DOWNBEAT_NAMESPACE: namespace,
        DOWNBEAT_PORT: String(port),
        DOWNBEAT_DATA_DIR: processes.folder,
        LOG_LEVEL: "warn",
      },
    });
    const isReady = async () => (await ask(`http://127.0.0.1:${port}/readyz/reads`)) !== undefined;
    if (!(await until(isReady, withinMs)))
      throw new Error(`The server has not read all of it in time.\n${processes.lastLines("server")}`);
    const seconds = (performance.now() - began) / 1_000;
    return {
      events: written.events,
      records: written.records,
      caughtUpAfterSeconds: Math.round(seconds * 10) / 10,
      eventsPerSecond: Math.round(written.events / seconds),
      recordsPerSecond: Math.round(written.records / seconds),
      residentMb: residentMb(pid),
    };
  } finally {
    await processes.endAll();
    rmSync(processes.folder, { recursive: true, force: true });
    await removeNamespace(pulsar, namespace);
  }
}
