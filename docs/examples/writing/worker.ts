import { BusinessError } from "@downbeat/sdk";
import { handle, worker } from "@downbeat/sdk/worker";
import { placeOrder, processPayment, refundPayment, shipOrder } from "./place-order.ts";
import { bank, carrier } from "./services.ts";

const hosted = worker({
  workflows: [placeOrder],
  jobs: [
    handle(processPayment, async ({ amountCents }, { idempotencyKey, signal }) => {
      const charge = await bank.charge(amountCents, idempotencyKey, signal);
      if (charge.declined) throw new BusinessError("CardDeclined", "The bank declined the card.");
      return { receiptId: charge.id };
    }),
    handle(refundPayment, ({ receiptId }, { idempotencyKey }) => bank.refund(receiptId, idempotencyKey)),
    handle(shipOrder, ({ orderNumber }) => carrier.ship(orderNumber)),
  ],
});
process.once("SIGTERM", () => void hosted.stop());
