import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { MessageLog } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { type Client, client } from "@downbeat/sdk/client";
import { bookTrip } from "../apps/travel/src/book-trip.ts";
import * as jobs from "../apps/travel/src/jobs.ts";
import { randomTrip } from "../apps/travel/src/traffic.ts";
import { Forger } from "./lib/forger.ts";
import { type Fold, foldHistory, HandedOver, stuckBecause } from "./lib/history-check.ts";
import { pendingTimers } from "./lib/pending-timers.ts";
import { freePorts, sleep, until } from "./lib/processes.ts";
import { settle } from "./lib/settle.ts";
import { Shown } from "./lib/shown.ts";
import { Stage, workers } from "./lib/stage.ts";
import { Traffic } from "./lib/traffic.ts";
import { type Broker, openBroker } from "./pulsar/broker.ts";

const help = `npm run chaos [-- options]

Books trips under load while processes are killed, or paused; then reads history on its own and counts.
Prints one line of JSON at the end. The exit status is 1 when anything is wrong.

  --mode kill    kill -9 of the engine with its log, the server, the workers, and all at once, in turn (default)
  --mode wait    runs that wait for a minute, while the engine is killed and is back after a moment
  --mode pause   two engines on one log; one of them is paused under load and wakes again

  --mode forge   somebody writes into history what no engine wrote: garbage, claims, events that can't follow, damaged records

  --pulsar <url>            on this Pulsar broker (ws://host:8080), which is left alone, instead of the embedded log
  --mode broker  a real Pulsar broker of its own, kill -9 of it, and back after a moment
  --mode unload  on a Pulsar broker: topics are unloaded, which cuts every session on them

  --mode timers  a broker of its own, with so many runs that wait; kill -9 of it and of the engine before the first is due

  --runs <number>           timers: how many (default 100,000)
  --wait-seconds <number>   timers: how long after the start of the first run they are due (default 180)
  --rounds <number>         kill, broker, unload: how often (default 5)
  --rate <number>           bookings a second (default 30)
  --pause-seconds <number>  pause: for how long (default 30)
  --settle-seconds <number> how long runs may take to end after the last fault (default 300)
  --keep                    leaves the data and the output of the processes

With DOWNBEAT_PULSAR_CLIENT=native the processes on a broker use the native client.`;

