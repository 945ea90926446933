import { BusinessError, job, workflow } from "@downbeat/sdk";
import { z } from "zod";

const payment = z.object({ orderNumber: z.string(), amountCents: z.int().positive() });

export const processPayment = job("processPayment", {
  input: payment,
  output: z.object({ receiptId: z.string() }),
  retry: { maxAttempts: 6, initialIntervalMs: 500 },
  startToCloseMs: 30_000,
});
export const refundPayment = job<{ receiptId: string }>("refundPayment");
export const shipOrder = job<{ orderNumber: string }, { parcel: string }>("shipOrder");

export const placeOrder = workflow("placeOrder", { input: payment }, async (run, order) => {
  run.setLabels({ orderNumber: order.orderNumber });
  const receipt = await run.job(processPayment, order);
  run.compensate(refundPayment, receipt);
  if (order.amountCents > 100_000) {
    const approved = await run.signal<boolean>("approval", { timeout: "2 days" });
    if (!approved) throw new BusinessError("NotApproved", "Nobody approved the order in time.");
  }
  return run.job(shipOrder, { orderNumber: order.orderNumber });
});
