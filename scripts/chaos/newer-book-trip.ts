import { workflow } from "@downbeat/sdk";
import { bookTrip } from "../../apps/travel/src/book-trip.ts";
import { type Trip, trip } from "../../apps/travel/src/trip.ts";

/** The example's workflow of the next build: a step more, for runs that come to it for the first time. The build before can't go on with those. */
export const newerBookTrip = workflow("bookTrip", { input: trip }, async (run, input: Trip) => {
  if (run.version("a moment first", 2) >= 2) await run.sleep(20);
  return bookTrip.execute(run, input);
});
