import { BusinessError, job, workflow } from "@downbeat/sdk";

export const processPayment = job<{ cents: number }, { receiptId: string }>("processPayment");
export const refundPayment = job<{ receiptId: string }>("refundPayment");
export const shipOrder = job<{ order: string }, { parcel: string }>("shipOrder", {
  retry: { maxAttempts: 4 },
});

export const placeOrder = workflow("placeOrder", async (run, order: { id: string; cents: number }) => {
  const receipt = await run.job(processPayment, { cents: order.cents });
  run.compensate(refundPayment, receipt);
  const approved = await run.signal<boolean>("approval", { timeout: "2 days" });
  if (!approved) throw new BusinessError("NotApproved", "Nobody approved the order in time.");
  return run.job(shipOrder, { order: order.id });
});
