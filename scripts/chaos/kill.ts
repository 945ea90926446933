import type { Random } from "../../packages/testing/src/simulation/random.ts";
import { sleep } from "../lib/processes.ts";
import { killOne, type TakenOver } from "./kill-one.ts";
import type { Performance } from "./performance.ts";

/**
 * All of a kind in turn, and all at once, after a while of load; started again after a moment. Between two turns one engine or one worker,
 * whichever chance has it, so that those who go on find what it left.
 *
 * @param minutes goes on so long, however many rounds that makes
 */
export async function kill(performance: Performance, random: Random, minutes?: number): Promise<object> {
  const { stage, violations, rounds, traffic, say } = performance;
  const turns = {
    engine: stage.engines,
    server: ["server"],
    workers: stage.workers,
    ...Object.fromEntries(stage.builds.map((workers, index) => [`build${index + 1}`, workers])),
    all: stage.names,
  };
  const kills: Record<string, number> = {};
  const takenOver: TakenOver = { engines: 0, partitions: 0 };
  const endsAt = Date.now() + (minutes ?? 0) * 60_000;
  const goesOn = (round: number) => (minutes === undefined ? round <= rounds : Date.now() < endsAt);
  let played = 0;
  for (let round = 1; goesOn(round); round++) {
    for (const [turn, names] of Object.entries(turns)) {
      if (!goesOn(round)) break;
      await sleep(random.between(500, 2_000));
      const one = await killOne(performance, random, takenOver);
      count(one);
      await sleep(random.between(500, 2_000));
      await stage.kill(...names);
      count(turn);
      await sleep(random.between(0, 1_000));
      stage.start(...names);
      await allAgain();
    }
    played = round;
    const of = minutes === undefined ? `of ${rounds}` : `(${minutes} minutes)`;
    say(`Round ${round} ${of}: ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`);
  }
  return { rounds: played, kills, ...(stage.engines.length > 1 && { takenOver }) };

  function count(turn: string): void {
    kills[turn] = (kills[turn] ?? 0) + 1;
  }

  async function allAgain(): Promise<void> {
    for (const name of await stage.ready()) {
      violations.push(`${name} did not come back: ${stage.processes.lastLines(name)}`);
      if (!stage.processes.isRunning(name)) stage.start(name);
    }
  }
}
