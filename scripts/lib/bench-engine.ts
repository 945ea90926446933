import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { type Client, client, RunRefusedError } from "@downbeat/sdk/client";
import { benchBooking } from "../../apps/travel/src/bench-workflow.ts";
import {
  ask,
  cpuSeconds,
  engineMain,
  freePorts,
  Processes,
  residentMb,
  sleep,
  threadSeconds,
  travelMain,
  until,
} from "./processes.ts";
import { newNamespace, removeNamespace } from "./pulsar-namespace.ts";

export interface EngineBenchOptions {
  readonly runs: number;
  readonly outstanding: number;
  readonly alone: number;
  readonly cpuProfile: boolean;
  /** The worker hosts the workflow too, and the engine nobody's code. */
  readonly delegated: boolean;
  /** For the workflow's code, where the engine hosts it; 0: its own. */
  readonly threads: number;
  /** Engine processes; the first keeps the embedded log. */
  readonly engines: number;
  /** WebSocket address of a Pulsar broker. Not given: the embedded log. */
  readonly pulsar?: string;
}

const startWithinMs = 30_000;
const endWithinMs = 600_000;

/** What the engine itself costs: four jobs that do nothing, done by a worker in a process of its own, all of it durable. */
export async function engineBench(options: EngineBenchOptions): Promise<object> {
  const processes = new Processes("bench");
  const ports = await freePorts("log", "engine");
  const logUrl = options.pulsar ?? `ws://127.0.0.1:${ports.log}`;
  const namespace = options.pulsar === undefined ? "default" : await newNamespace(options.pulsar, "bench");
  const profiles = join(processes.folder, "profile");
  mkdirSync(profiles);
  const profiling = options.cpuProfile ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`] : [];
  const inEngine = {
    DOWNBEAT_WORKFLOWS: "apps/travel/src/bench-workflows.ts",
    DOWNBEAT_WORKFLOW_THREADS: String(options.threads),
  };
  const hosted = options.delegated ? {} : inEngine;
  const pids: Record<string, number> & { readonly engine: number; worker: number } = {
    engine: processes.start({
      name: "engine",
      main: engineMain,
      env: {
        DOWNBEAT_DATA_DIR: processes.folder,
        DOWNBEAT_NAMESPACE: namespace,
        ...(options.pulsar === undefined
          ? { DOWNBEAT_LOG_PORT: String(ports.log) }
          : { DOWNBEAT_LOG_URL: options.pulsar }),
        DOWNBEAT_ENGINE_PORT: String(ports.engine),
        ...hosted,
        LOG_LEVEL: "warn",
      },
      execArgv: [...engineNodeArgs, ...profiling],
    }),
    client: process.pid,
    worker: 0,
  };
  const isReady = await until(
    async () => (await ask(`http://127.0.0.1:${ports.engine}/readyz`)) !== undefined,
    startWithinMs,
  );
  if (!isReady) throw new Error(`The engine is not ready.\n${processes.lastLines("engine")}`);
  for (let number = 2; number <= options.engines; number++) {
    const name = `engine${number}`;
    const others = await freePorts("engine");
    pids[name] = processes.start({
      name,
      main: engineMain,
      env: {
        DOWNBEAT_DATA_DIR: join(processes.folder, name),
        DOWNBEAT_NAMESPACE: namespace,
        DOWNBEAT_LOG_URL: logUrl,
        DOWNBEAT_ENGINE_PORT: String(others.engine),
        ...hosted,
        LOG_LEVEL: "warn",
      },
      execArgv: [...engineNodeArgs],
    });
    const url = `http://127.0.0.1:${others.engine}/readyz`;
    if (!(await until(async () => (await ask(url))?.includes('"owning"') === true, startWithinMs)))
      throw new Error(`Engine ${number} owns no partition.\n${processes.lastLines(name)}`);
  }
  pids.worker = processes.start({
    name: "worker",
    main: travelMain,
    args: [options.delegated ? "bench-hosting" : "bench"],
    env: { DOWNBEAT_LOG_URL: logUrl, DOWNBEAT_NAMESPACE: namespace, LOG_LEVEL: "warn" },
    execArgv: profiling,
  });
  const log = openPulsarWebSocketLog({ serviceUrl: logUrl, tenant: "public", namespace });
  const booking = client({ log, actor: "bench", onProblem: (problem) => console.error(problem) });
  const id = `b${Date.now().toString(36)}`;
  const began = performance.now();
  try {
    await inTime(known(booking, `${id}-known`));
    await inTime(saturate(booking, `${id}-warm`, Math.min(2_000, options.runs), options.outstanding));
    const memory = { start: memoryOf(pids), end: {} };
    const cpuBefore = cpuOf(pids);
    const threadsBefore = { engine: threadSeconds(pids.engine), worker: threadSeconds(pids.worker) };
    const tookMs = await inTime(saturate(booking, id, options.runs, options.outstanding));
    const cpuAfter = cpuOf(pids);
    const threadsAfter = { engine: threadSeconds(pids.engine), worker: threadSeconds(pids.worker) };
    memory.end = memoryOf(pids);
    const heap = await heapOf(`http://127.0.0.1:${ports.engine}/metrics`);
    const latencies = await inTime(oneByOne(booking, `${id}-alone`, options.alone));
    return {
      code: options.delegated ? "in the worker" : "in the engine",
      runs: options.runs,
      outstanding: options.outstanding,
      runsPerSecond: Math.round((options.runs / tookMs) * 1_000),
      seconds: round(tookMs / 1_000),
      latencyMs: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), runs: latencies.length },
      residentMb: memory,
      engineHeapMb: heap,
      coresUsed: Object.fromEntries(
        Object.entries(cpuAfter).map(([name, used]) => [
          name,
          round(((used - (cpuBefore[name] ?? 0)) / tookMs) * 1_000),
        ]),
      ),
      cpuMsPerRun: perRun(cpuAfter, cpuBefore, options.runs),
      ...(options.engines > 1 && { engines: options.engines }),
      engineThreadsCpuMsPerRun: perRun(threadsAfter.engine, threadsBefore.engine, options.runs),
      workerThreadsCpuMsPerRun: perRun(threadsAfter.worker, threadsBefore.worker, options.runs),
      totalSeconds: round((performance.now() - began) / 1_000),
      ...(options.cpuProfile && { profiles }),
    };
  } finally {
    await booking.close();
    await log.close();
    await processes.endAll();
    if (options.pulsar !== undefined) await removeNamespace(options.pulsar, namespace);
    if (!options.cpuProfile) rmSync(processes.folder, { recursive: true, force: true });
  }
}

