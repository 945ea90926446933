import { BusinessError, connect, job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { handle, worker } from "@downbeat/sdk/worker";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import type { Product } from "./support/product.ts";

const charge = job<{ cents: number }, { receiptId: string; cents: number }>("charge");
const refund = job<{ receiptId: string; cents: number }, { refundId: string }>("refund");
const reserve = job<null, { seat: string }>("reserve");
const release = job<{ seat: string }, null>("release");

const order = workflow("order", async (run, { cents, fails }: { cents: number; fails: boolean }) => {
  const receipt = await run.job(charge, { cents });
  run.compensate(refund, receipt);
  const seat = await run.job(reserve, null);
  run.compensate(release, seat);
  if (fails) throw new BusinessError("SoldOut", "The concert is sold out.");
  await run.signal("ship");
});

test("what is owed is told on the run and over all runs, with receipts, moments and an exact sum, and it follows", async ({
  page,
  product,
}) => {
  await using shop = await openShop(product);
  await shop.start("order-1", { cents: 1250, fails: true });
  await shop.start("order-2", { cents: 3705, fails: false });
  await shop.ended("order-1");

  await page.goto(`${product.home}/owed?workflow=order`);
  const rows = page.getByRole("table", { name: "Owed, one by one" });
  await expect(rows.getByRole("row").filter({ hasText: "order-1" })).toHaveCount(1);
  await expect(rows).toContainText("The bank does not know this card.");
  await page.getByLabel("Amount").selectOption({ label: "cents, of what the undo is given (in 1)" });
  const totals = page.getByRole("table").filter({ hasText: "To be undone by" }).first();
  await expect(totals.getByRole("row").filter({ hasText: "refund" })).toContainText("1,250");

  // Terminated, it undoes nothing: two more are owed, while the page is open.
  await shop.terminate("order-2");
  await expect(totals.getByRole("row").filter({ hasText: "refund" })).toContainText("4,955");
  await expect(totals.getByRole("row").filter({ hasText: "All together" })).toContainText("3");
  await expect(rows.getByRole("row").filter({ hasText: "order-2" })).toHaveCount(2);

  expect(await axeViolations(page)).toEqual([]);

  // A figure opens its rows.
  await totals.getByRole("row").filter({ hasText: "refund" }).getByRole("link").nth(2).click();
  await expect(page).toHaveURL(/standing=left/);
  await expect(rows.getByRole("row")).toHaveCount(2);
  await expect(rows).toContainText("order-2");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/owed\?amount=input\.cents$/);

  // Not before the longer list is there: a focus stays with its row, whichever it is then.
  await expect(rows.getByRole("row").filter({ hasText: "order-1" })).toHaveCount(1);

  await page.keyboard.press("j");
  await expect(page.locator("[data-row='0']")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/order-1\?row=/);
  await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
  await page.getByRole("button", { name: "Back to the whole run (Esc)" }).click();
  const ledger = page.locator("section").filter({ hasText: "Compensation" }).first();
  await expect(ledger).toContainText("charge ↩ refund");
  await expect(ledger).toContainText("undo failed");
  await expect(ledger).toContainText("1 still owed");
  await expect(ledger).toContainText(/reserve ↩ release.*undone/);
  await ledger.getByText("Receipt", { exact: true }).first().click();
  await expect(ledger).toContainText("receiptId");
  await expect(ledger).toContainText("The bank does not know this card.");
});

async function openShop(product: Product) {
  const connection = connect(product.logUrl, { logger: false });
  const host = worker({
    connection,
    workflows: [order],
    jobs: [
      handle(charge, async ({ cents }) => ({ receiptId: "r-7", cents })),
      handle(refund, async () => {
        throw new BusinessError("CardUnknown", "The bank does not know this card.");
      }),
      handle(reserve, async () => ({ seat: "14C" })),
      handle(release, async () => null),
    ],
    isolation: "none",
  });
  await host.ready;
  const shop = client({ connection, actor: "shop" });
  return {
    start: (runId: string, input: { cents: number; fails: boolean }) =>
      shop.start(order, input, { runId, labels: { order: runId.toUpperCase() } }),
    ended: (runId: string) =>
      shop
        .run(runId)
        .result()
        .catch(() => undefined),
    terminate: (runId: string) => terminated(product, runId),
    async [Symbol.asyncDispose]() {
      await host.stop();
      await connection.close();
    },
  };
}

async function terminated(product: Product, runId: string): Promise<void> {
  // Not before both undo steps are registered.
  await expect
    .poll(async () => {
      const response = await fetch(
        `${product.api("runs.get")}?input=${encodeURIComponent(JSON.stringify({ runId }))}`,
      );
      return response.text();
    })
    .toContain('"compensationId":"c2"');
  await product.act("runs.terminate", { runId, reason: "a test" });
}
