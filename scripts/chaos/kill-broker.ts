import { sleep } from "../lib/processes.ts";
import type { Broker } from "../pulsar/broker.ts";
import type { Performance } from "./performance.ts";

/** The log itself is gone for a while, under load. */
export async function killBroker(
  { traffic, rounds, say }: Performance,
  broker: Broker | undefined,
): Promise<object> {
  for (let round = 1; round <= rounds; round++) {
    await sleep(5_000 + Math.random() * 5_000);
    await broker?.kill();
    say("The broker is killed.");
    await sleep(Math.random() * 3_000);
    await broker?.start();
    say(
      `Round ${round} of ${rounds}: it is back. ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`,
    );
  }
  await sleep(10_000);
  return { rounds };
}
