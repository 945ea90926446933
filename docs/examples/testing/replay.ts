import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { workflow } from "@downbeat/sdk";
import { HistoryDivergedError, replay } from "@downbeat/sdk/testing";
import { placeOrder, shipOrder } from "./place-order.ts";

// Made with: downbeat runs show order-A-17 --events --json > order-A-17.json
const history = await readFile(new URL("order-A-17.json", import.meta.url), "utf8");

await replay(history, placeOrder);
console.log("The code fits the run that is under way.");

// Somebody thinks that the approval can be left out.
const hasty = workflow("placeOrder", async (run, order: { id: string }) =>
  run.job(shipOrder, { order: order.id }),
);

await assert.rejects(replay(history, hasty), (error: unknown) => {
  assert(error instanceof HistoryDivergedError);
  assert.equal(error.history, "JobScheduled processPayment (j1)");
  assert.equal(error.code, "asks for the job shipOrder (j1)");
  console.log(error.message);
  return true;
});
