import { expect, type Page, test } from "@playwright/test";
import { newNamespace } from "../../scripts/lib/pulsar-namespace.ts";
import { serversOf } from "../../scripts/pulsar/suite/servers.ts";
import { type Product, startProduct } from "../support/product.ts";
import { trip } from "../support/trip.ts";

/** On the servers of `npm run test:pulsar`: the day of somebody who books, watches, mends and looks back. */

let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const servers = serversOf(process.env);
  if (servers === undefined)
    throw new Error("Run `npm run test:pulsar`, which starts Pulsar and Pulsar SQL.");
  const { pulsar, pulsarSql } = servers;
  // Every airline is down at first, for longer than the attempts last; nothing else goes wrong.
  const fates = {
    TRAVEL_OUTAGE_RATE: "1",
    TRAVEL_OUTAGE_MS: "6000",
    TRAVEL_FAILURE_RATE: "0",
    TRAVEL_REJECTION_RATE: "0",
    TRAVEL_SLOWNESS_MS: "50",
  };
  product = await startProduct(fates, {
    pulsar,
    namespace: await newNamespace(pulsar, "journey"),
    // So short that a run leaves it while the test goes on.
    options: ["--pulsar-sql", pulsarSql, "--hot-window", "5s"],
  });
});

test.afterAll(() => product?.[Symbol.asyncDispose]());

test("a booking is watched live, gets stuck, is retried by a person and completes", async ({ browser }) => {
  const watching = await (await browser.newContext()).newPage();
  const acting = await (await browser.newContext()).newPage();
  const runId = "T-journey-1";
  await watching.goto(`${product.home}/runs`);
  await expect(watching.getByText("live", { exact: true })).toBeVisible();
  await product.startRun("bookTrip", trip(runId), runId);
  const announcement = watching.getByRole("button", { name: /new run/ });
  const link = watching.getByRole("link", { name: runId });
  await expect(announcement.or(link)).toBeVisible();
  if (await announcement.isVisible()) await announcement.click();

  let loads = 0;
  watching.on("load", () => {
    loads += 1;
  });
  await link.click();
  await expect(watching.locator("header").getByText("Stuck")).toBeVisible();
  await acting.goto(`${product.home}/attention`);
  await expect(async () => {
    await retryFlight(acting);
    await expect(watching.locator("header").getByText("Completed")).toBeVisible({ timeout: 8_000 });
  }).toPass({ timeout: 60_000 });
  expect(loads).toBe(0);
});

/** Until the airline is up again, a retry ends stuck once more. */
async function retryFlight(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Retry bookFlight" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the airline is up again");
  await dialog.getByRole("button", { name: "Retry bookFlight" }).click();
  await expect(dialog).toBeHidden();
}
