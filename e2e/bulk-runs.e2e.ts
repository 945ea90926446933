import { expect, test } from "./support/fixtures.ts";
import { Warehouse } from "./support/warehouse.ts";

test("runs are cancelled together: their list names runs and outcomes, and no jobs, as there are none", async ({
  page,
  product,
}) => {
  await using warehouse = await Warehouse.open(product);
  await warehouse.order("C-1", "C-2");
  await page.goto(`${product.home}/runs?workflow=parcel&status=waiting`);
  await page.getByRole("button", { name: "Act on all" }).click();
  await page.getByRole("button", { name: "Cancel the runs…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Cancel \d+ runs$/ });
  await expect(dialog.getByRole("status")).toContainText("Exactly 2 runs");
  await dialog.getByLabel("Reason").fill("the shop is closed");
  await dialog.getByRole("button", { name: "Cancel 2 runs" }).click();
  await expect(page).toHaveURL(/\/bulk\/bulk-/);
  await expect(page.getByRole("cell", { name: "run-of-C-1" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Targets" }).getByRole("columnheader")).toHaveText([
    "No.",
    "Run",
    "Outcome",
  ]);
});
