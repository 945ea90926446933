import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { client } from "@downbeat/sdk/client";
import * as jobs from "../apps/travel/src/jobs.ts";
import { Random } from "../packages/testing/src/simulation/random.ts";
import { clock, jumpingClock } from "./chaos/clock.ts";
import { flip } from "./chaos/flip.ts";
import { forge } from "./chaos/forge.ts";
import { fullDisk, smallDisk } from "./chaos/full-disk.ts";
import { kill } from "./chaos/kill.ts";
import { killBroker } from "./chaos/kill-broker.ts";
import { missingWal } from "./chaos/missing-wal.ts";
import { pause } from "./chaos/pause.ts";
import type { Performance } from "./chaos/performance.ts";
import { unload } from "./chaos/unload.ts";
import { versions } from "./chaos/versions.ts";
import { wait } from "./chaos/wait.ts";
import { type Fold, HandedOver, stuckBecause } from "./lib/history-check.ts";
import { pendingTimers } from "./lib/pending-timers.ts";
import { freePorts, sleep, until } from "./lib/processes.ts";
import { settle } from "./lib/settle.ts";
import { Shown } from "./lib/shown.ts";
import { Stage } from "./lib/stage.ts";
import { Traffic } from "./lib/traffic.ts";
import { type Broker, openBroker } from "./pulsar/broker.ts";

const help = `npm run chaos [-- options]

Books trips under load while processes are killed, or paused; then reads history on its own and counts.
Prints one line of JSON at the end. The exit status is 1 when anything is wrong.

  --mode kill    kill -9 of the engines, the server, the workers, and all at once, in turn, and of one engine or worker at random in between (default)
  --mode wait    runs that wait for a minute, while the engine is killed and is back after a moment
  --mode pause   two engines on one log; one of them is paused under load and wakes again

  --mode flip    bits flip in stored records while the log's process is killed; embedded log only
  --mode clock   the clock of the engine and its log jumps for some seconds, by two hours, half a minute, a year; embedded log only
  --mode wal     the log's process is killed, and its write-ahead log is gone at the next start; embedded log only
  --mode disk    the disk is full for a while; embedded log only, needs root, for it puts a small disk under the data
  --mode versions  two engines, one of another version (--other), killed in turn

  --mode forge   somebody writes into history what no engine wrote: garbage, claims, events that can't follow, damaged records

  --pulsar <url>            on this Pulsar broker (ws://host:8080), which is left alone, instead of the embedded log
  --mode broker  a real Pulsar broker of its own, kill -9 of it, and back after a moment
  --mode unload  on a Pulsar broker: topics are unloaded, which cuts every session on them

  --mode timers  a broker of its own, with so many runs that wait; kill -9 of it and of the engine before the first is due

  --runs <number>           timers: how many (default 100,000)
  --wait-seconds <number>   timers: how long after the start of the first run they are due (default 180)
  --other <folder>          versions: a checkout of another version, with its packages installed
  --hosted                  workers host the code of workflows, and engines nobody's
  --builds 2                hosted, kill: workers of two builds; the older one can't go on with what the newer one has decided
  --engines <number>        kill: how many engines, up to 3 (default 1, which keeps the log as well; of several each is killed alone, too)
  --rounds <number>         how often (default 5)
  --minutes <number>        kill: for so long, instead of so many rounds
  --seed <number>           kill: what chance is taken from; it is printed (default: another one each time)
  --rate <number>           bookings a second (default 30)
  --pause-seconds <number>  pause: for how long (default 30)
  --settle-seconds <number> how long runs may take to end after the last fault (default 300)
  --keep                    leaves the data and the output of the processes

With DOWNBEAT_PULSAR_CLIENT=native the processes on a broker use the native client.`;

