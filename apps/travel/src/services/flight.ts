import { BusinessError } from "@downbeat/sdk";
import { type HandledJob, handle } from "@downbeat/sdk/worker";
import { bookFlight, cancelFlight } from "../jobs.ts";
import { Idempotent } from "./idempotent.ts";
import { Misfortune, type MisfortuneRates, share } from "./misfortune.ts";
import { reference } from "./reference.ts";

/** Books seats with airlines, some of which are down at times. */
export function flightJobs(rates: MisfortuneRates): readonly HandledJob[] {
  const misfortune = new Misfortune(rates);
  const bookings = new Idempotent<{ flightBookingId: string; seat: string }>();
  const cancellations = new Idempotent<{ done: true }>();
  return [
    handle(bookFlight, async ({ flight }, { idempotencyKey, signal, heartbeat }) => {
      await misfortune.strike(signal);
      heartbeat({ step: "asking the airline" });
      misfortune.checkOutage(idempotencyKey);
      if (misfortune.refuses(idempotencyKey)) {
        throw new BusinessError(
          "FlightSoldOut",
          `There is no seat left from ${flight.from} to ${flight.to}.`,
          flight,
        );
      }
      return bookings.once(idempotencyKey, () => ({
        flightBookingId: reference("FLT", idempotencyKey),
        seat: `${1 + Math.floor(share(`row/${idempotencyKey}`) * 40)}${"ABCDEF"[Math.floor(share(`seat/${idempotencyKey}`) * 6)]}`,
      }));
    }),
    handle(cancelFlight, async (_booking, { idempotencyKey, signal }) => {
      await misfortune.strike(signal);
      return cancellations.once(idempotencyKey, () => ({ done: true }));
    }),
  ];
}
