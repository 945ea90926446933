import { expect, test } from "./support/fixtures.ts";
import { type Product, startProduct } from "./support/product.ts";

let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  // Every airline is down at first, for longer than the attempts last; nothing else goes wrong.
  product = await startProduct({
    TRAVEL_OUTAGE_RATE: "1",
    TRAVEL_OUTAGE_MS: "6000",
    TRAVEL_FAILURE_RATE: "0",
    TRAVEL_REJECTION_RATE: "0",
    TRAVEL_SLOWNESS_MS: "50",
  });
});

test.afterAll(() => product?.[Symbol.asyncDispose]());

test("a stuck job is retried by one person, and another sees the run complete on the same page", async ({
  browser,
}) => {
  const runId = "T-stuck-1";
  await product.startRun("bookTrip", trip(runId), runId);
  const acting = await (await browser.newContext()).newPage();
  const watching = await (await browser.newContext()).newPage();

  let loads = 0;
  watching.on("load", () => {
    loads += 1;
  });
  await watching.goto(`${product.home}/runs/${runId}`);
  await expect(watching.locator("header").getByText("Stuck", { exact: true })).toBeVisible();

  await acting.goto(`${product.home}/attention`);
  await expect(async () => {
    await retry(acting);
    await expect(watching.locator("header").getByText("Completed")).toBeVisible({ timeout: 8_000 });
  }).toPass({ timeout: 60_000 });
  expect(loads).toBe(1);
});

/** Until the airline is up again, a retry ends stuck once more. */
async function retry(page: import("@playwright/test").Page): Promise<void> {
  await page.getByRole("button", { name: "Retry bookFlight" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the airline is up again");
  await dialog.getByRole("button", { name: "Retry bookFlight" }).click();
  await expect(dialog).toBeHidden();
}

function trip(tripId: string) {
  return {
    tripId,
    customer: { name: "Ada Byron", email: "ada@example.com" },
    flight: { from: "CDG", to: "LIS", departsOn: "2027-05-01" },
    hotel: { city: "Lisbon", nights: 3 },
    amountCents: 120_000,
    timeZone: "Europe/Lisbon",
    holdMs: 500,
  };
}
