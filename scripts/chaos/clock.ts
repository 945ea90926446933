import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bookTrip } from "../../apps/travel/src/book-trip.ts";
import { randomTrip } from "../../apps/travel/src/traffic.ts";
import { sleep } from "../lib/processes.ts";
import type { Performance } from "./performance.ts";

const hourMs = 3_600_000;
const jumpMs = 6_000;
const jumps = [2 * hourMs, -2 * hourMs, 30_000, -30_000, 24 * 365 * hourMs];
const holdMs = 20_000;
const holdingRuns = 20;
/** A timer is no earlier than its moment; later by what the log's time stands still, and what a busy machine takes. */
const mostLateMs = 20_000;

/** Environment of a process whose clock is to jump. */
export function jumpingClock(folder: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${join(import.meta.dirname, "jumping-clock.ts")}`,
    CHAOS_CLOCK: clockFile(folder),
  };
}

/** The engine's clock (and its log's) jumps ahead and back for some seconds, while runs wait whose waits are measured by this process's own clock. */
export async function clock({
  stage,
  traffic,
  booking,
  violations,
  rounds,
  say,
}: Performance): Promise<object> {
  const waits: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const offsetMs = jumps[(round - 1) % jumps.length] ?? 0;
    const holding = Array.from({ length: holdingRuns }, (_, index) => hold(round, index));
    await sleep(4_000);
    const from = Number(process.hrtime.bigint() / 1_000_000n) + 1_000;
    const file = clockFile(stage.processes.folder);
    writeFileSync(`${file}.new`, JSON.stringify([{ from, to: from + jumpMs, offsetMs }]));
    renameSync(`${file}.new`, file);
    say(
      `Round ${round} of ${rounds}: the engine's clock jumps by ${offsetMs / 1_000} s for ${jumpMs / 1_000} s.`,
    );
    waits.push(...(await Promise.all(holding)).filter((ms) => ms !== undefined));
    const late = await stage.ready();
    for (const name of late) violations.push(`${name} is not ready: ${stage.processes.lastLines(name)}`);
  }
  const late = waits.map((ms) => ms - holdMs).sort((a, b) => a - b);
  for (const ms of late) {
    if (ms < 0) violations.push(`A wait of ${holdMs} ms was ${-ms} ms early.`);
    if (ms > mostLateMs) violations.push(`A wait of ${holdMs} ms was ${ms} ms late.`);
  }
  return {
    rounds,
    waits: late.length,
    lateMs: { least: late[0], median: late[late.length >> 1], most: late.at(-1) },
  };

  /** How long it was from the start of a run that waits to its end; `undefined` of one that failed before it waited, as some trips do. */
  async function hold(round: number, index: number): Promise<number | undefined> {
    const runId = `holding-${Date.now().toString(36)}-${round}-${index}`;
    const { request } = randomTrip();
    const trip = { ...request, tripId: runId, amountCents: 100, documents: "email" as const, holdMs };
    const began = performance.now();
    const run = await booking.start(bookTrip, trip, { runId });
    traffic.promised.add(runId);
    const isCompleted = await run.result({ timeout: "5 minutes" }).then(
      () => true,
      () => false,
    );
    return isCompleted ? Math.round(performance.now() - began) : undefined;
  }
}

const clockFile = (folder: string): string => join(folder, "clock.json");
