import { job, workflow } from "@downbeat/sdk";

interface Booking {
  readonly tripId: string;
  readonly amountCents: number;
}

interface Confirmation {
  readonly id: string;
}

export const benchJobs = {
  payment: job<Booking, Confirmation>("benchPayment"),
  flight: job<Booking, Confirmation>("benchFlight"),
  hotel: job<Booking, Confirmation>("benchHotel"),
  notify: job<Booking, Confirmation>("benchNotify"),
  part: job<Booking, Confirmation>("benchPart"),
};

/** The four steps of a booking, one after another, with nothing in them: what the engine itself costs. */
export const benchBooking = workflow("benchBooking", async (run, booking: Booking) => {
  const payment = await run.job(benchJobs.payment, booking);
  await run.job(benchJobs.flight, booking);
  await run.job(benchJobs.hotel, booking);
  await run.job(benchJobs.notify, booking);
  return payment;
});

/** Never comes back from its first step: what that costs the others. */
export const benchEndless = workflow("benchEndless", async () => {
  for (;;);
});

/** Nothing but a wait. */
export const benchWait = workflow("benchWait", async (run, { until }: { readonly until: number }) => {
  await run.sleepUntil(until);
});

/** So many jobs side by side, and then nothing more. */
export const benchWide = workflow("benchWide", async (run, { jobs }: { readonly jobs: number }) => {
  const parts = Array.from({ length: jobs }, (_, part) =>
    run.job(benchJobs.part, { tripId: run.id, amountCents: part }),
  );
  return (await Promise.all(parts)).length;
});
