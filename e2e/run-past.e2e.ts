import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const tour = "tour-2026-11-23";
const past = (page: Page) => page.getByRole("complementary", { name: "The run at an event" });

test("a run is shown as it was after an event, with what that event changed", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}?event=5`);
  await page.getByRole("button", { name: "The run after this event" }).click();
  await expect(page).toHaveURL(/at=5/);
  await expect(past(page)).toContainText("reserveMoney completed.");
  const changes = past(page).locator("dl").first();
  await expect(changes.getByText('steps["reserveMoney (j1)"].status')).toBeVisible();
  await expect(changes.locator("del", { hasText: '"scheduled"' })).toBeVisible();
  await expect(changes.locator("ins", { hasText: '"completed"' }).first()).toBeVisible();
  await expect(page.locator("[data-moment]")).toBeVisible();

  await past(page).getByRole("button", { name: "The next event" }).click();
  await expect(past(page)).toContainText("releaseMoney registered: it will undo reserveMoney.");
  await expect(past(page).getByText("After event 6 of 4,550")).toBeVisible();
  await past(page).getByRole("slider", { name: "Event" }).press("Home");
  await expect(past(page)).toContainText("It is the first event: there was no run before it.");
  await past(page).getByRole("slider", { name: "Event" }).press("End");
  await expect(past(page)).toContainText("Failed");
  await past(page).getByRole("button", { name: "Back to now" }).click();
  await expect(past(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/at=/);
});

test("a link to a run at an event opens it there, and one beyond its end at its end", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs/${tour}?at=16`);
  await expect(past(page).getByText("After event 16 of 4,550")).toBeVisible();
  await past(page)
    .getByRole("button", { name: /quoteHotel/ })
    .first()
    .click();
  await expect(page.getByRole("complementary", { name: "The chosen row" })).toContainText("quoteHotel");
  await page.goto(`${fake.home}/runs/${tour}?at=99999`);
  await expect(past(page).getByText("After event 4,550 of 4,550")).toBeVisible();
});

test("what was is told once, however often its page is drawn", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}?at=5`);
  await expect(past(page).locator("dl").first()).toBeVisible();
  // Each state that is told says what was compensated.
  const told = await page.evaluateHandle(() => {
    const count = { states: 0 };
    JSON.stringify = new Proxy(JSON.stringify, {
      apply(stringify, self, given: unknown[]) {
        if (given[0] === "compensation") count.states += 1;
        return Reflect.apply(stringify, self, given);
      },
    });
    return count;
  });
  await page.getByRole("button", { name: "Critical path" }).click();
  await expect(page).toHaveURL(/path=1/);
  await expect(page.getByRole("button", { name: "Critical path" })).toHaveAttribute("aria-pressed", "true");
  expect(await told.evaluate(({ states }) => states)).toBe(0);
  await past(page).getByRole("button", { name: "The next event" }).click();
  await expect(past(page).getByText("After event 6 of 4,550")).toBeVisible();
  await expect.poll(() => told.evaluate(({ states }) => states)).toBeGreaterThan(0);
});

test("a history is exported as JSON in which no digit is lost, and as text, a sentence an event", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  const download = async (name: string): Promise<string> => {
    await page.getByRole("button", { name: "More", exact: true }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name }).click(),
    ]);
    await page.keyboard.press("Escape");
    return readFile(await file.path(), "utf8");
  };
  const json = await download("Download the history as JSON");
  expect(json).toContain('"payload":{"approved":true,"limit":3544790567247868102}');
  const read: { readonly events: readonly unknown[] } = JSON.parse(json);
  expect(read.events).toHaveLength(4_550);

  const text = await download("Download the history as text");
  expect(text.split("\n")[0]).toBe(`${tour}: planTour, failed`);
  expect(text).toMatch(/\n *5 {2}\d\d:\d\d:\d\d\.\d{3} {2}\+240 ms {4,5}reserveMoney completed\.\n/);
  expect(text.split("\n").filter((line) => / {2}\d\d:\d\d:\d\d\.\d{3} {2}\+/.test(line))).toHaveLength(4_550);
});

test("an export that fails says so", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  await expect(page.getByRole("option", { name: /bookBus/ })).toBeVisible();
  await page.route(/runs\.events/, (route) => route.fulfill({ status: 500, body: "no" }));
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("button", { name: "Download the history as text" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "could not be exported" })).toBeVisible();
});

test("a real server knows what is usual, how a run was, and what two of them differ in", async ({
  page,
  product,
}) => {
  const ids = Array.from({ length: 21 }, (_, index) => `T-usual-${index}`);
  await Promise.all(ids.map((id) => product.startRun("bookTrip", trip(id), id)));
  // Once twenty of them have completed.
  await expect(async () => {
    await page.goto(`${product.home}/runs/T-usual-0`);
    await expect(page.getByText(/^, usually \d/)).toBeVisible({ timeout: 3_000 });
  }).toPass();

  await page.goto(`${product.home}/runs/T-usual-0?at=3`);
  await expect(past(page)).toContainText("What it changed");
  await past(page).getByRole("slider", { name: "Event" }).press("Home");
  await expect(past(page)).toContainText("started bookTrip");
  await past(page).getByRole("slider", { name: "Event" }).press("End");
  await expect(past(page)).toContainText("Completed");

  await page.goto(`${product.home}/compare?run=T-usual-0&with=T-usual-1`);
  const runs = page.getByRole("region", { name: "The two runs" });
  await expect(runs.locator("ins", { hasText: "T-usual-1" }).first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Steps of the two runs" })).toBeVisible();
});
