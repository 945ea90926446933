import { sleep } from "../lib/processes.ts";
import { type Performance, sayRound } from "./performance.ts";

/** Each in turn, and all at once, after a while of load; started again after a moment. */
export async function kill(performance: Performance): Promise<object> {
  const { stage, violations, rounds } = performance;
  const turns = {
    engine: stage.engines,
    server: ["server"],
    workers: stage.workers,
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
    sayRound(performance, round);
  }
  return { rounds, kills };
}
