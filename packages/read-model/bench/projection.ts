import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCache } from "../src/cache.ts";
import { ReadModel } from "../src/read/read-model.ts";
import { syntheticHistory } from "../src/test/synthetic-history.ts";
import { Projection } from "../src/write/projection.ts";
import { queries } from "./queries.ts";

/*
 * The read model: how fast records are folded into it at 1,000 bookings a second with flushes every 50 ms, and how long questions take at
 * 100,000 and 1,000,000 runs. Making the records is not counted, parsing them is. Takes about seven minutes.
 */

const day = 86_400_000;
const sizes = [100_000, 1_000_000];
const rounds = 30;

interface Work {
  records: number;
  events: number;
  seconds: number;
}

/** Folds records; `flushAfter` says when to write. */
function* fold(
  projection: Projection,
  messages: Iterable<Parameters<Projection["take"]>[1]>,
  isTime: (publishTime: number) => boolean,
): Generator<Work> {
  const work: Work = { records: 0, events: 0, seconds: 0 };
  for (const message of messages) {
    const began = performance.now();
    projection.take(0, message);
    work.records++;
    if (isTime(message.publishTime)) work.events += projection.flush()?.events ?? 0;
    work.seconds += (performance.now() - began) / 1_000;
    yield work;
  }
  const began = performance.now();
  work.events += projection.flush()?.events ?? 0;
  work.seconds += (performance.now() - began) / 1_000;
  yield work;
}

function throughput(directory: string): object {
  const bookings = 40_000;
  const from = Date.now() - day;
  const cache = openCache(join(directory, "throughput.sqlite"), "bench");
  const projection = new Projection(cache);
  let flushedAt = from;
  const every50Ms = (time: number): boolean => {
    if (time - flushedAt < 50) return false;
    flushedAt = time;
    return true;
  };
  let done: Work = { records: 0, events: 0, seconds: 0 };
  // A second of log time holds a thousand bookings.
  const messages = syntheticHistory({ runs: bookings, from, to: from + bookings });
  const cpuBefore = process.cpuUsage();
  for (const work of fold(projection, messages, every50Ms)) done = work;
  const { user, system } = process.cpuUsage(cpuBefore);
  cache.close();
  return {
    recordsPerSecond: Math.round(done.records / done.seconds),
    eventsPerSecond: Math.round(done.events / done.seconds),
    bookingsPerSecond: Math.round(bookings / done.seconds),
    /** Of one core, at 1,000 bookings a second. */
    coreShareAt1000Bookings: round((1_000 * done.seconds) / bookings, 3),
    cpuSecondsWithGenerator: round((user + system) / 1e6, 1),
  };
}

function ask(path: string, runs: number, from: number, to: number): Record<string, object> {
  const readModel = new ReadModel(path, () => to);
  const all: Record<string, Record<string, object>> = { list: {}, run: {}, overview: {} };
  const slowest: Record<string, { p50: number; p99: number }> = {};
  for (const { group, name, ask: question } of queries(runs, from, to)) {
    const times: number[] = [];
    question(readModel, rounds);
    for (let index = 0; index < rounds; index++) {
      const began = performance.now();
      question(readModel, index);
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    const figures = { p50: at(times, 0.5), p99: at(times, 0.99) };
    (all[group] ??= {})[name] = figures;
    const before = slowest[group] ?? { p50: 0, p99: 0 };
    slowest[group] = { p50: Math.max(before.p50, figures.p50), p99: Math.max(before.p99, figures.p99) };
  }
  readModel.close();
  return Object.fromEntries(
    Object.entries(all).map(([group, each]) => [group, { slowest: slowest[group], ...each }]),
  );
}

export async function projectionBench(): Promise<object> {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-bench-"));
  try {
    const figures = throughput(directory);
    const path = join(directory, "history.sqlite");
    const to = Date.now() - day;
    const from = to - 30 * day;
    const most = Math.max(...sizes);
    const cache = openCache(path, "bench");
    const projection = new Projection(cache);
    const atSizes: object[] = [];
    const started = (): number => Number(cache.db.prepare("SELECT count(*) AS n FROM runs").get()?.n);
    const messages = syntheticHistory({ runs: most, from, to });
    let work: Work = { records: 0, events: 0, seconds: 0 };
    let next = 0;
    for (work of fold(projection, messages, () => projection.pendingEvents >= 3_000)) {
      const size = sizes[next];
      // About sixteen events a run: no need to count more often.
      if (size === undefined || size === most || work.events < size * 16 || projection.hasPending) continue;
      const runs = started();
      if (runs < size) continue;
      next++;
      const until = from + ((to - from) * runs) / most;
      atSizes.push({ runs, fileMb: megabytes(path), milliseconds: ask(path, runs, from, until) });
    }
    atSizes.push({
      runs: started(),
      fileMb: megabytes(path),
      foldedAtEventsPerSecond: Math.round(work.events / work.seconds),
      milliseconds: ask(path, most, from, to),
    });
    cache.close();
    return { ...figures, queries: atSizes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function at(sorted: readonly number[], q: number): number {
  return round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0, 2);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function megabytes(path: string): number {
  return Math.round(
    (statSync(path).size + (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0)) / 1e6,
  );
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await projectionBench())}\n`);
