import { expect, test } from "./support/fixtures.ts";
import { openStaff, steering, steerTimers } from "./support/steering.ts";

test(steering, async ({ page, product }) => steerTimers(product, page));

test("a timer that has fired meanwhile is refused with when, and by whom", async ({ page, product }) => {
  await using staff = await openStaff(product);
  await staff.start("patient-2");
  await page.goto(`${product.home}/timers?run=patient-2`);
  await page.getByRole("button", { name: "Postpone the end of the sleep" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("not today");
  await product.act("timers.fire", { runId: "patient-2", kind: "sleep", id: "t1", reason: "I was quicker" });
  await dialog.getByRole("button", { name: "Postpone the end of the sleep" }).click();
  await expect(page.getByRole("list", { name: "What you did to timers" })).toContainText(
    /Refused: The timer is over: it was fired at \S+ by \S+\./,
  );
});

test("what is due is found by kind, workflow and when, and the address says so", async ({ page, fake }) => {
  await page.goto(`${fake.home}/timers`);
  const table = page.getByRole("table", { name: "Timers and waits" });
  await expect(table.getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("button", { name: "Sleeps", exact: true }).click();
  await expect(page).toHaveURL(/kind=sleep/);
  await expect(table.getByText(/wait for/)).toHaveCount(0);
  await page.getByRole("button", { name: /^Due/ }).click();
  await page.getByRole("button", { name: "Overdue" }).click();
  await expect(page).toHaveURL(/due=overdue/);
  await page.getByRole("button", { name: "Clear the filters" }).first().click();
  await expect(page).toHaveURL(/\/timers$/);
  await page.keyboard.press("j");
  await expect(page.locator("[data-row='0']")).toBeFocused();
});

test("what becomes overdue while the page is open comes into its list", async ({ page, fake }) => {
  const until = new Set<string>();
  page.on("request", (request) => {
    const [, to] = /"to":(\d+)/.exec(decodeURIComponent(request.url())) ?? [];
    if (to !== undefined && request.url().includes("timers.list")) until.add(to);
  });
  await page.goto(`${fake.home}/timers?due=overdue`);
  // As often as runs change.
  await expect.poll(() => until.size).toBeGreaterThan(2);
});
