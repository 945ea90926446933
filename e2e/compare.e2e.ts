import { expect, test } from "./support/fixtures.ts";

const [today, yesterday] = ["tour-2026-11-23", "tour-2026-11-22"];

test("two runs stand beside each other: what they were given, and which steps differ", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs/${today}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("link", { name: "Compare with another run" }).click();
  // Of its workflow first.
  await page.getByRole("button", { name: new RegExp(yesterday) }).click();
  await expect(page).toHaveURL(new RegExp(`compare\\?run=${today}&with=${yesterday}`));

  const runs = page.getByRole("region", { name: "The two runs" });
  await expect(runs.locator("del", { hasText: /^2$/ })).toBeVisible();
  await expect(runs.locator("ins", { hasText: /^3$/ })).toBeVisible();
  await expect(runs.getByText("The same result.")).toBeVisible();

  const table = page.getByRole("table", { name: "Steps of the two runs" });
  await expect(page.getByText(/^3 of 1,510 steps differ$/)).toBeVisible();
  const hotel = table.getByRole("row", { name: /quoteHotel/ }).first();
  await expect(hotel).toContainText("input");
  await hotel.getByRole("button", { name: "quoteHotel" }).click();
  await expect(hotel.getByText("adults")).toBeVisible();

  await page.getByRole("button", { name: "Show all steps" }).click();
  await expect(table).toHaveAttribute("aria-rowcount", "1511");
  await expect(table.getByRole("row", { name: /reserveMoney .* as long/ })).toBeVisible();
  await page.getByRole("button", { name: "Swap" }).click();
  await expect(page).toHaveURL(new RegExp(`run=${yesterday}&with=${today}&all=1`));
  await expect(runs.locator("del", { hasText: /^3$/ })).toBeVisible();
});

test("a run that is not there is said, and another one can be chosen", async ({ page, fake }) => {
  await page.goto(`${fake.home}/compare?run=${today}&with=nobody`);
  await expect(page.getByText(/There is no run “nobody”/)).toBeVisible();
  await page.goto(`${fake.home}/compare`);
  await page.getByLabel("Which run?").fill(today);
  await page.getByRole("button", { name: `Take the run “${today}”` }).click();
  await expect(page.getByLabel("With which run?")).toBeVisible();
  // A run has nothing that differs from itself.
  await page.getByLabel("With which run?").fill(today);
  await expect(page.getByText("That is the run itself.")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /Take the run/ })).toHaveCount(0);
  await expect(page).not.toHaveURL(/with=/);
});

test("a link to a run beside itself shows it on both sides", async ({ page, fake }) => {
  await page.goto(`${fake.home}/compare?run=${today}&with=${today}`);
  const runs = page.getByRole("region", { name: "The two runs" });
  await expect(runs.getByText("The same input.")).toBeVisible();
  await expect(runs.getByRole("link", { name: today })).toHaveCount(2);
  await expect(page.getByText("1,510 steps, no difference")).toBeVisible();
});
