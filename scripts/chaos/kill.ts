import { sleep } from "../lib/processes.ts";
import { type Performance, sayRound } from "./performance.ts";

/** Each in turn, and all at once, after a while of load; started again after a moment. */
export async function kill(performance: Performance): Promise<object> {
  const { stage, violations, rounds } = performance;
  const turns = {
    engine: stage.engines,
    server: ["server"],
    workers: stage.workers,
    ...Object.fromEntries(stage.builds.map((workers, index) => [`build${index + 1}`, workers])),
    all: stage.names,
  };
  const kills: Record<string, number> = {};
  for (let round = 1; round <= rounds; round++) {
    for (const [turn, names] of Object.entries(turns)) {
      await sleep(1_000 + Math.random() * 3_000);
      await stage.kill(...names);
      kills[turn] = (kills[turn] ?? 0) + 1;
      await sleep(Math.random() * 1_000);
      stage.start(...names);
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
