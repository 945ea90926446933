import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

test("a booking is announced, opened, and seen through to its end without a reload", async ({
  page,
  product,
}) => {
  await page.goto(`${product.home}/runs`);
  await expect(page.getByRole("heading", { name: "Runs" })).toBeVisible();
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  const rowsBefore = await page.getByRole("row").count();

  await product.startRun("bookTrip", trip("T-journey-1", { holdMs: 6_000 }), "T-journey-1");
  // The list does not move by itself: it says what is new and waits to be asked.
  const announcement = page.getByRole("button", { name: /new run/ });
  const first = page.getByRole("link", { name: "T-journey-1" });
  await expect(announcement.or(first)).toBeVisible();
  if (await announcement.isVisible()) {
    expect(await page.getByRole("row").count()).toBe(rowsBefore);
    await announcement.click();
  }

  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });
  await first.click();
  await expect(page).toHaveURL(/\/runs\/T-journey-1$/);
  await expect(page.getByText("Sleeping until", { exact: false }).first()).toBeVisible();
  const timeline = page.getByRole("listbox", { name: /Jobs, timers and signals/ });
  await expect(timeline.getByRole("option", { name: /processPayment Completed/ })).toBeVisible();

  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  await expect(timeline.getByRole("option", { name: /notifyCustomer Completed/ })).toBeVisible();
  await expect(page.getByRole("group", { name: "output" })).toContainText("receiptId");
  const events = page.getByRole("region", { name: "Events" });
  await expect(events.getByRole("button", { name: /The run completed/ })).toBeVisible();
  expect(loads).toBe(0);
});

test("choosing a bar shows the job and marks its events; the address remembers it", async ({
  page,
  product,
}) => {
  await product.startRun("bookTrip", trip("T-journey-2"), "T-journey-2");
  await page.goto(`${product.home}/runs/T-journey-2`);
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  await page.getByRole("option", { name: /bookHotel/ }).click();
  await expect(page).toHaveURL(/row=/);
  const detail = page.getByRole("complementary", { name: "The chosen row" });
  await expect(detail).toContainText("bookHotel");
  await expect(detail.getByRole("group", { name: "input" })).toContainText("Lisbon");

  await page.getByRole("button", { name: /^Only bookHotel/ }).click();
  const events = page.getByRole("region", { name: "Events" });
  await expect(events.getByRole("button", { name: /processPayment/ })).toHaveCount(0);
  await expect(events.getByRole("button", { name: /bookHotel completed/ })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("option", { name: /bookHotel/, selected: true })).toBeVisible();
});

test("an expensive trip waits for its approval, which is sent from the page", async ({ page, product }) => {
  await product.startRun("bookTrip", trip("T-approve-1", { amountCents: 900_000 }), "T-approve-1");
  await page.goto(`${product.home}/runs/T-approve-1`);
  await page.getByRole("button", { name: "Send “approval”" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Payload" }).fill('{ "approved": true, "by": "Grace" ');
  await expect(dialog.getByText(/Not JSON/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Send a signal" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Payload" }).fill('{ "approved": true, "by": "Grace" }');
  await dialog.getByRole("button", { name: "Send a signal" }).click();
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
});

test("what is typed while a form is still on its way goes on where it was", async ({ page, product }) => {
  const arrival = Promise.withResolvers<void>();
  await page.route("**/*catalogue.workflows*", async (route) => {
    await arrival.promise;
    await route.continue();
  });
  await product.startRun("bookTrip", trip("T-typing-1", { amountCents: 900_000 }), "T-typing-1");
  await page.goto(`${product.home}/runs/T-typing-1`);
  await page.getByRole("button", { name: "Send “approval”" }).click();
  const dialog = page.getByRole("dialog");
  const json = dialog.getByRole("textbox", { name: "Payload" });
  await json.press("ControlOrMeta+a");
  await page.keyboard.type('{ "approved": true,');
  arrival.resolve();
  await expect(dialog.getByRole("group", { name: "Payload" })).toBeVisible();
  await page.keyboard.type(' "by": "Grace" }');
  await expect(dialog.getByRole("textbox", { name: "Payload as JSON" })).toHaveValue(
    '{ "approved": true, "by": "Grace" }',
  );
});

test("a run is cancelled with a reason, and what was done is undone", async ({ page, product }) => {
  await product.startRun("bookTrip", trip("T-cancel-1", { holdMs: 600_000 }), "T-cancel-1");
  await page.goto(`${product.home}/runs/T-cancel-1`);
  await expect(page.getByText("Sleeping until", { exact: false }).first()).toBeVisible();
  await page.getByRole("button", { name: "Cancel the run" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("every registered compensation runs");
  await expect(dialog.getByRole("button", { name: "Cancel the run" })).toBeDisabled();
  await dialog.getByLabel("Reason").fill("the customer changed her mind");
  await dialog.getByRole("button", { name: "Cancel the run" }).click();
  await expect(page.locator("header").getByText("Cancelled")).toBeVisible();
  await expect(page.getByRole("option", { name: /refundPayment Completed/ })).toBeVisible();
  await expect(page.getByText("“the customer changed her mind”")).toBeVisible();
});

test("numbers of the overview open exactly their runs", async ({ page, product }) => {
  await product.startRun("bookTrip", trip("T-overview-1"), "T-overview-1");
  await page.goto(`${product.home}/runs/T-overview-1`);
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  await page.goto(product.home);
  await expect(page.getByText(/that ended in this time succeeded/)).toBeVisible();
  const completed = page
    .getByRole("definition")
    .filter({ has: page.getByRole("link") })
    .nth(3)
    .getByRole("link");
  const count = await completed.innerText();
  await completed.click();
  await expect(page).toHaveURL(/status=completed.*by=ended/);
  await expect(page.getByText(new RegExp(`^${count} runs?$`))).toBeVisible();
});
