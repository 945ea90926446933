import { httpJobs } from "@downbeat/sdk/http";
import type { HandlersByName } from "@downbeat/sdk/worker";
import { bookHotel, cancelHotel } from "../jobs.ts";

/** Carries jobs to the hotel chain's HTTP service. */
export function hotelJobs(serviceUrl: string): HandlersByName {
  return httpJobs({
    [bookHotel.name]: {
      job: bookHotel,
      url: new URL("/bookings", serviceUrl),
      timeoutMs: 10_000,
    },
    [cancelHotel.name]: {
      job: cancelHotel,
      url: new URL("/cancellations", serviceUrl),
      timeoutMs: 10_000,
    },
  });
}
