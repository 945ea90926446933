import { sleep } from "../lib/processes.ts";
import { allBack, type Performance, sayRound } from "./performance.ts";

/** Engines of two versions on one log: each is killed in turn, so that each decides on what the other has written, again and again. */
export async function versions(performance: Performance): Promise<object> {
  const { stage, rounds } = performance;
  let kills = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const engine of stage.engines) {
      await sleep(4_000 + Math.random() * 3_000);
      await stage.kill(engine);
      kills += 1;
      await sleep(8_000);
      stage.start(engine);
      await allBack(performance);
    }
    sayRound(performance, round);
  }
  return { rounds, kills };
}
