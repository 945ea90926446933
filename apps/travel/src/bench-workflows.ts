import { benchBooking, benchWait, benchWide } from "./bench-workflow.ts";
import { bookTrip } from "./book-trip.ts";
import { promisedTimes } from "./promised-times.ts";

/** What an engine is given to run when it is measured. Kept from the one of `npm start`, where no worker has these jobs. */
export const workflows = [bookTrip, benchBooking, benchWait, benchWide, promisedTimes];
