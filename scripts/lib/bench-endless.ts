import { loadavg } from "node:os";
import { join } from "node:path";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { type Client, client } from "@downbeat/sdk/client";
import { benchBooking, benchEndless } from "../../apps/travel/src/bench-workflow.ts";
import { known, quantile } from "./bench-engine.ts";
import { ask, engineMain, freePorts, Processes, sleep, travelMain, until } from "./processes.ts";

const startWithinMs = 30_000;
/** Of bookings, one begun every so many ms whatever the others do. */
const everyMs = 50;
const seconds = 10;
/** Processor time of a step, by default. */
const limitMs = 5_000;

/**
 * What a run that never comes back from a step costs the others of its worker: bookings at a steady pace before it and while it
 * loops, how long until it is stuck, and with which words.
 */
export async function endlessBench(): Promise<object> {
  const processes = new Processes("bench-endless");
  const ports = await freePorts("log", "engine");
  const logUrl = `ws://127.0.0.1:${ports.log}`;
  const engine = processes.start({
    name: "engine",
    main: engineMain,
    env: {
      DOWNBEAT_DATA_DIR: join(processes.folder, "data"),
      DOWNBEAT_LOG_PORT: String(ports.log),
      DOWNBEAT_ENGINE_PORT: String(ports.engine),
      LOG_LEVEL: "warn",
    },
    execArgv: [...engineNodeArgs],
  });
  const readiness = `http://127.0.0.1:${ports.engine}/readyz`;
  if (!(await until(async () => (await ask(readiness)) !== undefined, startWithinMs)))
    throw new Error(`The engine is not ready.\n${processes.lastLines("engine")}`);
  const hosting = processes.start({
    name: "worker",
    main: travelMain,
    args: ["bench-hosting"],
    env: { DOWNBEAT_LOG_URL: logUrl, LOG_LEVEL: "error" },
  });
  const log = openPulsarWebSocketLog({ serviceUrl: logUrl, tenant: "public", namespace: "default" });
  const booking = client({ log, actor: "bench", onProblem: (problem) => console.error(problem) });
  try {
    const id = `e${Date.now().toString(36)}`;
    await known(booking, `${id}-known`);
    await bookings(booking, `${id}-warm`, 5);
    const before = await bookings(booking, `${id}-before`, seconds);
    const loop = await booking.start(benchEndless, undefined, { runId: `${id}-endless` });
    const began = performance.now();
    const asking = slowestAnswer(readiness);
    const stuck = loop.result({ onStuck: "throw" }).then(
      () => new Error("It came back."),
      (error: Error) => {
        const afterMs = Math.round(performance.now() - began);
        // Of a core: without more of it, no limit of processor time can be met earlier.
        return { afterMs, share: Math.round((limitMs / afterMs) * 100) / 100, said: error.message };
      },
    );
    const meanwhile = await bookings(booking, `${id}-meanwhile`, seconds);
    const [load = 0] = loadavg();
    return {
      everyMs,
      load: Math.round(load * 10) / 10,
      before: summary(before),
      whileItLoops: summary(meanwhile),
      p99Times: Math.round((quantile(meanwhile, 0.99) / quantile(before, 0.99)) * 100) / 100,
      stuck: await stuck,
      engineAnsweredWithinMs: await asking.end(),
      sameProcesses: processes.pid("engine") === engine && processes.pid("worker") === hosting,
    };
  } finally {
    await booking.close();
    await log.close();
    await processes.endAll();
  }
}

/** @returns ms from start to completed, the shortest first */
async function bookings(booking: Client, id: string, forSeconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const one = async (runId: string) => {
    const began = performance.now();
    const run = await booking.start(benchBooking, { tripId: runId, amountCents: 1 }, { runId });
    await run.result();
    latencies.push(performance.now() - began);
  };
  const all: Promise<void>[] = [];
  for (let number = 0; number < (forSeconds * 1_000) / everyMs; number++) {
    all.push(one(`${id}-${number}`));
    await sleep(everyMs);
  }
  await Promise.all(all);
  return latencies.sort((a, b) => a - b);
}

/** How long the engine took at most to say that it is ready, asked again and again. */
function slowestAnswer(url: string): { end(): Promise<number> } {
  let isOver = false;
  const asking = (async () => {
    let slowest = 0;
    while (!isOver) {
      const began = performance.now();
      if ((await ask(url)) === undefined) throw new Error("The engine was not ready meanwhile.");
      slowest = Math.max(slowest, performance.now() - began);
      await sleep(20);
    }
    return Math.round(slowest);
  })();
  return {
    end: () => {
      isOver = true;
      return asking;
    },
  };
}

function summary(latencies: readonly number[]): object {
  const { length } = latencies;
  return {
    runs: length,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    most: quantile(latencies, 1),
  };
}
