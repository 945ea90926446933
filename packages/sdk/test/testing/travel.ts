import { onTestFinished } from "vitest";
import { z } from "zod";
import { BusinessError, job, workflow } from "../../src/index.ts";
import {
  type TestEnvironment,
  type TestEnvironmentOptions,
  testEnvironment,
} from "../../src/testing/index.ts";

export const processPayment = job<{ cents: number }, { receiptId: string }>("processPayment");
const refundPayment = job<{ receiptId: string }>("refundPayment");
export const bookHotel = job("bookHotel", {
  input: z.object({ nights: z.number().int() }),
  output: z.object({ room: z.number() }),
  retry: { maxAttempts: 3, initialIntervalMs: 60_000 },
  startToCloseMs: 600_000,
});

/** Asks for approval, pays, and books; what fails is refunded. */
export const bookTrip = workflow("bookTrip", async (run, trip: { cents: number; nights: number }) => {
  const approved = await run.signal<boolean>("approval", { timeout: "2 days" });
  if (approved === undefined)
    throw new BusinessError("ApprovalTimedOut", "Nobody approved the trip in 2 days.");
  const receipt = await run.job(processPayment, { cents: trip.cents });
  run.compensate(refundPayment, receipt);
  const { room } = await run.job(bookHotel, { nights: trip.nights });
  await run.sleep("1 day");
  return { room };
});

export const trip = { cents: 12_000, nights: 2 };

export const handlers = {
  processPayment: () => ({ receiptId: "r1" }),
  refundPayment: () => {},
  bookHotel: () => ({ room: 12 }),
};

export async function environment(given: Partial<TestEnvironmentOptions> = {}): Promise<TestEnvironment> {
  const env = await testEnvironment({ workflows: [bookTrip], jobs: handlers, ...given });
  onTestFinished(() => env.close());
  return env;
}
