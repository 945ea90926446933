import { client } from "@downbeat/sdk/client";
import { placeOrder } from "./place-order.ts";

const shop = client({ actor: "shop" });
const order = { orderNumber: "A-17", amountCents: 150_000 };
const run = await shop.start(placeOrder, order, { runId: "order-A-17" });
await run.signal("approval", true);
const { parcel } = await run.result({ timeout: "3 days" });
console.log(`The order is in parcel ${parcel}.`);
await shop.close();
