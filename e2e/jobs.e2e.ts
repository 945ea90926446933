import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { type Product, startProduct } from "./support/product.ts";
import { Warehouse } from "./support/warehouse.ts";

// Of its own: what other tests leave behind would be in the figures.
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  product = await startProduct({});
});

test.afterAll(() => product?.[Symbol.asyncDispose]());

const patience = { timeout: 60_000 };

async function cellOf(page: Page, table: string, row: RegExp, column: string) {
  const section = page.getByRole("region", { name: table });
  await expect(section.getByRole("columnheader").first()).toBeVisible(patience);
  const heads = await section.getByRole("columnheader").allInnerTexts();
  return section.getByRole("row").filter({ hasText: row }).getByRole("cell").nth(heads.indexOf(column));
}

/** So many parcels. */
async function packed(): Promise<number> {
  const query = encodeURIComponent(JSON.stringify({ of: { what: "completed", jobType: "pack" } }));
  const answer = await (await fetch(`${product.api("jobs.outcomes")}?input=${query}`)).json();
  return answer.result.data.count;
}

test("each number in the tables of jobs and of errors opens exactly its rows, and these their runs", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await using warehouse = await Warehouse.open(product);
  await warehouse.order("J-1", "J-2");
  // A run waits for a worker, too.
  await expect.poll(packed, patience).toBe(2);
  warehouse.isUp = false;
  await warehouse.order("J-3", "J-4", "J-5");
  for (const [table, row, column, count, shown] of [
    ["Jobs", /^pack/, "Stuck now", "3", "Stuck"],
    ["Jobs", /^pack/, "Got stuck", "3", "Got stuck"],
    ["Jobs", /^pack/, "Completed", "2", "Completed"],
    ["Jobs", /^pack/, "Failed tries", "3", "Failed tries"],
    ["Most frequent errors", /^TypeError/, "Count", "3", "Error TypeError"],
  ] as const) {
    await page.goto(`${product.home}?range=24h`);
    const cell = await cellOf(page, table, row, column);
    await expect(cell).toHaveText(count, patience);
    await cell.getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
    await expect(page.getByRole("button", { name: shown, exact: true })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
    const rows = page.getByRole("table", { name: "Jobs" }).getByRole("row");
    await expect(rows).toHaveCount(1 + Number(count), patience);
    await expect(page.getByText(new RegExp(`^${count} (?:jobs|attempts|errors)$`))).toBeVisible();
  }
  const first = page.getByRole("table", { name: "Jobs" }).getByRole("row").nth(1);
  await expect(first).toContainText("attempt 1, TypeError: the packing machine does not answer");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/run-of-J-[345]\?row=/);
  await page.goBack();
  await page.getByRole("button", { name: "Completed", exact: true }).click();
  await expect(page.getByRole("table", { name: "Jobs" })).toContainText("took", patience);
});

test("what can't be meant in an address of jobs is said, and the page stays", async ({ page }) => {
  await page.goto(`${product.home}/jobs?show=exploded&error=TypeError`);
  await expect(page.getByText(/“show” is stuck, waiting/)).toBeVisible();
  await expect(page.getByText("“error” and “kind” belong together")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stuck", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
});
