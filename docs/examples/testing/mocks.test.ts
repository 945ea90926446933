import { BusinessError } from "@downbeat/sdk";
import { neverAnswers, testEnvironment } from "@downbeat/sdk/testing";
import { expect, test } from "vitest";
import { placeOrder, shipOrder } from "./place-order.ts";

test("what becomes of an order that the carrier does not take as it should", async () => {
  await using env = await testEnvironment({
    workflows: [placeOrder],
    jobs: { processPayment: () => ({ receiptId: "r-1" }), refundPayment: () => {} },
  });
  const approved = async () => {
    const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
    await run.signal("approval", true);
    return run;
  };

  env.mock(shipOrder, () => {
    throw new Error("503 Service Unavailable"); // tried again, by the job's policy
  });
  await expect((await approved()).result()).rejects.toThrow("shipOrder has used up its attempts");

  env.mock(shipOrder, () => {
    throw new BusinessError("NoSuchAddress", "Nobody lives there."); // refused: thrown in the workflow code
  });
  await expect((await approved()).result()).rejects.toThrow("Nobody lives there.");

  env.mock(shipOrder, neverAnswers); // times out
  const silent = await approved();
  await expect(silent.result()).rejects.toThrow("shipOrder has used up its attempts");
  expect(silent.attempts("shipOrder").map(({ status }) => status)).toEqual(Array(4).fill("timedOut"));
});
