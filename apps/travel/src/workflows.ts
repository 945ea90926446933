import { bookTrip } from "./book-trip.ts";

/** What an engine is given to run. */
export const workflows = [bookTrip];
