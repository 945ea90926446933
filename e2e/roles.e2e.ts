import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { client } from "@downbeat/sdk/client";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { type Product, startProduct } from "./support/product.ts";
import { trip } from "./support/trip.ts";

let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  // The airline is down for as long as anybody looks.
  product = await startProduct({
    DOWNBEAT_ACTOR_ROLE: "viewer",
    TRAVEL_OUTAGE_RATE: "1",
    TRAVEL_OUTAGE_MS: "6000000",
    TRAVEL_FAILURE_RATE: "0",
    TRAVEL_REJECTION_RATE: "0",
    TRAVEL_SLOWNESS_MS: "0",
  });
  // Nobody may start it through a viewers' dashboard; a service may.
  const log = openPulsarWebSocketLog({
    serviceUrl: product.logUrl,
    tenant: "public",
    namespace: product.namespace,
  });
  const shop = client({ log, actor: "shop" });
  for (const runId of ["T-roles-1", "T-roles-2"]) await shop.start("bookTrip", trip(runId), { runId });
  await shop.close();
  await log.close();
});

test.afterAll(() => product?.[Symbol.asyncDispose]());

test("a viewer sees what is stuck, and of each action who may do it; a click does nothing", async ({
  page,
}) => {
  await page.goto(`${product.home}/attention`);
  const retry = page.getByRole("button", { name: "Retry bookFlight" }).first();
  await expect(retry).toBeVisible({ timeout: 60_000 });
  await refused(page, "Retry bookFlight", "Only support, operators and admins may");
  await retry.focus();
  await page.keyboard.press("r");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.goto(`${product.home}/runs/T-roles-1`);
  await expect(page.locator("header").getByText("Stuck", { exact: true })).toBeVisible();
  await refused(page, "Cancel the run", "Only operators and admins may cancel or terminate a run.");
  await page.getByRole("button", { name: "More" }).click();
  await refused(page, "Terminate the run…", "Only operators and admins may cancel or terminate a run.");
});

test("a viewer sees no payload", async ({ page }) => {
  await page.goto(`${product.home}/runs/T-roles-1`);
  await expect(page.getByText("Not shown to your role.").filter({ visible: true }).first()).toBeVisible();
  await expect(page.getByText("ada@example.com")).toHaveCount(0);
});

test("a viewer is not told that what can't be seen is the same", async ({ page }) => {
  await page.goto(`${product.home}/compare?run=T-roles-1&with=T-roles-2`);
  const runs = page.getByRole("region", { name: "The two runs" });
  await expect(runs.getByText("Not shown to your role, so not compared.").first()).toBeVisible();
  await expect(runs.getByText("The same input.")).toHaveCount(0);
  await expect(page.getByText(/steps.*; inputs and results are not shown to your role/)).toBeVisible();
});

test("a viewer can't start a run, neither by the button nor by its key", async ({ page }) => {
  await page.goto(`${product.home}/runs`);
  await expect(page.getByRole("link", { name: "T-roles-1" })).toBeVisible();
  await refused(page, "Start a run", "Only operators and admins may start a run.");
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a viewer's page of SQL says who may ask", async ({ page }) => {
  await page.goto(`${product.home}/analytics`);
  await expect(page.getByText("Only admins may run SQL on all history.")).toBeVisible();
  await expect(page.getByText("· viewer")).toBeVisible();
});

async function refused(page: Page, name: string, why: string): Promise<void> {
  const button = page.getByRole("button", { name }).first();
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(button).toHaveAccessibleDescription(new RegExp(why));
  await button.click({ force: true });
  await expect(page.getByRole("dialog", { name })).toHaveCount(0);
}