const { values } = parseArgs({
  options: {
    mode: { type: "string", default: "kill" },
    hosted: { type: "boolean", default: false },
    builds: { type: "string", default: "1" },
    engines: { type: "string", default: "1" },
    rounds: { type: "string", default: "5" },
    minutes: { type: "string" },
    seed: { type: "string" },
    pulsar: { type: "string" },
    rate: { type: "string", default: "30" },
    "pause-seconds": { type: "string", default: "30" },
    runs: { type: "string", default: "100000" },
    "wait-seconds": { type: "string", default: "180" },
    "settle-seconds": { type: "string", default: "300" },
    other: { type: "string" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const mostSeed = 2 ** 31 - 1;

const modes = [
  "kill",
  "wait",
  "pause",
  "broker",
  "unload",
  "forge",
  "flip",
  "clock",
  "wal",
  "disk",
  "versions",
] as const;
type Mode = (typeof modes)[number];
/** On a log of its own that is on this machine. */
const embeddedOnly: readonly Mode[] = ["flip", "clock", "wal", "disk"];

async function main(): Promise<boolean> {
  if (values.help) {
    console.log(help);
    return true;
  }
  const { mode } = values;
  if (mode === "timers") return timers();
  if (!isMode(mode)) throw new Error(`There is no mode ${JSON.stringify(mode)}.`);
  if (mode === "unload" && values.pulsar === undefined)
    throw new Error("--mode unload needs --pulsar <url>.");
  if (embeddedOnly.includes(mode) && values.pulsar !== undefined)
    throw new Error(`--mode ${mode} is for the embedded log.`);
  if ((mode === "versions") !== (values.other !== undefined))
    throw new Error("--mode versions needs --other <folder>, and no other mode does.");
  const builds = number("--builds", values.builds, 2) === 2 ? 2 : 1;
  if (builds === 2 && !(values.hosted && mode === "kill"))
    throw new Error("--builds 2 is for --hosted, and --mode kill.");
  const rate = number("--rate", values.rate, 1_000);
  const settleMs = number("--settle-seconds", values["settle-seconds"], 3_600) * 1_000;
  const rounds = number("--rounds", values.rounds, 1_000);
  const minutes = values.minutes === undefined ? undefined : number("--minutes", values.minutes, 24 * 60);
  const seed = values.seed === undefined ? randomInt(1, mostSeed) : number("--seed", values.seed, mostSeed);
  if ((minutes !== undefined || values.seed !== undefined) && mode !== "kill")
    throw new Error("--minutes and --seed are for --mode kill.");
  const pauseMs = number("--pause-seconds", values["pause-seconds"], 600) * 1_000;

  const broker = mode === "broker" ? await ownBroker() : undefined;
  const engines = mode === "pause" || mode === "versions" ? 2 : number("--engines", values.engines, 3);
  const stage = await Stage.open("chaos", engines, broker?.webSocketUrl ?? values.pulsar, {
    hosted: values.hosted,
    builds,
    ...(mode === "clock" && { engineEnv: jumpingClock }),
    ...(values.other !== undefined && { otherCheckout: resolve(values.other) }),
  });
  const takeDiskAway = mode === "disk" ? smallDisk(stage.dataFolder) : undefined;
  say(`Starting ${stage.names.join(", ")} …`);
  stage.start(...stage.names);
  const late = await stage.ready();
  if (late.length > 0) {
    throw new Error(
      late.map((name) => `${name} is not ready.\n${stage.processes.lastLines(name)}`).join("\n"),
    );
  }
  const log = openPulsarWebSocketLog({
    serviceUrl: stage.logUrl,
    tenant: "public",
    namespace: stage.namespace,
  });
  const booking = client({ log, actor: "chaos", answerWithin: "2 minutes" });
  const traffic = new Traffic(booking, rate);
  const jobTypes = Object.values(jobs).flatMap((value) => ("name" in value ? [value.name] : []));
  const performance: Performance = {
    stage,
    log,
    booking,
    traffic,
    shown: new Shown(stage.serverUrl, stage.namespace),
    handedOver: new HandedOver(log, jobTypes),
    violations: [],
    damagedRuns: new Set(),
    rounds,
    say,
  };
  const booked = traffic.run();
  const stopWatching = watch(performance);
  const play: Record<Mode, () => Promise<object>> = {
    kill: () => {
      say(`The seed is ${seed}.`);
      return kill(performance, new Random(seed), minutes);
    },
    wait: () => wait(performance),
    pause: () => pause(performance, pauseMs),
    broker: () => killBroker(performance, broker),
    unload: () => unload(performance),
    forge: () => forge(performance),
    flip: () => flip(performance),
    clock: () => clock(performance),
    wal: () => missingWal(performance),
    disk: () => fullDisk(performance),
    versions: () => versions(performance),
  };
  const faults = await play[mode]();
  traffic.stop();
  await booked;
  say("No more faults. Waiting until every run is over or stuck …");
  const { fold, violations: unsettled } = await settle(log, traffic, settleMs, say, {
    damagedRuns: performance.damagedRuns,
    clocksJump: mode === "clock",
  });
  performance.violations.push(...unsettled);
  stopWatching();
  const counts = await check(performance, fold);
  await Promise.race([
    Promise.all([booking.close(), performance.handedOver.close()]).then(() => log.close()),
    sleep(5_000),
  ]);
  await stage.processes.endAll();
  await broker?.stop();
  takeDiskAway?.();

  const { violations } = performance;
  for (const violation of violations.slice(0, 20)) say(`VIOLATION ${violation}`);
  if (violations.length > 0 || values.keep) say(`The data and what was printed: ${stage.processes.folder}`);
  else rmSync(stage.processes.folder, { recursive: true, force: true });
  console.log(
    JSON.stringify({
      chaos: mode,
      ...(mode === "kill" && { seed }),
      ...faults,
      ...counts,
      violations: violations.length,
    }),
  );
  return violations.length === 0;
}

async function timers(): Promise<boolean> {
  const { violations, ...figures } = await pendingTimers({
    runs: number("--runs", values.runs, 1_000_000),
    waitMs: number("--wait-seconds", values["wait-seconds"], 3_600) * 1_000,
    settleMs: number("--settle-seconds", values["settle-seconds"], 3_600) * 1_000,
    openBroker: ownBroker,
    say,
  });
  for (const violation of violations.slice(0, 20)) say(`VIOLATION ${violation}`);
  console.log(JSON.stringify({ chaos: "timers", ...figures, violations: violations.length }));
  return violations.length === 0;
}

async function ownBroker(): Promise<Broker> {
  const ports = await freePorts("web", "broker", "zookeeper", "bookkeeper");
  const dataDir = mkdtempSync(join(tmpdir(), "downbeat-broker-"));
  const broker = await openBroker({ ports, dataDir, say });
  say("Starting a Pulsar broker …");
  await broker.start();
  return broker;
}

/** Looks at what the server shows while faults go on. */
function watch({ shown }: Performance): () => void {
  let stopped = false;
  void (async () => {
    while (!stopped) {
      await shown.glimpse();
      await sleep(300);
    }
  })();
  return () => {
    stopped = true;
  };
}

async function check(
  { stage, traffic, shown, handedOver, violations }: Performance,
  fold: Fold,
): Promise<object> {
  violations.push(...fold.violations);
  for (const runId of traffic.promised) {
    if (!fold.runs.has(runId) && !fold.touched.has(runId))
      violations.push(`Booking ${runId} was promised and is not in history.`);
  }
  const statuses: Record<string, number> = {};
  let attempts = 0;
  for (const [runId, { state, terminalEvents, requested }] of fold.runs) {
    const stuck = state.status === "running" && stuckBecause(state) !== undefined;
    const status = stuck ? "stuck" : state.status;
    // Nobody's code was changed under the name of its build: whatever build is there, another one fits.
    if (state.status === "running" && state.stuck?.kind === "nonDeterminism")
      violations.push(`Run ${runId} is stuck: ${state.stuck.message}`);
    statuses[status] = (statuses[status] ?? 0) + 1;
    attempts += requested.size;
    if (terminalEvents !== (state.status === "running" ? 0 : 1)) {
      violations.push(`Run ${runId} ended ${terminalEvents} times.`);
    }
  }
  violations.push(...handedOver.check(fold));
  let differences: string[] = [];
  await until(
    async () => {
      differences = shown.compare(await shown.all(), fold);
      return differences.length === 0;
    },
    30_000,
    500,
  );
  violations.push(...differences, ...shown.checkGlimpses(fold));
  violations.push(...(await shown.comparePages([...fold.runs.keys()].slice(-300), fold)));
  return {
    ...(stage.builds.length > 1 && { decidedBy: fold.decidedBy, passedOn: fold.passedOn }),
    sent: traffic.sent,
    promised: traffic.promised.size,
    withoutAnswer: traffic.refused.length,
    runs: fold.runs.size,
    statuses,
    attemptsRequested: attempts,
    attemptsSeenHandedOver: handedOver.attempts,
    handedOverAgain: handedOver.again,
    records: { counted: fold.counted, claims: fold.claims, ignored: fold.ignored },
    shownWhileFaultsWentOn: shown.glimpses,
  };
}

function isMode(text: string): text is Mode {
  return modes.some((mode) => mode === text);
}

function number(option: string, text: string, most: number): number {
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  throw new Error(`${option} can't be ${JSON.stringify(text)}.`);
}

function say(sentence: string): void {
  console.error(sentence);
}

main().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
