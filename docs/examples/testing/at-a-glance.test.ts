import { testEnvironment } from "@downbeat/sdk/testing";
import { expect, test } from "vitest";
import { placeOrder } from "./place-order.ts";

test("an approved order is shipped", async () => {
  const env = await testEnvironment({
    workflows: [placeOrder],
    jobs: { processPayment: () => ({ receiptId: "r-1" }), shipOrder: () => ({ parcel: "p-1" }) },
  });
  const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
  await run.signal("approval", true);
  expect(await run.result()).toEqual({ parcel: "p-1" });
  await env.close();
});
