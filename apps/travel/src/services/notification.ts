import { type HandledJob, handle } from "@downbeat/sdk/worker";
import { notifyCustomer } from "../jobs.ts";
import { Idempotent } from "./idempotent.ts";
import { Misfortune, type MisfortuneRates } from "./misfortune.ts";

export interface SentMail {
  readonly to: string;
  readonly subject: string;
}

/** Writes to customers. It never refuses; it only has bad days. */
export function notificationJobs(
  rates: MisfortuneRates,
  send: (mail: SentMail) => void = () => {},
): readonly HandledJob[] {
  const misfortune = new Misfortune(rates);
  const sent = new Idempotent<{ done: true }>();
  return [
    handle(notifyCustomer, async ({ tripId, customer, message }, { idempotencyKey, signal }) => {
      await misfortune.strike(signal);
      return sent.once(idempotencyKey, () => {
        const subject =
          message === "booked" ? `Your trip ${tripId} is booked` : `We could not book your trip ${tripId}`;
        send({ to: customer.email, subject });
        return { done: true };
      });
    }),
  ];
}
