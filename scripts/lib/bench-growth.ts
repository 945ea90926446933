import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { ask, cpuSeconds, engineMain, freePorts, Processes, residentMb, until } from "./processes.ts";
import { writeHistory } from "./synthetic-bookings.ts";

export interface GrowthBenchOptions {
  /** Runs that are over. */
  readonly runs: number;
  /** Runs that are under way besides them. */
  readonly open: number;
}

const partitions = 4;
const startWithinMs = 900_000;

/**
 * What a log of so many runs costs: bytes a run in each file, how long the engine takes to own its partitions without its snapshot and with it, and
 * what memory that takes. The history is written straight into the log: bookings of four jobs, as the engine would have written them.
 */
export async function growthBench({ runs, open }: GrowthBenchOptions): Promise<object> {
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
    return {
      runs,
      open,
      bytesPerRun: Object.fromEntries(
        Object.entries(files).map(([name, bytes]) => [name, Math.round(bytes / (runs + open))]),
      ),
      withoutSnapshot,
      withSnapshot,
      wroteSeconds,
    };
  } finally {
    await processes.endAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until it owns every partition; then it is ended, which leaves its snapshot. */
async function startEngine(processes: Processes): Promise<object> {
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
  const figures = { seconds: seconds(began), cpuSeconds: cpuSeconds(pid), residentMb: residentMb(pid)?.most };
  await processes.end("engine", "SIGTERM");
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
