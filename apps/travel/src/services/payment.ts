import { BusinessError } from "@downbeat/sdk";
import { type HandledJob, handle } from "@downbeat/sdk/worker";
import { processPayment, refundPayment } from "../jobs.ts";
import { Idempotent } from "./idempotent.ts";
import { Misfortune, type MisfortuneRates, share } from "./misfortune.ts";
import { reference } from "./reference.ts";

/** Takes money and gives it back. */
export function paymentJobs(rates: MisfortuneRates): readonly HandledJob[] {
  const misfortune = new Misfortune(rates);
  const charges = new Idempotent<{ receiptId: string; amountCents: number }>();
  const refunds = new Idempotent<{ done: true }>();
  return [
    handle(processPayment, async ({ amountCents }, { idempotencyKey, signal }) => {
      await misfortune.strike(signal);
      if (misfortune.refuses(idempotencyKey)) throw refusal(idempotencyKey);
      return charges.once(idempotencyKey, () => ({
        receiptId: reference("PAY", idempotencyKey),
        amountCents,
      }));
    }),
    handle(refundPayment, async (_receipt, { idempotencyKey, signal }) => {
      await misfortune.strike(signal);
      return refunds.once(idempotencyKey, () => ({ done: true }));
    }),
  ];
}

function refusal(request: string): BusinessError {
  if (share(`fraud/${request}`) < 0.3) {
    return new BusinessError("FraudSuspected", "The payment looks fraudulent.", { score: 93 });
  }
  return new BusinessError("CardDeclined", "The bank declined the card.", { code: "51" });
}
