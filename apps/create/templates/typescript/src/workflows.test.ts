import assert from "node:assert/strict";
import { test } from "node:test";
import { BusinessError } from "@downbeat/sdk";
import { testEnvironment } from "@downbeat/sdk/testing";
import { fulfilOrder } from "./workflows.ts";

const order = { item: "teapot", cents: 1_900, email: "ada@example.com" };

test("an order is charged, shipped and told of", async () => {
  const mails: string[] = [];
  const env = await testEnvironment({
    workflows: [fulfilOrder],
    jobs: {
      chargeCard: () => ({ receipt: "r-1" }),
      shipParcel: () => ({ tracking: "t-1" }),
      sendMail: ({ text }) => void mails.push(text),
    },
  });
  const run = await env.start(fulfilOrder, order);
  assert.deepEqual(await run.result(), { receipt: "r-1", tracking: "t-1" });
  assert.deepEqual(mails, ["teapot is on its way: t-1"]);
  await env.close();
});

test("the card is refunded when nothing can be shipped", async () => {
  const refunded: string[] = [];
  const env = await testEnvironment({
    workflows: [fulfilOrder],
    jobs: {
      chargeCard: () => ({ receipt: "r-1" }),
      refundCard: ({ receipt }) => void refunded.push(receipt),
      shipParcel: () => {
        throw new BusinessError("OutOfStock", "There are none left.");
      },
    },
  });
  const run = await env.start(fulfilOrder, order);
  await assert.rejects(run.result(), /none left/);
  assert.deepEqual(refunded, ["r-1"]);
  await env.close();
});
