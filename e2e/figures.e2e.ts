import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

test("runs are broken down by a label and summed, and every figure opens exactly its runs", async ({
  page,
  product,
}) => {
  for (const number of [1, 2]) {
    const runId = `T-figures-${number}`;
    await product.startRun("bookTrip", trip(runId), runId);
    await page.goto(`${product.home}/runs/${runId}`);
    await expect(page.locator("header").getByText("Completed")).toBeVisible();
  }
  await page.goto(product.home);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Figures" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Figures" })).toBeVisible();
  await page.getByLabel("Break down").selectOption({ label: "By workflow" });
  await expect(page).toHaveURL(/by=workflow/);
  const row = page.getByRole("row", { name: /^bookTrip / });
  await expect(row).toBeVisible();
  const count = await row.getByRole("link").first().innerText();
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(/facet=workflow%3DbookTrip/);
  await expect(page.getByText(new RegExp(`^${count} runs?$`))).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop filtering by workflow bookTrip" })).toBeVisible();
  await page.goBack();
  const number = page.getByLabel("Number");
  const sums = number.locator("option").filter({ hasText: /^Sum input/ });
  await expect(sums.first()).toBeAttached();
  await number.selectOption({ label: (await sums.first().innerText()).trim() });
  await expect(page).toHaveURL(/number=run/);
  await expect(page.getByText(/in all, .* on average, from .* to /)).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Largest input/ })).toBeVisible();
  const cell = page.getByRole("link", { name: /^\d+ runs?, .* to .*,/ }).last();
  const [, inCell = ""] = /^(\d+) /.exec((await cell.getAttribute("aria-label")) ?? "") ?? [];
  await cell.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/atLeast=|below=/);
  await expect(page.getByText(new RegExp(`^${inCell} runs?$`))).toBeVisible();
});

test("what can't be meant in an address of figures is said, and the page stays", async ({
  page,
  product,
}) => {
  await page.goto(`${product.home}/figures?by=moon&number=x&of=never`);
  await expect(page.getByText(/“by” is workflow, version, error or label.name/)).toBeVisible();
  await expect(page.getByText(/“number” is such as label.amount/)).toBeVisible();
  await expect(page.getByLabel("Break down")).toHaveValue("");
  await page.goto(`${product.home}/runs?facet=nothing`);
  await expect(page.getByText(/“facet” is such as error=TypeError/)).toBeVisible();
});
