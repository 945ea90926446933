import assert from "node:assert/strict";
import { test } from "node:test";
import { handle, neverAnswers, testEnvironment } from "@downbeat/sdk/testing";
import { placeOrder, processPayment, refundPayment, shipOrder } from "./place-order.ts";

test("a carrier that never answers leaves the order to a person", async (t) => {
  const env = await testEnvironment({
    workflows: [placeOrder],
    jobs: [
      handle(processPayment, ({ cents }) => ({ receiptId: `r-${cents}` })),
      handle(refundPayment, () => {}),
      handle(shipOrder, neverAnswers),
    ],
  });
  t.after(() => env.close());

  const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
  await run.signal("approval", true);
  await assert.rejects(run.result(), /shipOrder has used up its attempts/);
  assert.equal(run.status, "stuck");

  // Somebody mends it, and has it tried again.
  env.mock(shipOrder, () => ({ parcel: "p-9" }));
  await run.retryJob("shipOrder");
  assert.deepEqual(await run.result(), { parcel: "p-9" });
});

test("nothing is shipped before the approval, however long it takes", async (t) => {
  const shipped: string[] = [];
  const env = await testEnvironment({
    workflows: [placeOrder],
    jobs: {
      processPayment: () => ({ receiptId: "r-1" }),
      shipOrder: ({ order }: { order: string }) => {
        shipped.push(order);
        return { parcel: "p-1" };
      },
    },
  });
  t.after(() => env.close());

  const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
  await env.skip("47 hours");
  assert.deepEqual(shipped, []);
  await run.signal("approval", true);
  assert.deepEqual(shipped, ["A-17"]);
});
