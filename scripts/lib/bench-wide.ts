import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { client } from "@downbeat/sdk/client";
import { benchWide } from "../../apps/travel/src/bench-workflow.ts";
import { ask, cpuSeconds, engineMain, freePorts, Processes, travelMain, until } from "./processes.ts";

const startWithinMs = 30_000;
const endWithinMs = 120_000;
const longestTurn = fileURLToPath(new URL("./longest-turn.ts", import.meta.url));

/**
 * What one run with so many jobs side by side costs the engine's process, with the embedded log in it. Small runs go first, so that code is
 * compiled when it is measured.
 */
export async function wideBench(jobs: number): Promise<object> {
  const processes = new Processes("wide");
  const ports = await freePorts("log", "engine", "bench");
  const logUrl = `ws://127.0.0.1:${ports.log}`;
  const engine = processes.start({
    name: "engine",
    main: engineMain,
    env: {
      DOWNBEAT_DATA_DIR: processes.folder,
      DOWNBEAT_LOG_PORT: String(ports.log),
      DOWNBEAT_ENGINE_PORT: String(ports.engine),
      DOWNBEAT_WORKFLOWS: "apps/travel/src/bench-workflows.ts",
      DOWNBEAT_BENCH_PORT: String(ports.bench),
      LOG_LEVEL: "warn",
    },
    execArgv: [...engineNodeArgs, "--import", longestTurn],
  });
  const url = `http://127.0.0.1:${ports.engine}`;
  if (!(await until(async () => (await ask(`${url}/readyz`)) !== undefined, startWithinMs)))
    throw new Error(`The engine is not ready.\n${processes.lastLines("engine")}`);
  const worker = {
    name: "worker",
    main: travelMain,
    args: ["bench"],
    env: { DOWNBEAT_LOG_URL: logUrl, LOG_LEVEL: "warn" },
  };
  const log = openPulsarWebSocketLog({ serviceUrl: logUrl, tenant: "public", namespace: "default" });
  const starter = client({ log, actor: "bench" });
  let sent = 0;
  let longestBlockMs = 0;

  /** @returns how many jobs the engine has handed over. The longest block is since the last look. */
  const look = async (): Promise<number> => {
    const metrics = (await ask(`${url}/metrics`)) ?? "";
    const block = await ask(`http://127.0.0.1:${ports.bench}`);
    longestBlockMs = Math.max(longestBlockMs, Number(block ?? 0));
    return Number(/^downbeat_engine_attempts_total\{job_type="benchPart"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
  };
  const measured = async (work: () => Promise<unknown>) => {
    await look();
    longestBlockMs = 0;
    const before = cpuSeconds(engine) ?? 0;
    await work();
    const cpuMs = Math.round(((cpuSeconds(engine) ?? 0) - before) * 1_000);
    await look();
    return { cpuMs, longestBlockMs };
  };
  const run = async (runId: string, width: number) => {
    const schedule = await measured(async () => {
      sent += width;
      await starter.start(benchWide, { jobs: width }, { runId });
      const all = await until(async () => (await look()) >= sent, endWithinMs);
      if (!all) throw new Error(`${width - sent + (await look())} of ${width} jobs were handed over.`);
    });
    const ended = starter.ended(runId);
    const complete = await measured(async () => {
      processes.start(worker);
      const { status } = await ended;
      if (status !== "completed") throw new Error(`Run ${runId} ended as ${status}.`);
    });
    await processes.end("worker", "SIGTERM");
    return { schedule, complete };
  };

  try {
    await run("warm-1", 50);
    await run("warm-2", 200);
    return { jobs, ...(await run("wide", jobs)) };
  } finally {
    await starter.close();
    await log.close();
    await processes.endAll();
    rmSync(processes.folder, { recursive: true, force: true });
  }
}
