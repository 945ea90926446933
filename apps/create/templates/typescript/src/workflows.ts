import { job, workflow } from "@downbeat/sdk";

export interface Order {
  readonly item: string;
  readonly cents: number;
  readonly email: string;
}

export const chargeCard = job<{ cents: number }, { receipt: string }>("chargeCard", {
  retry: { maxAttempts: 5 },
});
export const refundCard = job<{ receipt: string }>("refundCard");
export const shipParcel = job<{ item: string }, { tracking: string }>("shipParcel");
export const sendMail = job<{ to: string; text: string }>("sendMail");

/** Each step is an event in the log: after a crash, the run goes on where it was. */
export const fulfilOrder = workflow("fulfilOrder", async (run, order: Order) => {
  const { receipt } = await run.job(chargeCard, { cents: order.cents });
  run.compensate(refundCard, { receipt }); // undone if anything later fails
  const { tracking } = await run.job(shipParcel, { item: order.item });
  await run.sleep("5 seconds");
  await run.job(sendMail, { to: order.email, text: `${order.item} is on its way: ${tracking}` });
  return { receipt, tracking };
});

export const workflows = [fulfilOrder];
