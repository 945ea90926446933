import { expect, test } from "./support/fixtures.ts";

test("everything is reached from the keyboard", async ({ page, fake }) => {
  await page.goto(fake.home);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("j");
  await expect(page.locator("[data-row='1']")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/.+/);

  await page.keyboard.press("j");
  await expect(page.getByRole("option", { selected: true })).toHaveCount(1);
  await expect(page.getByRole("option", { selected: true })).toHaveAccessibleName(/processPayment/);
  await page.keyboard.press("e");
  await expect(page.locator("[data-event]:focus")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-event]:focus")).toHaveAttribute("aria-expanded", "true");
});

test("the palette finds a run by a part of its id, a page and an action", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to a run, a page or an action" });
  await page.keyboard.type("booking-600194777");
  await expect(palette.getByRole("option", { name: /booking-600194777 .*bookTrip/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/booking-600194777/);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("attention");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Attention" })).toBeVisible();
});

test("search, a label and a status filter narrow the list and stay in the address", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("customer=cust-7");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/label=customer%3Dcust-7/);
  await page.getByRole("button", { name: /^Completed/ }).click();
  await expect(page).toHaveURL(/status=completed/);
  await expect(page.getByRole("row").nth(1)).toContainText("cust-7");
  await page.reload();
  await expect(page.getByRole("button", { name: /^Completed/ })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page).toHaveURL(/\/runs$/);
});

test("Enter looks for a text in what runs were given, gave back and failed with, within a period that the address keeps", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  const box = page.getByLabel("Search runs by id, text or label");
  await box.fill("no such thing is said");
  await expect(page.getByText("Enter to search inputs, outputs and errors")).toBeVisible();
  await box.press("Enter");
  await expect(page).toHaveURL(/content=no\+such\+thing\+is\+said/);
  await expect(page).toHaveURL(/range=24h/);
  await expect(page.getByText("No run matches these filters")).toBeVisible();
  await expect(page.getByRole("button", { name: "Act on all" })).toHaveCount(0);
  await page.reload();
  await page.getByRole("button", { name: /^Stop filtering by “no such thing is said” in inputs/ }).click();
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();

  await box.fill('"amountCents"');
  await box.press("Enter");
  await expect(page).toHaveURL(/content=amountCents/);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  await expect(box).toHaveValue("");
});

test("labels are completed from what exists, joined and turned round; what can't be asked is said", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  const box = page.getByLabel("Search runs by id, text or label");
  await box.fill("cust");
  await expect(page.locator("datalist option[value='customer=']")).toBeAttached();
  await box.fill("customer=cust-7");
  await expect(page.locator("datalist option[value='customer=cust-7']")).toBeAttached();
  await box.fill("customer>cheap");
  await expect(page.getByText(/compares with what is no number and no time/)).toBeVisible();
  await box.fill("customer=CUST-7 OR customer=none");
  await box.press("Enter");
  await expect(page.getByRole("row").nth(1)).toContainText("cust-7");
  await box.fill("customer!=cust-7");
  await box.press("Enter");
  await expect(page.getByText("No run matches", { exact: false }).first()).toBeVisible();
  await page.getByRole("button", { name: "Stop filtering by customer!=cust-7" }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("cust-7");
});

test("stuck jobs of one cause are retried together, and each says what came of it", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/attention`);
  await page.getByRole("button", { name: /bookHotel.*ServiceUnavailable/s }).click();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: "Retry 2 jobs" });
  await expect(dialog.getByRole("status")).toHaveText("Exactly 2 jobs, each of which can be acted on now.");
  await dialog.getByLabel("Reason").fill("the hotel service is back");
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/\/bulk\/bulk-/);
  await expect(page.getByRole("heading", { name: "Retry of 2 jobs" })).toBeVisible();
  await expect(page.getByRole("img", { name: "Of 2: 2 recovered" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "Recovered", exact: true })).toHaveCount(2);
});