/** Until a worker has announced the workflow: before that, a start of it is refused. */
export async function known(booking: Client, id: string): Promise<void> {
  for (let number = 0; ; number++) {
    const runId = `${id}-${number}`;
    try {
      const run = await booking.start(benchBooking, { tripId: runId, amountCents: 1 }, { runId });
      await run.result();
      return;
    } catch (error) {
      if (!(error instanceof RunRefusedError) || error.code !== "UnknownWorkflow") throw error;
      await sleep(100);
    }
  }
}

/** As many at a time as is given, the next one as soon as one is over. @returns how long it took, ms */
async function saturate(booking: Client, id: string, runs: number, outstanding: number): Promise<number> {
  const began = performance.now();
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < runs) {
      const runId = `${id}-${next++}`;
      await booking.follow(runId);
      const ended = booking.ended(runId);
      await booking.start(benchBooking, { tripId: runId, amountCents: 120_000 }, { runId, wait: "sent" });
      const { status } = await ended;
      if (status !== "completed") throw new Error(`Run ${runId} ended as ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(outstanding, runs) }, one));
  return performance.now() - began;
}

async function oneByOne(booking: Client, id: string, runs: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let index = 0; index < runs; index++) {
    const runId = `${id}-${index}`;
    const began = performance.now();
    const run = await booking.start(benchBooking, { tripId: runId, amountCents: 120_000 }, { runId });
    await run.result();
    latencies.push(performance.now() - began);
  }
  return latencies.sort((a, b) => a - b);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done within ${endWithinMs / 1_000} s.`)), endWithinMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function memoryOf(pids: Readonly<Record<string, number>>): object {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, residentMb(pid)]));
}

/** What of the engine's memory is JavaScript's; the rest is the log's storage and V8 itself. */
async function heapOf(url: string): Promise<object> {
  const text = (await ask(url)) ?? "";
  const mb = (name: string) =>
    Math.round(Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]) / 1_048_576);
  return {
    used: mb("nodejs_heap_size_used_bytes"),
    total: mb("nodejs_heap_size_total_bytes"),
    external: mb("nodejs_external_memory_bytes"),
  };
}

function cpuOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid) ?? 0]));
}

type Seconds = Readonly<Record<string, number>>;

/** Which cores the work could be spread over: no thread takes more than one. */
function perRun(after: Seconds, before: Seconds, runs: number): Record<string, number> {
  const used = Object.entries(after).map(([name, seconds]) => {
    const ms = ((seconds - (before[name] ?? 0)) * 1_000) / runs;
    return [name, Math.round(ms * 1_000) / 1_000] as const;
  });
  return Object.fromEntries(used.filter(([, ms]) => ms > 0));
}

export function quantile(sorted: readonly number[], part: number): number {
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
