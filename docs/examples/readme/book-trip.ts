import { job, workflow } from "@downbeat/sdk";

const processPayment = job<{ cents: number }, { receiptId: string }>("processPayment", {
  retry: { maxAttempts: 5 },
});
const refundPayment = job<{ receiptId: string }>("refundPayment");
const bookFlight = job<{ to: string }, { seat: string }>("bookFlight");

export const bookTrip = workflow("bookTrip", async (run, trip: { cents: number; to: string }) => {
  const receipt = await run.job(processPayment, { cents: trip.cents });
  run.compensate(refundPayment, receipt); // undone if anything later fails or the run is cancelled
  const flight = await run.job(bookFlight, { to: trip.to });
  await run.sleep("1 day");
  return flight;
});
