import { Forger } from "../lib/forger.ts";
import { sleep } from "../lib/processes.ts";
import type { Performance } from "./performance.ts";

/** What is forged concerns only runs that there are not: nobody else may be hurt, and the partitions go on. */
export async function forge({ stage, log, traffic, violations, rounds, say }: Performance): Promise<object> {
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
