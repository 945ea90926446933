import { bookTrip } from "../../apps/travel/src/book-trip.ts";
import { randomTrip } from "../../apps/travel/src/traffic.ts";
import { foldHistory } from "../lib/history-check.ts";
import { sleep } from "../lib/processes.ts";
import type { Performance } from "./performance.ts";

const waitMs = 60_000;
const waitingRuns = 40;

/** Nobody is there for a while of the minute that the runs wait for. */
export async function wait({ stage, log, traffic, violations, booking, say }: Performance): Promise<object> {
  const runIds = Array.from(
    { length: waitingRuns },
    (_, index) => `waiting-${Date.now().toString(36)}-${index}`,
  );
  for (const runId of runIds) {
    const { request } = randomTrip();
    const trip = {
      ...request,
      tripId: runId,
      amountCents: 100_000,
      documents: "email" as const,
      holdMs: waitMs,
    };
    await booking.start(bookTrip, trip, { runId });
    traffic.promised.add(runId);
  }
  await sleep(waitMs / 3);
  await stage.kill(...stage.engines);
  say("The engine is killed in the middle of the minute.");
  await sleep(5_000);
  stage.start(...stage.engines);
  for (const name of await stage.ready()) violations.push(`${name} did not come back.`);
  say("The engine is back. Waiting for the rest of the minute …");
  await sleep(waitMs);
  const fold = await foldHistory(log);
  const after = runIds.flatMap((runId) => fold.runs.get(runId)?.firedAfterMs ?? []).sort((a, b) => a - b);
  return { waitMs, waits: after.length, firedAfterMs: { least: after[0], most: after.at(-1) } };
}
