import { rmSync } from "node:fs";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { type Client, client } from "@downbeat/sdk/client";
import { benchWait } from "../../apps/travel/src/bench-workflow.ts";
import type { Broker } from "../pulsar/broker.ts";
import { type Fold, foldHistory } from "./history-check.ts";
import { ask, engineMain, freePorts, Processes, residentMb, sleep, until } from "./processes.ts";
import { newNamespace } from "./pulsar-namespace.ts";

export interface PendingTimersOptions {
  readonly runs: number;
  /** From the start of the first run to the moment that all wait for, ms. The moments are spread over a sixth of it. */
  readonly waitMs: number;
  /** For the last to fire after its moment, ms. */
  readonly settleMs: number;
  /** One that runs. */
  readonly openBroker: () => Promise<Broker>;
  readonly say: (sentence: string) => void;
}

/** An engine may hold this much, whatever is pending, MB. */
const mostMb = 1_500;
const startedAtOnce = 5_000;

/** Many runs wait; the broker and the engine are killed together and come back; each run must go on once, and not before its moment. */
export async function pendingTimers(
  options: PendingTimersOptions,
): Promise<{ readonly violations: readonly string[]; readonly [figure: string]: unknown }> {
  const { runs, waitMs, settleMs, say } = options;
  const broker = await options.openBroker();
  const namespace = await newNamespace(broker.webSocketUrl, "timers");
  const processes = new Processes("timers");
  const { health } = await freePorts("health");
  const ready = () =>
    until(async () => (await ask(`http://127.0.0.1:${health}/readyz`)) !== undefined, 90_000);
  const engine = {
    name: "engine",
    main: engineMain,
    env: {
      DOWNBEAT_LOG_URL: broker.webSocketUrl,
      DOWNBEAT_NAMESPACE: namespace,
      DOWNBEAT_DATA_DIR: processes.folder,
      DOWNBEAT_ENGINE_NAME: "engine",
      DOWNBEAT_ENGINE_PORT: String(health),
      DOWNBEAT_WORKFLOWS: "apps/travel/src/bench-workflows.ts",
    },
    execArgv: engineNodeArgs,
  };
  processes.start(engine);
  const log = openPulsarWebSocketLog({ serviceUrl: broker.webSocketUrl, namespace });
  const waiting = client({ log, actor: "chaos" });
  try {
    if (!(await ready())) throw new Error(`The engine is not ready.\n${processes.lastLines("engine")}`);
    const began = Date.now();
    await startAll(waiting, runs, began + waitMs, waitMs / 6);
    say(`${runs} runs are asked for, after ${seconds(began)} s. Waiting until all of them wait …`);
    const decided = () => counted(health, "downbeat_engine_commands_total");
    await until(async () => (await decided()) >= runs, waitMs, 500);
    const pending = await decided();
    const before = residentMb(processes.pid("engine") ?? 0);
    const killedAt = seconds(began);
    await Promise.all([broker.kill(), processes.end("engine", "SIGKILL")]);
    say(`Broker and engine are killed after ${killedAt} s.`);
    await broker.start();
    processes.start(engine);
    if (!(await ready())) throw new Error(`The engine did not come back.\n${processes.lastLines("engine")}`);
    say(`They are back after ${seconds(began)} s.`);
    const backAt = seconds(began);
    await sleep(Math.max(0, began + waitMs - Date.now()));
    await until(
      async () => (await counted(health, "downbeat_engine_commands_total")) >= runs,
      settleMs,
      1_000,
    );
    const after = residentMb(processes.pid("engine") ?? 0);
    let fold = await foldHistory(log);
    await until(async () => isOver((fold = await foldHistory(log)), runs), settleMs, 5_000);
    return {
      runs,
      pendingWhenKilled: pending,
      killedAfterSeconds: killedAt,
      backAfterSeconds: backAt,
      dueAfterSeconds: waitMs / 1_000,
      ...figuresOf(fold),
      engineMb: { beforeTheKill: before?.now, mostAfterwards: after?.most },
      violations: [
        ...fold.violations,
        ...violationsOf(fold, runs),
        ...(pending < runs ? [`Only ${pending} of ${runs} runs waited when all was killed.`] : []),
        ...(backAt > waitMs / 1_000 ? ["The first was due before all was back: wait longer."] : []),
        ...((after?.most ?? 0) > mostMb ? [`The engine held ${after?.most} MB.`] : []),
      ],
    };
  } finally {
    await waiting.close();
    await log.close();
    await processes.endAll();
    await broker.stop();
    rmSync(processes.folder, { recursive: true, force: true });
  }
}

async function startAll(waiting: Client, runs: number, dueAt: number, spreadMs: number): Promise<void> {
  for (let first = 0; first < runs; first += startedAtOnce) {
    const count = Math.min(startedAtOnce, runs - first);
    await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const until = Math.round(dueAt + (spreadMs * (first + index)) / runs);
        return waiting.start(benchWait, { until }, { runId: `wait-${first + index}`, wait: "sent" });
      }),
    );
  }
}

function isOver(fold: Fold, runs: number): boolean {
  const over = [...fold.runs.values()].filter(({ state }) => state.status !== "running").length;
  return over === runs;
}

function violationsOf(fold: Fold, runs: number): string[] {
  const wrong = [...fold.runs].flatMap(([runId, { state, terminalEvents, firedAfterMs }]) =>
    state.status === "completed" && terminalEvents === 1 && firedAfterMs.length === 1
      ? []
      : [
          `Run ${runId} is ${state.status}, ended ${terminalEvents} times, and its timer fired ${firedAfterMs.length} times.`,
        ],
  );
  return fold.runs.size === runs ? wrong : [`There are ${fold.runs.size} runs of ${runs}.`, ...wrong];
}

function figuresOf(fold: Fold): object {
  const after = [...fold.runs.values()].flatMap(({ firedAfterMs }) => firedAfterMs).sort((a, b) => a - b);
  return {
    fired: after.length,
    firedAfterMs: { least: after[0], p50: after[Math.floor(after.length / 2)], most: after.at(-1) },
    records: { counted: fold.counted, claims: fold.claims, ignored: fold.ignored },
  };
}

async function counted(health: number, name: string): Promise<number> {
  const text = (await ask(`http://127.0.0.1:${health}/metrics`)) ?? "";
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 100) / 10;
}
