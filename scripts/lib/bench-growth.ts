import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { HistoryCompaction } from "@downbeat/engine/compaction";
import { topics } from "@downbeat/protocol";
import {
  ask,
  cpuSeconds,
  engineMain,
  freePorts,
  Processes,
  residentMb,
  serverMain,
  threadSeconds,
  until,
} from "./processes.ts";
import { writeHistory } from "./synthetic-bookings.ts";

export interface GrowthBenchOptions {
  /** Runs that are over. */
  readonly runs: number;
  /** Runs that are under way besides them. */
  readonly open: number;
  /** Also with those that are over removed, and then forgotten. */
  readonly keepClosed: boolean;
}

const partitions = 4;
const startWithinMs = 900_000;

/**
 * What a log of so many runs costs: bytes a run in each file, how long the engine takes to own its partitions without its snapshot and with it, how long
 * the server takes to fill an empty read model, and what memory that takes. The history is written straight into the log: bookings of four jobs, as the
 * engine would have written them.
 */
export async function growthBench({ runs, open, keepClosed }: GrowthBenchOptions): Promise<object> {
  const processes = new Processes("growth");
  const { folder } = processes;
  try {
    const began = performance.now();
    const embedded = await openEmbeddedLog({ file: join(folder, "log.sqlite") });
    await writeHistory(embedded.connect({ tenant: "public", namespace: "default" }), {
      partitions,
      runs,
      open,
    });
    await embedded.close();
    const wroteSeconds = seconds(began);
    const withoutSnapshot = await startEngine(processes);
    const files = fileSizes(folder);
    const withSnapshot = await startEngine(processes);
    const server = await startEngine(processes, startServer);
    const readModel = fileSizes(join(folder, "server"));
    rmSync(join(folder, "server"), { recursive: true });
    const perRun = (sizes: Record<string, number>) =>
      Object.fromEntries(
        Object.entries(sizes).map(([name, bytes]) => [name, Math.round(bytes / (runs + open))]),
      );
    const removed: object[] = [];
    for (const forgottenBefore of keepClosed ? [0, Number.MAX_SAFE_INTEGER] : []) {
      const compacted = await compact(join(folder, "log.sqlite"), forgottenBefore);
      rmSync(join(folder, "engine"), { recursive: true });
      const again = await startEngine(processes);
      removed.push({ ...compacted, bytesPerRun: perRun(fileSizes(folder)), withoutSnapshot: again });
    }
    return {
      runs,
      open,
      bytesPerRun: perRun({ ...files, ...readModel }),
      withoutSnapshot,
      withSnapshot,
      ...(keepClosed && { closedRunsRemoved: removed[0], closedRunsForgotten: removed[1] }),
      server,
      wroteSeconds,
    };
  } finally {
    await processes.endAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As the engine's process does it, but in one thread and without a pause. */
async function compact(file: string, forgottenBefore: number): Promise<object> {
  const embedded = await openEmbeddedLog({ file });
  const log = embedded.connect();
  const began = performance.now();
  const cpu = process.cpuUsage();
  let longest = 0;
  let transactions = 0;
  const done = { runs: 0, records: 0, bytes: 0 };
  for (let partition = 0; partition < partitions; partition++) {
    const topic = topics.history(partition);
    const figures = await new HistoryCompaction({
      log,
      topic,
      // Open runs are younger than all that are over.
      endedBefore: Date.now() + 1,
      forgottenBefore,
      compact: async (messages) => {
        const start = performance.now();
        await embedded.compact("public/default", topic, messages);
        longest = Math.max(longest, performance.now() - start);
        transactions += 1;
      },
    }).run();
    done.runs += figures.runs;
    done.records += figures.records;
    done.bytes += figures.bytes;
  }
  const { user, system } = process.cpuUsage(cpu);
  const figures = {
    ...done,
    transactions,
    longestTransactionMs: Math.round(longest),
    seconds: seconds(began),
  };
  // The file shrinks in the log's pauses.
  for (let size = -1; size !== statSync(file).size; ) {
    size = statSync(file).size;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
  await embedded.close();
  return { ...figures, cpuSeconds: Math.round((user + system) / 100_000) / 10 };
}

/**
 * Until it owns every partition; then it is ended, which leaves its snapshot.
 *
 * @param then what else is looked at while it runs; gets the address of the log
 */
async function startEngine(
  processes: Processes,
  then?: (processes: Processes, logUrl: string) => Promise<object>,
): Promise<object> {
  const ports = await freePorts("log", "engine");
  const began = performance.now();
  const pid = processes.start({
    name: "engine",
    main: engineMain,
    env: {
      DOWNBEAT_DATA_DIR: processes.folder,
      DOWNBEAT_LOG_PORT: String(ports.log),
      DOWNBEAT_ENGINE_PORT: String(ports.engine),
      DOWNBEAT_WORKFLOWS: "apps/travel/src/bench-workflows.ts",
      LOG_LEVEL: "warn",
    },
    execArgv: [...engineNodeArgs],
  });
  const owns = await until(
    async () => isOwning(await ask(`http://127.0.0.1:${ports.engine}/readyz`)),
    startWithinMs,
  );
  if (!owns) throw new Error(`The engine is not ready.\n${processes.lastLines("engine")}`);
  const figures = {
    seconds: seconds(began),
    cpuSeconds: cpuSeconds(pid),
    threadsCpuSeconds: threadSeconds(pid),
    residentMb: residentMb(pid)?.most,
  };
  const more = await then?.(processes, `ws://127.0.0.1:${ports.log}`);
  await processes.end("engine", "SIGTERM");
  return more ?? figures;
}

/** Until it has read all of history into an empty read model. */
async function startServer(processes: Processes, logUrl: string): Promise<object> {
  const { server: port } = await freePorts("server");
  const began = performance.now();
  const pid = processes.start({
    name: "server",
    main: serverMain,
    env: {
      DOWNBEAT_LOG_URL: logUrl,
      DOWNBEAT_PORT: String(port),
      DOWNBEAT_DATA_DIR: join(processes.folder, "server"),
      // The runs are of a day long ago, and their events are to be kept.
      DOWNBEAT_HOT_WINDOW: "3650d",
      LOG_LEVEL: "warn",
    },
  });
  const isReady = async () => (await ask(`http://127.0.0.1:${port}/readyz/reads`)) !== undefined;
  if (!(await until(isReady, startWithinMs)))
    throw new Error(`The server has not read all of it in time.\n${processes.lastLines("server")}`);
  const figures = { seconds: seconds(began), cpuSeconds: cpuSeconds(pid), residentMb: residentMb(pid)?.most };
  await processes.end("server", "SIGTERM");
  return figures;
}

function isOwning(readiness = ""): boolean {
  return [...readiness.matchAll(/"owning"/g)].length === partitions;
}

function fileSizes(folder: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.sqlite/.test(entry.name)) continue;
    sizes[entry.name] = (sizes[entry.name] ?? 0) + statSync(join(entry.parentPath, entry.name)).size;
  }
  return sizes;
}

function seconds(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}
