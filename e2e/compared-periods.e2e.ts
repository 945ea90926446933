import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const minute = 60_000;

test("figures stand beside those of the period before, and both open exactly their runs", async ({
  page,
  product,
}) => {
  await product.startRun("bookTrip", trip("T-compared-1"), "T-compared-1");
  await page.goto(`${product.home}/runs/T-compared-1`);
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  // The first of these periods ends in the future and holds the run; the one before it holds nothing.
  const middle = Math.floor(Date.now() / minute) * minute - 10 * minute;
  const period = { from: new Date(middle).toISOString(), to: new Date(middle + 60 * minute).toISOString() };
  await page.goto(`${product.home}?${new URLSearchParams(period)}`);
  const chosen = page.getByLabel("Compare");
  await expect(chosen).toHaveValue("");
  await expect(page.getByText(/Compared with/)).toHaveCount(0);
  await chosen.selectOption({ label: "Against the period before" });
  await expect(page).toHaveURL(/compare=before/);
  await expect(
    page.getByText(
      /^Compared with .* This period is not over: its part until .* is compared with the same part/,
    ),
  ).toBeVisible();
  const started = page.getByRole("term").filter({ hasText: "Started" }).locator("xpath=..");
  // The run's minute counts once it is over.
  await expect(started.getByText(/none before|as before/)).toBeVisible();
  await started.getByTitle("Open the earlier runs").click();
  await expect(page).toHaveURL(/\/runs\?.*from=.*to=/);
  await expect(page.getByText(/^0 runs$|No run matches/).first()).toBeVisible();
  await page.goBack();
  await expect(chosen).toHaveValue("before");
  await chosen.selectOption({ label: "Against a week ago" });
  await expect(page).toHaveURL(/compare=week/);
  await expect(page.getByText(/^Compared with/)).toBeVisible();
});

test("a comparison that can't be meant is said, and the page stays", async ({ page, product }) => {
  await page.goto(`${product.home}?compare=yesterday`);
  await expect(page.getByText(/“compare” is before or week/)).toBeVisible();
  await expect(page.getByLabel("Compare")).toHaveValue("");
});
