import { rmSync } from "node:fs";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import type { RunEvent } from "@downbeat/domain";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { client } from "@downbeat/sdk/client";
import {
  beatsAtMs,
  promisedTimes,
  retryLaterMs,
  signalTimeoutMs,
  sleepMs,
  timedJobs,
} from "../../apps/travel/src/promised-times.ts";
import { eventsOfRuns, type TimedEvent } from "./events-of-runs.ts";
import { ask, engineMain, freePorts, Processes, until } from "./processes.ts";
import { newNamespace } from "./pulsar-namespace.ts";

export interface Promised {
  readonly promise: string;
  readonly documentedMs: number;
  readonly n: number;
  readonly medianMs: number;
  readonly shortestMs: number;
  readonly longestMs: number;
  /** Of the longest or shortest, whichever is further off. */
  readonly worstPercent: number;
  readonly within5Percent: boolean;
}

const startWithinMs = 60_000;
const endWithinMs = 60_000;
/** Runs begin so far apart, so that their moments don't fall together. */
const everyMs = 170;

/** How long back-offs, time-outs, heartbeats and sleeps last by the times in history, beside what is documented. */
export async function promisesBench(runs: number, pulsar?: string): Promise<Promised[]> {
  const processes = new Processes("promises");
  const ports = await freePorts("log", "engine");
  const logUrl = pulsar ?? `ws://127.0.0.1:${ports.log}`;
  const namespace = pulsar === undefined ? "default" : await newNamespace(pulsar, "promises");
  const place = { DOWNBEAT_NAMESPACE: namespace, LOG_LEVEL: "warn" };
  processes.start({
    name: "engine",
    main: engineMain,
    env: {
      ...place,
      ...(pulsar === undefined ? { DOWNBEAT_LOG_PORT: String(ports.log) } : { DOWNBEAT_LOG_URL: pulsar }),
      DOWNBEAT_DATA_DIR: processes.folder,
      DOWNBEAT_ENGINE_PORT: String(ports.engine),
      DOWNBEAT_WORKFLOWS: "apps/travel/src/bench-workflows.ts",
    },
    execArgv: engineNodeArgs,
  });
  const isReady = async () => (await ask(`http://127.0.0.1:${ports.engine}/readyz`)) !== undefined;
  if (!(await until(isReady, startWithinMs)))
    throw new Error(`The engine is not ready.\n${processes.lastLines("engine")}`);
  processes.start({
    name: "worker",
    main: "scripts/lib/promised-times-process.ts",
    env: { ...place, DOWNBEAT_LOG_URL: logUrl },
  });
  const log = openPulsarWebSocketLog({ serviceUrl: logUrl, tenant: "public", namespace });
  const starter = client({ log, actor: "bench" });
  try {
    // What is compiled and connected at the first run is no part of a promise.
    await ended(starter.start(promisedTimes, undefined, { runId: "warm" }));
    const ends: Promise<unknown>[] = [];
    for (let index = 0; index < runs; index++) {
      ends.push(ended(starter.start(promisedTimes, undefined, { runId: `run-${index}` })));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    await Promise.all(ends);
    const histories = await eventsOfRuns(log);
    histories.delete("warm");
    return promisedOf([...histories.values()]);
  } finally {
    await starter.close();
    await log.close();
    await processes.endAll();
    rmSync(processes.folder, { recursive: true, force: true });
  }
}

async function ended(started: Promise<{ result(): Promise<unknown> }>): Promise<void> {
  const handle = await started;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("A run did not end in time.")), endWithinMs);
  try {
    await Promise.race([handle.result(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function promisedOf(runs: readonly (readonly TimedEvent[])[]): Promised[] {
  const { failing, later, endless, silent, beating, unserved } = timedJobs;
  const ofJobs = runs.map((events) => new JobTimes(events));
  const all = (measure: (jobs: JobTimes) => number | undefined) => ofJobs.map(measure);
  const [, lastBeatMs = 0] = beatsAtMs;
  return [
    row(
      "first back-off",
      1_000,
      all((jobs) => jobs.backOff(failing.name, 1)),
    ),
    row(
      "second back-off, doubled",
      2_000,
      all((jobs) => jobs.backOff(failing.name, 2)),
    ),
    row(
      "third back-off, at its limit",
      3_000,
      all((jobs) => jobs.backOff(failing.name, 3)),
    ),
    row(
      "back-off that the handler asked for",
      retryLaterMs,
      all((jobs) => jobs.backOff(later.name, 1)),
    ),
    row(
      "start-to-close",
      endless.options.startToCloseMs ?? 0,
      all((jobs) => jobs.untilFailed(endless.name, "AttemptStarted")),
    ),
    row(
      "schedule-to-start, no worker",
      unserved.options.scheduleToStartMs ?? 0,
      all((jobs) => jobs.untilFailed(unserved.name, "AttemptRequested")),
    ),
    row(
      "heartbeat, silent from the start",
      silent.options.heartbeatMs ?? 0,
      all((jobs) => jobs.untilFailed(silent.name, "AttemptStarted")),
    ),
    row(
      `heartbeat, last beat at ${lastBeatMs} ms`,
      lastBeatMs + (beating.options.heartbeatMs ?? 0),
      all((jobs) => jobs.untilFailed(beating.name, "AttemptStarted")),
    ),
    row(
      "sleep",
      sleepMs,
      runs.map((events) => between(events, "RunStarted", "TimerFired", ({ timerId }) => timerId === "t1")),
    ),
    row(
      "time-out of a signal",
      signalTimeoutMs,
      runs.map((events) => between(events, "SignalAwaited", "SignalWaitEnded")),
    ),
  ];
}

class JobTimes {
  readonly #events: readonly TimedEvent[];
  readonly #ids = new Map<string, string>();

  constructor(events: readonly TimedEvent[]) {
    this.#events = events;
    for (const { event } of events)
      if (event.type === "JobScheduled") this.#ids.set(event.jobType, event.jobId);
  }

  backOff(jobType: string, attempt: number): number | undefined {
    const failed = this.#at(jobType, "AttemptFailed", attempt);
    const requested = this.#at(jobType, "AttemptRequested", attempt + 1);
    return failed === undefined || requested === undefined ? undefined : requested - failed;
  }

  untilFailed(jobType: string, from: "AttemptStarted" | "AttemptRequested"): number | undefined {
    const began = this.#at(jobType, from, 1);
    const failed = this.#at(jobType, "AttemptFailed", 1);
    return began === undefined || failed === undefined ? undefined : failed - began;
  }

  #at(jobType: string, type: RunEvent["type"], attempt: number): number | undefined {
    const jobId = this.#ids.get(jobType);
    return this.#events.find(
      ({ event }) =>
        event.type === type &&
        "attempt" in event &&
        "jobId" in event &&
        event.jobId === jobId &&
        event.attempt === attempt,
    )?.at;
  }
}

function between(
  events: readonly TimedEvent[],
  from: RunEvent["type"],
  to: RunEvent["type"],
  isIt: (event: { readonly timerId?: string }) => boolean = () => true,
): number | undefined {
  const began = events.find(({ event }) => event.type === from)?.at;
  const ended = events.find(({ event }) => event.type === to && isIt(event as { timerId?: string }))?.at;
  return began === undefined || ended === undefined ? undefined : ended - began;
}

function row(promise: string, documentedMs: number, measured: readonly (number | undefined)[]): Promised {
  const times = measured.filter((ms) => ms !== undefined).toSorted((a, b) => a - b);
  const [shortest = 0, longest = 0] = [times[0], times.at(-1)];
  const worst = Math.max(Math.abs(shortest - documentedMs), Math.abs(longest - documentedMs)) / documentedMs;
  return {
    promise,
    documentedMs,
    n: times.length,
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    shortestMs: shortest,
    longestMs: longest,
    worstPercent: Math.round(worst * 1_000) / 10,
    within5Percent: times.length === measured.length && worst <= 0.05,
  };
}
