import { job } from "@downbeat/sdk";
import { z } from "zod";
import { trip } from "./trip.ts";

const { customer, flight, hotel } = trip.shape;

export const receipt = z.object({ receiptId: z.string(), amountCents: z.int() });
export const flightBooking = z.object({ flightBookingId: z.string(), seat: z.string() });
export const hotelBooking = z.object({ hotelBookingId: z.string(), room: z.string() });
const done = z.object({ done: z.literal(true) });

// Undoing must succeed sooner or later: it is tried for longer than doing.
const undoing = { retry: { maxAttempts: 10, initialIntervalMs: 500, maxIntervalMs: 30_000 } };

export const processPayment = job("processPayment", {
  input: z.object({ tripId: z.string(), customer, amountCents: z.int().positive() }),
  output: receipt,
  retry: { maxAttempts: 6, initialIntervalMs: 500 },
  startToCloseMs: 30_000,
});
export const refundPayment = job("refundPayment", { input: receipt, output: done, ...undoing });

// Airlines hold a price for moments only: few attempts, then a person looks at it.
export const bookFlight = job("bookFlight", {
  input: z.object({ tripId: z.string(), customer, flight }),
  output: flightBooking,
  retry: { maxAttempts: 3, initialIntervalMs: 500, maxIntervalMs: 2_000 },
  startToCloseMs: 60_000,
  heartbeatMs: 15_000,
});
export const cancelFlight = job("cancelFlight", { input: flightBooking, output: done, ...undoing });

export const bookHotel = job("bookHotel", {
  input: z.object({ tripId: z.string(), customer, hotel }),
  output: hotelBooking,
  retry: { maxAttempts: 6, initialIntervalMs: 500 },
  startToCloseMs: 30_000,
});
export const cancelHotel = job("cancelHotel", { input: hotelBooking, output: done, ...undoing });

export const notifyCustomer = job("notifyCustomer", {
  input: z.object({
    tripId: z.string(),
    customer,
    message: z.enum(["booked", "notBooked"]),
    flight: flightBooking.optional(),
    hotel: hotelBooking.optional(),
  }),
  output: done,
  retry: { maxAttempts: 8, initialIntervalMs: 500 },
  startToCloseMs: 30_000,
});
