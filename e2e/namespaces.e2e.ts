import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { NonRetryableError } from "@downbeat/sdk";
import { worker } from "@downbeat/sdk/worker";
import { expect, type Page } from "@playwright/test";
import { test } from "./support/fixtures.ts";
import { type Product, startProduct } from "./support/product.ts";
import { trip } from "./support/trip.ts";

/** Two tenants on one embedded log: the example works for the one, and workers that always fail for the other. */

const orders = "acme/orders";
let product: Product;
let theirs: string;
let failing: ReturnType<typeof worker>;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const smooth = {
    TRAVEL_FAILURE_RATE: "0",
    TRAVEL_REJECTION_RATE: "0",
    TRAVEL_OUTAGE_RATE: "0",
    TRAVEL_SLOWNESS_MS: "50",
  };
  product = await startProduct(smooth, undefined, [orders]);
  theirs = `${product.url}/${orders}`;
  const log = openPulsarWebSocketLog({
    serviceUrl: product.logUrl,
    tenant: "acme",
    namespace: "orders",
  });
  failing = worker({
    log,
    jobs: {
      processPayment: async () => {
        throw new NonRetryableError("TerminalBroken", "acme's card terminal is broken");
      },
    },
  });
});

test.afterAll(async () => {
  await failing?.stop({ graceMs: 100 });
  await product?.[Symbol.asyncDispose]();
});

test("runs of one tenant are in no list, search, page or count of another", async ({ page }) => {
  await product.startRun("bookTrip", trip("T-acme-1"), "T-acme-1", orders);
  await product.startRun("bookTrip", trip("T-same", { amountCents: 11_100 }), "T-same", orders);
  await product.startRun("bookTrip", trip("T-same", { amountCents: 22_200 }), "T-same");
  await product.startRun("bookTrip", trip("T-public-1"), "T-public-1");

  await page.goto(`${theirs}/runs`);
  await expect(page).toHaveTitle("Runs · acme/orders · Downbeat");
  await expect(page.getByRole("link", { name: "T-acme-1" })).toBeVisible();
  await expect(page.getByText("2 runs", { exact: true })).toBeVisible();
  await expect(attentionLink(page)).toHaveText("Attention2");
  await page.goto(`${theirs}/runs/T-same`);
  await expect(page.locator("header").getByText("Stuck")).toBeVisible();
  await expect(page.getByRole("group", { name: "input" })).toContainText("11100");

  await page.goto(`${product.home}/runs`);
  await expect(page).toHaveTitle("Runs · public/default · Downbeat");
  await expect(page.getByRole("link", { name: "T-public-1" })).toBeVisible();
  await expect(page.getByText("2 runs", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "T-acme-1" })).toHaveCount(0);
  await expect(attentionLink(page)).toHaveText("Attention");
  await page.getByRole("link", { name: "T-same" }).click();
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  await expect(page.getByRole("group", { name: "input" })).toContainText("22200");

  await page.goto(`${product.home}/runs/T-acme-1`);
  await expect(page.getByText("There is no run with this id")).toBeVisible();
  await page.goto(`${product.home}/runs?q=T-acme`);
  await expect(page.getByText("No run matches these filters")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("T-acme-1");
  await expect(page.getByRole("option", { name: /Open run T-acme-1/ })).toBeVisible();
  await expect(page.getByRole("option", { name: /bookTrip/ })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.goto(`${product.home}/attention`);
  await expect(page.getByText("Nothing needs you")).toBeVisible();
  await page.goto(product.home);
  await expect(page.getByText(/that ended in this time succeeded/)).toBeVisible();
  await expect(page.getByText("card terminal")).toHaveCount(0);
});

test("a live page hears of its own tenant's runs only", async ({ page }) => {
  await page.goto(`${product.home}/runs`);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await product.startRun("bookTrip", trip("T-acme-live"), "T-acme-live", orders);
  await expect(async () => {
    const answer = await page.request.get(`${product.url}/trpc/${orders}/attention.list`);
    expect(await answer.text()).toContain("T-acme-live");
  }).toPass();
  await product.startRun("bookTrip", trip("T-public-live", { holdMs: 600_000 }), "T-public-live");
  await expect(page.getByRole("button", { name: "1 new run" })).toBeVisible();
  await page.getByRole("button", { name: "1 new run" }).click();
  await expect(page.getByRole("link", { name: "T-public-live" })).toBeVisible();
  await expect(page.getByRole("link", { name: "T-acme-live" })).toHaveCount(0);
  await expect(attentionLink(page)).toHaveText("Attention");
});

test("an action reaches nothing of another tenant", async ({ page }) => {
  await product.startRun("bookTrip", trip("T-acme-act"), "T-acme-act", orders);
  await page.goto(`${theirs}/runs/T-acme-act`);
  await expect(page.locator("header").getByText("Stuck")).toBeVisible();
  const act = (of: string, procedure: string, input: object) =>
    page.request.post(`${product.url}/trpc/${of}/${procedure}`, { data: input });
  const retry = { runId: "T-acme-act", jobId: "j1", reason: "not mine" };
  const crossed = await act("public/default", "jobs.retry", retry);
  expect(crossed.status()).toBe(404);
  expect(await crossed.text()).toContain("There is no run T-acme-act.");
  expect((await act("public/default", "runs.cancel", retry)).status()).toBe(404);
  expect((await act("acme/payments", "jobs.retry", retry)).status()).toBe(404);
  await expect(page.getByText("“not mine”")).toHaveCount(0);
  expect((await act(orders, "jobs.retry", { ...retry, reason: "mine" })).status()).toBe(200);
  await expect(page.getByText("“mine”")).toBeVisible();
});

function attentionLink(page: Page) {
  return page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Attention" });
}
