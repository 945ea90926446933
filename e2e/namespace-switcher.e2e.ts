import type { Page } from "@playwright/test";
import { axeViolations } from "./support/axe.ts";
import { startFakeProduct } from "./support/fake-product.ts";
import { expect, test } from "./support/fixtures.ts";

const two = { history: 300, everyMs: 0, bigRunJobs: 0, namespaces: ["public/default", "acme/orders"] };

test("another namespace is one key sequence away, on the same page and with nothing of the first", async ({
  page,
}) => {
  await using fake = await startFakeProduct(two);
  await page.goto(`${fake.home}/runs?status=completed`);
  const first = page.getByRole("link", { name: /booking-/ }).first();
  await expect(first).toBeVisible();
  await expect(page).toHaveTitle("Runs · public/default · Downbeat");

  const seen = await recordRunIds(page);
  const streams = liveStreams(page);
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  const choices = page.getByRole("dialog", { name: "Namespaces" });
  await expect(choices.getByRole("link", { name: "public/default" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(choices.getByRole("link", { name: "acme/orders" })).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(page).toHaveURL(`${fake.url}/acme/orders/runs`);
  await expect(page).toHaveTitle("Runs · acme/orders · Downbeat");
  await expect(page.getByRole("button", { name: /acme.*orders/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  // Ids of the second world begin where those of the first have long ended.
  expect((await seen()).filter((id) => /booking-6001/.test(id))).toEqual([]);
  expect((await seen()).length).toBeGreaterThan(0);
  expect(streams.map((url) => new URL(url).pathname)).toEqual(["/trpc/acme/orders/live.changes"]);
});

test("the palette switches too, and a run's page leads to the other's list", async ({ page }) => {
  await using fake = await startFakeProduct(two);
  await page.goto(`${fake.home}/runs`);
  await page
    .getByRole("link", { name: /booking-/ })
    .first()
    .click();
  await expect(page.getByRole("listbox", { name: /Jobs, timers and signals/ })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("switch acme");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${fake.url}/acme/orders/runs`);
  await page.goBack();
  await expect(page).toHaveURL(/\/public\/default\/runs\/booking-/);
  await expect(page.getByRole("listbox", { name: /Jobs, timers and signals/ })).toBeVisible();
});

test("addresses without a namespace lead to the one looked at last", async ({ page }) => {
  await using fake = await startFakeProduct(two);
  await page.goto(fake.url);
  await expect(page).toHaveURL(fake.home);
  await page.goto(`${fake.url}/acme/orders`);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await page.goto(`${fake.url}/runs?status=failed&q=booking`);
  await expect(page).toHaveURL(`${fake.url}/acme/orders/runs?status=failed&q=booking`);
  await page.goto(`${fake.url}/attention`);
  await expect(page).toHaveURL(`${fake.url}/acme/orders/attention`);
  await page.goto(`${fake.url}/runs/no-such-run`);
  await expect(page).toHaveURL(`${fake.url}/acme/orders/runs/no-such-run`);
});

test("a namespace that is not served is said so, with those that are", async ({ page }) => {
  await using fake = await startFakeProduct(two);
  const answer = await page.goto(`${fake.url}/acme/secret/runs`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await page.getByRole("link", { name: "Go to acme/orders" }).click();
  await expect(page).toHaveURL(`${fake.url}/acme/orders`);
  const inside = await page.goto(`${fake.home}/no-such-page`);
  expect(inside?.status()).toBe(404);
  await expect(page.getByText("There is no such page")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
});

test("with one namespace there is nothing to switch", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  await expect(page).toHaveTitle("Runs · Downbeat");
  await expect(page.getByRole("button", { name: /public.*default/ })).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("switch");
  await expect(page.getByRole("option", { name: /Switch to/ })).toHaveCount(0);
});

test("many namespaces are narrowed down by typing", async ({ page }) => {
  const many = Array.from({ length: 12 }, (_, index) => `team-${index}/production`);
  await using fake = await startFakeProduct({ ...two, history: 20, namespaces: many });
  await page.goto(fake.home);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog", { name: "Namespaces" })).toBeVisible();
  await page.keyboard.type("m-11");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${fake.url}/team-11/production`);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" });

    test("the switcher is accessible, closed, open and narrow", async ({ page }) => {
      await using fake = await startFakeProduct(two);
      await page.goto(`${fake.home}/runs`);
      await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole("button", { name: /public.*default/ }).click();
      await expect(page.getByRole("dialog", { name: "Namespaces" })).toBeVisible();
      await expectNoViolations(page);
      await page.setViewportSize({ width: 900, height: 700 });
      await expectNoViolations(page);
      await page.goto(`${fake.url}/acme/secret`);
      await expect(page.getByRole("link", { name: "Go to acme/orders" })).toBeVisible();
      await expectNoViolations(page);
    });
  });
}

async function expectNoViolations(page: Page): Promise<void> {
  expect(await axeViolations(page)).toEqual([]);
}

/** Every id of a run that is on the page while its address is of the second namespace, in any frame. */
async function recordRunIds(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    const look = () => {
      if (location.pathname.startsWith("/acme/orders"))
        for (const [id] of document.body.innerText.matchAll(/booking-\d+/g)) seen.add(id);
      requestAnimationFrame(look);
    };
    look();
    Object.assign(window, { seenRunIds: seen });
  });
  return () => page.evaluate(() => [...(window as unknown as { seenRunIds: Set<string> }).seenRunIds]);
}

function liveStreams(page: Page): string[] {
  const urls: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("live.changes")) urls.push(request.url());
  });
  return urls;
}
