import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { People } from "./support/people.ts";
import { type Product, startProduct } from "./support/product.ts";

test.setTimeout(300_000);

const people = new People();
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  people.add("ada", "--full-name", "Ada Lovelace", "--group", "admins");
  product = await startProduct({ DOWNBEAT_ACCESS_FILE: people.accessFile });
});

test.afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  people[Symbol.dispose]();
});

async function enter(page: Page, path: string, password?: string): Promise<void> {
  await page.goto(`${product.home}${path}`);
  await people.signIn(page, "ada", password);
}

/** Another browser of hers. */
async function elsewhere(browser: Browser, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  try {
    await work(await context.newPage());
  } finally {
    await context.close();
  }
}

test("people see where they are signed in, and end a session elsewhere", async ({ page, browser }) => {
  await enter(page, "");
  await page.getByRole("button", { name: /Ada Lovelace/ }).click();
  await page.getByRole("dialog", { name: "Who you are" }).getByRole("link", { name: "Your account" }).click();
  const list = page.getByRole("list", { name: "Your sessions" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(list).toContainText("Chrome on Linux");
  await expect(list).toContainText("this session");
  await expect(page.getByRole("button", { name: "End all others…" })).toHaveCount(0);
  await elsewhere(browser, async (other) => {
    await enter(other, "/runs");
    await expect(other.getByText("· admin")).toBeVisible();
    await page.reload();
    await expect(list.getByRole("listitem")).toHaveCount(2);
    await page.screenshot({ path: test.info().outputPath("account.png") });
    await page.getByRole("button", { name: "End the session of Chrome on Linux" }).click();
    const dialog = page.getByRole("dialog", { name: "End “Chrome on Linux”?" });
    const end = dialog.getByRole("button", { name: "End the session" });
    await end.click();
    await expect(dialog.getByRole("alert")).toHaveText("The current password is not right.");
    await dialog.getByLabel("Your password").fill("correct horse battery");
    await end.click();
    await expect(list.getByRole("listitem")).toHaveCount(1);
    await expect(other.getByText("You are not signed in any more")).toBeVisible();
  });
  await page.goto(`${product.home}/audit`);
  const table = page.getByRole("table", { name: "What people did" });
  const rows = table.getByRole("row").filter({ hasText: "end a session of their own" });
  await expect(rows).toHaveCount(2);
  for (const outcome of ["Ada Lovelace", "The current password is not right."])
    await expect(rows.filter({ hasText: outcome })).not.toHaveCount(0);
});

test("people change their password and stay, while their other sessions end", async ({ page, browser }) => {
  const wanted = "seven quiet horses";
  await enter(page, "/account");
  await elsewhere(browser, async (other) => {
    await enter(other, "/runs");
    await expect(other.getByText("· admin")).toBeVisible();
    await page.getByRole("button", { name: "Change password…" }).click();
    const dialog = page.getByRole("dialog", { name: "Change your password" });
    const change = dialog.getByRole("button", { name: "Change the password" });
    await dialog.getByLabel("Current password").fill("correct horse battery");
    await dialog.getByLabel("New password", { exact: true }).fill("short");
    await dialog.getByLabel("New password once more").fill(wanted);
    await change.click();
    await expect(dialog.getByRole("alert")).toContainText("not the same");
    await dialog.getByLabel("New password once more").fill("short");
    await change.click();
    await expect(dialog.getByRole("alert")).toContainText("at least 12 characters");
    for (const label of ["New password", "New password once more"])
      await dialog.getByLabel(label, { exact: true }).fill(wanted);
    await change.click();
    await expect(page.getByText("Your password is changed")).toBeVisible();
    await expect(page.getByRole("list", { name: "Your sessions" }).getByRole("listitem")).toHaveCount(1);
    await expect(other.getByText("You are not signed in any more")).toBeVisible();
    await other.goto(`${product.home}/runs`);
    await people.signIn(other, "ada", wanted);
    await expect(other.getByText("· admin")).toBeVisible();
  });
  await page.reload();
  await expect(page.getByText("· admin")).toBeVisible();
});