const { values } = parseArgs({
  options: {
    mode: { type: "string", default: "kill" },
    rounds: { type: "string", default: "5" },
    pulsar: { type: "string" },
    rate: { type: "string", default: "30" },
    "pause-seconds": { type: "string", default: "30" },
    runs: { type: "string", default: "100000" },
    "wait-seconds": { type: "string", default: "180" },
    "settle-seconds": { type: "string", default: "300" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const modes = ["kill", "wait", "pause", "broker", "unload", "forge"] as const;
type Mode = (typeof modes)[number];

const waitMs = 60_000;
const waitingRuns = 40;

interface Performance {
  readonly stage: Stage;
  readonly log: MessageLog;
  readonly traffic: Traffic;
  readonly shown: Shown;
  readonly handedOver: HandedOver;
  readonly violations: string[];
}

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
  const rate = number("--rate", values.rate, 1_000);
  const settleMs = number("--settle-seconds", values["settle-seconds"], 3_600) * 1_000;
  const rounds = number("--rounds", values.rounds, 1_000);
  const pauseMs = number("--pause-seconds", values["pause-seconds"], 600) * 1_000;

  const broker = mode === "broker" ? await ownBroker() : undefined;
  const stage = await Stage.open("chaos", mode === "pause" ? 2 : 1, broker?.webSocketUrl ?? values.pulsar);
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
    traffic,
    shown: new Shown(stage.serverUrl, stage.namespace),
    handedOver: new HandedOver(log, jobTypes),
    violations: [],
  };
  const booked = traffic.run();
  const stopWatching = watch(performance);
  const play: Record<Mode, () => Promise<object>> = {
    kill: () => kill(performance, rounds),
    wait: () => wait(performance, booking),
    pause: () => pause(performance, pauseMs),
    broker: () => killBroker(performance, broker, rounds),
    unload: () => unload(performance, rounds),
    forge: () => forge(performance, rounds),
  };
  const faults = await play[mode]();
  traffic.stop();
  await booked;
  say("No more faults. Waiting until every run is over or stuck …");
  const { fold, violations: unsettled } = await settle(log, traffic, settleMs, say);
  performance.violations.push(...unsettled);
  stopWatching();
  const counts = await check(performance, fold);
  await Promise.race([
    Promise.all([booking.close(), performance.handedOver.close()]).then(() => log.close()),
    sleep(5_000),
  ]);
  await stage.processes.endAll();
  await broker?.stop();

  const { violations } = performance;
  for (const violation of violations.slice(0, 20)) say(`VIOLATION ${violation}`);
  if (violations.length > 0 || values.keep) say(`The data and what was printed: ${stage.processes.folder}`);
  else rmSync(stage.processes.folder, { recursive: true, force: true });
  console.log(JSON.stringify({ chaos: mode, ...faults, ...counts, violations: violations.length }));
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

/** Each in turn, and all at once, after a while of load; started again after a moment. */
async function kill({ stage, traffic, violations }: Performance, rounds: number): Promise<object> {
  const turns = {
    engine: stage.engines,
    server: ["server"],
    workers,
    all: stage.names,
  } as const;
  const kills = { engine: 0, server: 0, workers: 0, all: 0 };
  for (let round = 1; round <= rounds; round++) {
    for (const turn of ["engine", "server", "workers", "all"] as const) {
      await sleep(1_000 + Math.random() * 3_000);
      await stage.kill(...turns[turn]);
      kills[turn] += 1;
      await sleep(Math.random() * 1_000);
      stage.start(...turns[turn]);
      const late = await stage.ready();
      for (const name of late) {
        violations.push(`${name} did not come back: ${stage.processes.lastLines(name)}`);
        if (!stage.processes.isRunning(name)) stage.start(name);
      }
    }
    say(`Round ${round} of ${rounds}: ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`);
  }
  return { rounds, kills };
}

/** The log itself is gone for a while, under load. */
async function killBroker(
  { traffic }: Performance,
  broker: Broker | undefined,
  rounds: number,
): Promise<object> {
  for (let round = 1; round <= rounds; round++) {
    await sleep(5_000 + Math.random() * 5_000);
    await broker?.kill();
    say("The broker is killed.");
    await sleep(Math.random() * 3_000);
    await broker?.start();
    say(
      `Round ${round} of ${rounds}: it is back. ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`,
    );
  }
  await sleep(10_000);
  return { rounds };
}

async function ownBroker(): Promise<Broker> {
  const ports = await freePorts("web", "broker", "zookeeper", "bookkeeper");
  const dataDir = mkdtempSync(join(tmpdir(), "downbeat-broker-"));
  const broker = await openBroker({ ports, dataDir, say });
  say("Starting a Pulsar broker …");
  await broker.start();
  return broker;
}

/** What is forged concerns only runs that there are not: nobody else may be hurt, and the partitions go on. */
async function forge({ stage, log, traffic, violations }: Performance, rounds: number): Promise<object> {
  const forger = await Forger.open(log);
  for (let round = 1; round <= rounds; round++) {
    await forger.play(false, () => sleep(200 + Math.random() * 800));
    say(`Round ${round} of ${rounds}: ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`);
  }
  const late = await stage.ready();
  for (const name of late) violations.push(`${name} is not ready: ${stage.processes.lastLines(name)}`);
  await forger.close();
  return { rounds, forged: forger.forged };
}

/** Each topic of the core in turn: publishes, takeovers and replays are interrupted wherever they are. */
async function unload({ stage, log, traffic, violations }: Performance, rounds: number): Promise<object> {
  const partitions = await log.partitionsOf("history");
  const names = Array.from({ length: partitions }, (_, index) => [
    topics.inbox(index),
    topics.history(index),
  ]).flat();
  const admin = stage.logUrl.replace(/^ws/, "http");
  let unloaded = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const name of [...names, topics.timers]) {
      await sleep(Math.random() * 1_000);
      const url = `${admin}/admin/v2/persistent/public/${stage.namespace}/${name}/unload`;
      const answer = await fetch(url, { method: "PUT" });
      if (answer.ok) unloaded += 1;
      else violations.push(`${name} could not be unloaded: ${answer.status}.`);
    }
    say(`Round ${round} of ${rounds}: ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`);
  }
  return { rounds, unloaded };
}

/** Nobody is there for a while of the minute that the runs wait for. */
async function wait({ stage, log, traffic, violations }: Performance, booking: Client): Promise<object> {
  const runIds = Array.from(
    { length: waitingRuns },
    (_, index) => `waiting-${Date.now().toString(36)}-${index}`,
  );
  for (const runId of runIds) {
    const { request } = randomTrip();
    const trip = {
      ...request,
      tripId: runId,
      amountCents: 100_000,
      documents: "email" as const,
      holdMs: waitMs,
    };
    await booking.start(bookTrip, trip, { runId });
    traffic.promised.add(runId);
  }
  await sleep(waitMs / 3);
  await stage.kill(...stage.engines);
  say("The engine is killed in the middle of the minute.");
  await sleep(5_000);
  stage.start(...stage.engines);
  for (const name of await stage.ready()) violations.push(`${name} did not come back.`);
  say("The engine is back. Waiting for the rest of the minute …");
  await sleep(waitMs);
  const fold = await foldHistory(log);
  const after = runIds.flatMap((runId) => fold.runs.get(runId)?.firedAfterMs ?? []).sort((a, b) => a - b);
  return { waitMs, waits: after.length, firedAfterMs: { least: after[0], most: after.at(-1) } };
}

/** One of two engines stands still under load, its partitions go on with the other, and what it says when it wakes does not count. */
async function pause(performance: Performance, pauseMs: number): Promise<object> {
  const { stage, log, traffic, violations } = performance;
  const owns = async (engine: string) =>
    (await stage.modes(engine)).flatMap((mode, partition) => (mode === "owning" ? [partition] : []));
  const spread = await until(async () => {
    const [first = [], second = []] = await Promise.all(stage.engines.map(owns));
    return first.length > 0 && second.length > 0;
  }, 60_000);
  const ownedBefore = Object.fromEntries(
    await Promise.all(stage.engines.map(async (engine) => [engine, await owns(engine)] as const)),
  );
  say(`Partitions: ${JSON.stringify(ownedBefore)}`);
  if (!spread) violations.push(`The partitions did not spread: ${JSON.stringify(ownedBefore)}.`);
  await sleep(5_000);

  const paused = stage.engines[0] ?? "";
  const dropsBefore = await stage.metric(paused, "downbeat_engine_drops_total");
  const ignoredBefore = (await foldHistory(log)).ignored;
  const since = Date.now();
  stage.processes.signal(paused, "SIGSTOP");
  say(`${paused} is paused for ${pauseMs / 1_000} s.`);
  await sleep(pauseMs / 2);
  const halfWay = await foldHistory(log);
  await sleep(pauseMs / 2);
  const atWaking = await foldHistory(log);
  const ownedMeanwhile = await owns(stage.engines[1] ?? "");
  stage.processes.signal(paused, "SIGCONT");
  const partitions = await log.partitionsOf("history");
  const ended = endedPer(partitions, halfWay, atWaking);
  say(`${paused} wakes after ${Math.round((Date.now() - since) / 1_000)} s.`);
  say(`Runs ended in the second half of the pause, by partition: ${JSON.stringify(ended)}.`);
  for (const [partition, count] of ended.entries()) {
    if (count === 0) violations.push(`Partition ${partition} stood still while ${paused} was paused.`);
  }
  if (ownedMeanwhile.length !== partitions) {
    violations.push(
      `Of ${partitions} partitions the other engine owned only ${JSON.stringify(ownedMeanwhile)}.`,
    );
  }
  await sleep(15_000);
  const drops = (await stage.metric(paused, "downbeat_engine_drops_total")) - dropsBefore;
  const ignored = (await foldHistory(log)).ignored - ignoredBefore;
  if (!(drops > 0 || ignored > 0))
    violations.push(`${paused} was not fenced: no partition dropped, no record ignored.`);
  const ownedAfter = Object.fromEntries(
    await Promise.all(stage.engines.map(async (engine) => [engine, await owns(engine)] as const)),
  );
  say(
    `${paused} gave up ${drops} times, ${ignored} records did not count. Partitions: ${JSON.stringify(ownedAfter)}`,
  );
  await sleep(5_000);
  return {
    pauseSeconds: pauseMs / 1_000,
    ownedBefore,
    ownedMeanwhile,
    ownedAfter,
    endedWhilePaused: ended,
    dropsOfTheWoken: drops,
    recordsThatDidNotCount: ignored,
    bookedMeanwhile: traffic.promised.size,
  };
}

/** How many runs of each partition ended between the two. */
function endedPer(partitions: number, before: Fold, now: Fold): number[] {
  const ended = new Array<number>(partitions).fill(0);
  for (const [runId, { partition, closedSeq }] of now.runs) {
    const isNew = closedSeq > 0 && (before.runs.get(runId)?.closedSeq ?? 0) === 0;
    if (isNew) ended[partition] = (ended[partition] ?? 0) + 1;
  }
  return ended;
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

async function check({ traffic, shown, handedOver, violations }: Performance, fold: Fold): Promise<object> {
  violations.push(...fold.violations);
  for (const runId of traffic.promised) {
    if (!fold.runs.has(runId)) violations.push(`Booking ${runId} was promised and is not in history.`);
  }
  const statuses: Record<string, number> = {};
  let attempts = 0;
  for (const [runId, { state, terminalEvents, requested }] of fold.runs) {
    const stuck = state.status === "running" && stuckBecause(state) !== undefined;
    const status = stuck ? "stuck" : state.status;
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
