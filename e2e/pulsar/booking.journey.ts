import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { type Client, client } from "@downbeat/sdk/client";
import { expect, type Page, test } from "@playwright/test";
import { newNamespace } from "../../scripts/lib/pulsar-namespace.ts";
import { serversOf } from "../../scripts/pulsar/suite/servers.ts";
import { type Product, startProduct } from "../support/product.ts";
import { trip } from "../support/trip.ts";

/** On the servers of `npm run test:pulsar`: the day of somebody who books, watches, mends and looks back. */

const hotWindowMs = 5_000;

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
    options: ["--pulsar-sql", pulsarSql, "--hot-window", `${hotWindowMs}ms`],
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

test("a run that is no longer in the hot window is read from Pulsar SQL, with all of its events", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const runId = "T-journey-2";
  // Asked of the log itself, and looked at in the list only: so nothing keeps its events at hand.
  await send({
    type: "StartRun",
    runId,
    workflow: "bookTrip",
    input: JSON.stringify(trip(runId)),
  });
  const isListedAs = (status: RegExp) =>
    expect(async () => {
      await page.goto(`${product.home}/runs?text=${runId}`);
      await expect(page.getByRole("row", { name: status })).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 60_000 });
  await isListedAs(/T-journey-2.*Stuck/);
  const action = { actionId: "stays", actor: "Ada", reason: "the customer stays at home" };
  await send({ type: "CancelRun", runId, action });
  await isListedAs(/T-journey-2.*Cancelled/);

  // Who looks too early has it kept at hand for a while.
  const listedAt = Date.now();
  await expect.poll(() => Date.now() - listedAt, { timeout: 30_000 }).toBeGreaterThan(hotWindowMs * 1.5);
  await page.goto(`${product.home}/runs/${runId}`);
  await expect(page.getByText(/from Pulsar SQL in/)).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("header").getByText("Cancelled")).toBeVisible();
  const timeline = page.getByRole("listbox", { name: /Jobs, timers and signals/ });
  await expect(timeline.getByRole("option", { name: /processPayment Completed/ })).toBeVisible();
  await expect(timeline.getByRole("option", { name: /refundPayment Completed/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /cancelled/ }).first()).toBeVisible();
});

type Sent = Parameters<Client["send"]>[0];

async function send(command: Sent): Promise<void> {
  const log = openPulsarWebSocketLog({
    serviceUrl: product.logUrl,
    tenant: "public",
    namespace: product.namespace,
  });
  const sender = client({ log, actor: "Ada" });
  await sender.send(command);
  await sender.close();
  await log.close();
}

/** Until the airline is up again, a retry ends stuck once more. */
async function retryFlight(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Retry bookFlight" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the airline is up again");
  await dialog.getByRole("button", { name: "Retry bookFlight" }).click();
  await expect(dialog).toBeHidden();
}
