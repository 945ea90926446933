import { expect, test } from "./support/fixtures.ts";

test("everything is reached from the keyboard", async ({ page, fake }) => {
  await page.goto(fake.home);
  // The badge is of an answer: before the page's code runs, keys mean nothing.
  await expect(page.getByRole("link", { name: /^Attention \d/ })).toBeVisible();

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

  await expect(page.getByRole("option", { name: /processPayment/ })).toBeVisible();
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

  await expect(palette).toBeHidden();
  await page.keyboard.press("Control+k");
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("attention");
  await expect(palette.getByRole("option", { name: "Attention", selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Attention" })).toBeVisible();
});

test("Enter opens no run that was found for something typed before", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to a run, a page or an action" });
  await page.keyboard.type("booking-6001");
  await expect(palette.getByRole("option", { name: /booking-6001/ }).first()).toBeVisible();
  // Its answer is still on its way when Enter is pressed.
  await page.route("**/runs.list*", () => {});
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("attention");
  await expect(palette.getByRole("option", { name: /booking-/ })).toHaveCount(0);
  await expect(palette.getByRole("option", { name: "Attention", selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Attention" })).toBeVisible();
});

test("Enter opens the run that the palette shows first, though it was found for less of the text", async ({
  page,
  fake,
}) => {
  await page.clock.install();
  await page.goto(`${fake.home}/runs`);
  const runId = `${await page
    .getByRole("link", { name: /booking-/ })
    .first()
    .textContent()}`;
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to a run, a page or an action" });
  const typed = runId.slice(1);
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await page.route("**/runs.list*", async (route) => {
    asked.resolve();
    await answer.promise;
    await route.continue();
  });
  await page.keyboard.type(typed.slice(0, -1));
  await asked.promise;
  // For the whole text nothing is asked before time goes on.
  await page.clock.pauseAt(Date.now() + 5_000);
  await page.keyboard.type(typed.slice(-1));
  await expect(palette.getByRole("option", { name: `Open run ${typed}` })).toBeVisible();
  answer.resolve();
  const run = palette.getByRole("option", { name: runId });
  await expect(async () => {
    await page.clock.runFor(1);
    await expect(run).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(run).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await page.clock.resume();
  await expect(page).toHaveURL(`${fake.home}/runs/${runId}`);
});

test("what is typed before the code of a dialog has come is in its field, and no shortcut", async ({
  page,
  fake,
}) => {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.goto(`${fake.home}/runs?status=stuck&q=bookhotel`);
  const run = page.getByRole("link", { name: /booking-/ }).first();
  await expect(run).toBeVisible();
  const address = await run.getAttribute("href");
  await page.addInitScript(() => {
    // The page is never at rest: code comes when it is needed.
    window.requestIdleCallback = () => 0;
  });
  await page.goto(`${fake.url}${address}`);
  await expect(page.getByRole("button", { name: "Retry bookHotel" })).toBeVisible();
  await page.route("**/_next/static/chunks/**", async (route) => {
    await isReleased;
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("g rx");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  release();
  const palette = page.getByRole("dialog", { name: "Go to a run, a page or an action" });
  await expect(palette.getByRole("combobox")).toHaveValue("g r");
  await expect(palette.getByRole("option", { name: "Open run g r" })).toBeVisible();
  await page.keyboard.type("uns");
  await expect(palette.getByRole("combobox")).toHaveValue("g runs");
  expect(new URL(page.url()).pathname).toBe(address);
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
