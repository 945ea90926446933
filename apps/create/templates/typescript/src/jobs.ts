import { BusinessError } from "@downbeat/sdk";
import { handle } from "@downbeat/sdk/worker";
import { chargeCard, refundCard, sendMail, shipParcel } from "./workflows.ts";

/** What your services do. An error makes another attempt; a BusinessError is an answer, and what was done is undone. */
export const jobs = [
  handle(chargeCard, ({ cents }, { attempt, idempotencyKey }) => {
    if (attempt === 1 && Math.random() < 0.3) throw new Error("The bank doesn't answer.");
    console.log(`charged ${cents} cents`);
    return { receipt: idempotencyKey };
  }),
  handle(refundCard, ({ receipt }) => console.log(`refunded ${receipt}`)),
  handle(shipParcel, ({ item }) => {
    if (item === "unicorn") throw new BusinessError("OutOfStock", "There are no unicorns left.");
    return { tracking: `parcel with ${item}` };
  }),
  handle(sendMail, ({ to, text }) => console.log(`mail to ${to}: ${text}`)),
];
