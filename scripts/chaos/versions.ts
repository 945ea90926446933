import { sleep } from "../lib/processes.ts";
import type { Performance } from "./performance.ts";

/** Engines of two versions on one log: each is killed in turn, so that each decides on what the other has written, again and again. */
export async function versions({ stage, traffic, violations, rounds, say }: Performance): Promise<object> {
  let kills = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const engine of stage.engines) {
      await sleep(4_000 + Math.random() * 3_000);
      await stage.kill(engine);
      kills += 1;
      await sleep(8_000);
      stage.start(engine);
      for (const name of await stage.ready())
        violations.push(`${name} did not come back: ${stage.processes.lastLines(name)}`);
    }
    say(`Round ${round} of ${rounds}: ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`);
  }
  return { rounds, kills };
}
