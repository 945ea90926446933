import { type TestEnvironment, testEnvironment } from "@downbeat/sdk/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { placeOrder, shipOrder } from "./place-order.ts";

let env: TestEnvironment;

beforeEach(async () => {
  env = await testEnvironment({
    workflows: [placeOrder],
    jobs: {
      processPayment: () => ({ receiptId: "r-1" }),
      refundPayment: () => {},
      shipOrder: () => ({ parcel: "p-1" }),
    },
  });
});

afterEach(() => env.close());

test("an order that nobody approves is refunded after two days", async () => {
  const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
  expect(run.waitsFor).toEqual(["the signal approval until 2026-01-07T09:00:00.000Z"]);

  await expect(run.result()).rejects.toThrow("Nobody approved the order in time.");

  expect(run.compensations()).toEqual([
    { job: "refundPayment", input: { receiptId: "r-1" }, status: "done", undoes: "processPayment" },
  ]);
});

test("an order that is approved on the second day is shipped", async () => {
  const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
  env.after("36 hours", () => run.signal("approval", true));

  expect(await run.result()).toEqual({ parcel: "p-1" });
  expect(run.events("SignalReceived")).toMatchObject([{ at: "2026-01-06T21:00:00.000Z", payload: true }]);
});

test("shipping is tried again when the carrier can't be reached", async () => {
  let calls = 0;
  env.mock(shipOrder, () => {
    calls += 1;
    if (calls < 3) throw new Error("503 Service Unavailable");
    return { parcel: "p-2" };
  });
  const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
  await run.signal("approval", true);

  expect(await run.result()).toEqual({ parcel: "p-2" });
  expect(run.attempts("shipOrder").map(({ status }) => status)).toEqual(["failed", "failed", "completed"]);
});
