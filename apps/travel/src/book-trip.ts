import { BusinessError, nextWeekday, type Run, workflow } from "@downbeat/sdk";
import { z } from "zod";
import {
  bookFlight,
  bookHotel,
  cancelFlight,
  cancelHotel,
  flightBooking,
  hotelBooking,
  notifyCustomer,
  processPayment,
  receipt,
  refundPayment,
} from "./jobs.ts";
import { approval, approvalLimitCents, type Trip, trip } from "./trip.ts";

const itinerary = z.object({ receipt, flight: flightBooking, hotel: hotelBooking });

/** Payment, flight and hotel, or none of them and a customer who knows. */
export const bookTrip = workflow(
  "bookTrip",
  { input: trip, output: itinerary, signals: { approval } },
  async (run, trip) => {
    const { tripId, customer } = trip;
    // Registered first, it runs last: after everything else is undone, the customer is told.
    run.compensate(notifyCustomer, { tripId, customer, message: "notBooked" });

    const receipt = await run.job(processPayment, { tripId, customer, amountCents: trip.amountCents });
    run.compensate(refundPayment, receipt);

    const [flight, hotel] = await Promise.all([reserveFlight(run, trip), reserveHotel(run, trip)]);
    if (trip.amountCents > approvalLimitCents) await approved(run, trip);

    await run.sleepUntil(
      trip.holdUntil === undefined ? run.now().getTime() + trip.holdMs : new Date(trip.holdUntil),
    );
    if (trip.documents === "paper") {
      await run.sleepUntil(
        nextWeekday({ weekday: "monday", time: "09:00", timeZone: trip.timeZone, after: run.now() }),
      );
    }
    await run.job(notifyCustomer, { tripId, customer, message: "booked", flight, hotel });
    return { receipt, flight, hotel };
  },
);

async function reserveFlight(run: Run, { tripId, customer, flight }: Trip) {
  const booking = await run.job(bookFlight, { tripId, customer, flight });
  run.compensate(cancelFlight, booking);
  return booking;
}

async function reserveHotel(run: Run, { tripId, customer, hotel }: Trip) {
  const booking = await run.job(bookHotel, { tripId, customer, hotel });
  run.compensate(cancelHotel, booking);
  return booking;
}

async function approved(run: Run, { approvalWithinMs }: Trip): Promise<void> {
  const answer = await run.signal("approval", { timeout: approvalWithinMs, schema: approval });
  if (answer === undefined) throw new BusinessError("ApprovalMissing", "Nobody approved the trip in time.");
  if (!answer.approved) {
    throw new BusinessError("ApprovalDenied", `${answer.by} did not approve the trip.`, {
      note: answer.note,
    });
  }
}
