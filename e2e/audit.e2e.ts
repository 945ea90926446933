import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { People } from "./support/people.ts";
import { type Product, startProduct } from "./support/product.ts";
import { trip } from "./support/trip.ts";

test.setTimeout(300_000);

const people = new People();
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  people.add("ada", "--full-name", "Ada Lovelace", "--group", "admins");
  people.add("grace");
  product = await startProduct({ DOWNBEAT_ACCESS_FILE: people.accessFile });
});

test.afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  people[Symbol.dispose]();
});

async function signIn(page: Page, name: string, to: string): Promise<void> {
  await page.goto(to);
  await people.signIn(page, name);
}

test("what somebody did is found, leads to the run, and is a link of its own", async ({ page }) => {
  await signIn(page, "ada", `${product.home}/audit`);
  const table = page.getByRole("table", { name: "What people did" });
  await expect(table.getByRole("row").filter({ hasText: "sign in" }).first()).toContainText("Ada Lovelace");

  const started = await page.request.post(product.api("runs.start"), {
    headers: { origin: product.url },
    data: { workflow: "bookTrip", runId: "T-audit", input: JSON.stringify(trip("T-audit")) },
  });
  expect(started.ok()).toBe(true);
  const cancelled = await page.request.post(product.api("runs.cancel"), {
    headers: { origin: product.url },
    data: { runId: "T-nobody", reason: "the customer called" },
  });
  expect(cancelled.status()).toBe(404);
  const row = table.getByRole("row").filter({ hasText: "T-audit" });
  await expect(row).toContainText("start a run");
  await expect(row).toContainText("Done");

  await page.getByRole("button", { name: "Refused" }).click();
  await expect(row).toHaveCount(0);
  await expect(table).toContainText("There is no run T-nobody.");
  await page.getByLabel("Search the audit").fill("customer CALLED");
  await expect(page).toHaveURL(/outcome=refused&q=customer\+CALLED/);
  await page.reload();
  await expect(table.getByRole("row")).toHaveCount(2);
  await table.getByRole("button", { name: "cancel a run" }).click();
  const dialog = page.getByRole("dialog", { name: "Ada Lovelace: cancel a run" });
  await expect(dialog).toContainText("the customer called");
  await expect(dialog).toContainText("local|ada");
  await page.keyboard.press("Escape");

  await page.goto(`${product.home}/audit?on=T-audit`);
  await table.getByRole("link", { name: /T-audit/ }).click();
  await expect(page).toHaveURL(`${product.home}/runs/T-audit`);
});

test("a viewer sees that there is an audit, and who may read it", async ({ page }) => {
  await signIn(page, "grace", product.home);
  const entry = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit" });
  await expect(entry).toHaveAttribute("aria-disabled", "true");
  await expect(entry).toHaveAttribute("title", "Only admins may read the audit.");
  await page.goto(`${product.home}/audit`);
  await expect(page.getByText("Only admins may read the audit.")).toBeVisible();
  await expect(page.locator("#content").getByRole("alert")).toHaveCount(0);
});
