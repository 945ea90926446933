import { BusinessError, job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { expect, test } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

const refund = job<{ cents: number }, null>("payBack");
const order = workflow("order", async (run, cents: number) => {
  run.compensate(refund, { cents });
  await run.signal("ship");
});

test("what is owed is counted, summed to the last digit and listed from the command line", {
  timeout: 240_000,
}, async () => {
  const payBack = async (): Promise<null> => {
    throw new BusinessError("CardUnknown", "The bank does not know this card.");
  };
  await using engineering = await openEngineering(["public/default"], {
    workflows: [order],
    jobs: { payBack },
  });
  const shop = client({ log: engineering.log, actor: "shop" });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  await until(async () => (await on("owed")).status === 0);
  expect((await on("owed")).out).toBe("Nothing is owed: all that was to be undone is undone.\n");
  expect((await on("owed", "list")).out).toBe("No matches.\n");

  await shop.start(order, 1250, { runId: "order-1", labels: { customer: "acme" } });
  await shop.start(order, 99, { runId: "order-2" });
  await until(async () => (await on("runs", "show", "order-2")).out.includes("registered"));
  const why = ["--reason", "a test"];
  expect((await on("runs", "cancel", "order-1", ...why)).status).toBe(0);
  expect((await on("runs", "terminate", "order-2", ...why)).status).toBe(0);
  await until(async () => /payBack +2 +0 +1 +1/.test((await on("owed")).out));
  expect((await on("owed")).out).toContain("Can be summed with --amount: input.cents (in 2), run (in 2)");

  const totals = await on("owed", "show", "--amount", "input.cents", "--workflow", "order");
  expect(totals.out).toMatch(
    /^JOB +OWED +UNDER WAY +LEFT UNDONE +FAILED +OLDEST +SUM OF input\.cents +COUNTED\n/,
  );
  expect(totals.out).toMatch(/payBack +2 +0 +1 +1 +\S.* +1349 +2\n/);
  const listed = (await on("owed", "list", "--standing", "failed", "--amount", "input.cents")).out;
  expect(listed).toMatch(/^SINCE +RUN +JOB +STANDS +AMOUNT +LABELS +WHY\n/);
  expect(listed).toMatch(
    /order-1 +payBack +failed +1250 +customer=acme +CardUnknown: The bank does not know/,
  );
  expect(listed).not.toContain("order-2");
  const page = JSON.parse((await on("owed", "list", "--limit", "1", "--json")).out);
  expect(page).toMatchObject({ count: 2, cursor: expect.any(String) });
  const next = JSON.parse((await on("owed", "list", "--cursor", page.cursor, "--json")).out);
  expect([...page.owed, ...next.owed].map(({ runId }) => runId).sort()).toEqual(["order-1", "order-2"]);
  expect(await on("owed", "list", "--standing", "gone")).toMatchObject({ status: 2 });
  expect(await on("owed", "--amount", "cents")).toMatchObject({
    status: 2,
    err: expect.stringContaining("such as input.price.cents"),
  });
  await shop.close();
});
