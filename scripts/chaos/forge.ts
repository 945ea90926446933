import { Forger } from "../lib/forger.ts";
import { sleep } from "../lib/processes.ts";
import { type Performance, sayRound } from "./performance.ts";

/** What is forged concerns only runs that there are not: nobody else may be hurt, and the partitions go on. */
export async function forge(performance: Performance): Promise<object> {
  const { stage, log, violations, rounds } = performance;
  const forger = await Forger.open(log);
  for (let round = 1; round <= rounds; round++) {
    await forger.play(false, () => sleep(200 + Math.random() * 800));
    sayRound(performance, round);
  }
  const late = await stage.ready();
  for (const name of late) violations.push(`${name} is not ready: ${stage.processes.lastLines(name)}`);
  await forger.close();
  return { rounds, forged: forger.forged };
}
