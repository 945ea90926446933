import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { People } from "./support/people.ts";
import { type Product, startProduct } from "./support/product.ts";

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

async function signIn(page: Page, name: string): Promise<void> {
  await page.goto(`${product.home}/tokens`);
  await people.signIn(page, name);
}

test("a token is made, shown once, used, told of and withdrawn", async ({ page, request }) => {
  await signIn(page, "ada");
  await expect(page.getByText("No tokens yet")).toBeVisible();
  await page.getByRole("button", { name: "New token…" }).click();
  const dialog = page.getByRole("dialog", { name: "New token" });
  await dialog.getByLabel("What it is for").fill("Billing Service");
  await dialog.getByRole("button", { name: "Make the token" }).click();
  await expect(dialog.getByRole("alert")).toContainText("lowercase letters");
  await dialog.getByLabel("What it is for").fill("billing");
  await dialog.getByLabel("Role").selectOption("operator");
  await dialog.getByRole("button", { name: "Make the token" }).click();
  const text = await dialog.getByRole("textbox", { name: "The token" }).inputValue();
  expect(text).toMatch(/^downbeat_/);
  await expect(dialog.getByText("nobody can show it again")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Copy the token" })).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toHaveCount(0);
  expect(await page.content()).not.toContain(text);

  const line = page.getByRole("list", { name: "Tokens" }).getByRole("listitem");
  await expect(line).toContainText("billing");
  await expect(line).toContainText("Made by Ada Lovelace <local|ada>");
  await expect(line).toContainText("Not used since this server started.");
  const ask = () => request.get(product.api("me.get"), { headers: { authorization: `Bearer ${text}` } });
  expect((await ask()).status()).toBe(200);
  await page.reload();
  await expect(line).toContainText("Last used");
  await page.screenshot({ path: test.info().outputPath("tokens.png") });

  await page.getByRole("button", { name: "Withdraw billing" }).click();
  await page.getByRole("button", { name: "Withdraw the token" }).click();
  await expect(page.getByText("No tokens yet")).toBeVisible();
  await expect.poll(async () => (await ask()).status(), { timeout: 60_000 }).toBe(401);

  await page.goto(`${product.home}/audit`);
  const table = page.getByRole("table", { name: "What people did" });
  for (const what of ["make a token", "withdraw a token"])
    await expect(table.getByRole("row").filter({ hasText: what }).first()).toContainText("Ada Lovelace");
});

test("whoever is no admin is told who may", async ({ page }) => {
  await signIn(page, "grace");
  await expect(page.getByText("Only admins may see, make or withdraw tokens.")).toBeVisible();
  await expect(page.getByRole("button", { name: "New token…" })).toHaveCount(0);
});
