import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

const bigRun = "import-2026-11-23";

test("a run of 10,000 events opens and scrolls, whatever is looked for", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${bigRun}`);
  const events = page.getByRole("group", { name: "List of events" });
  await expect(events.getByRole("button", { name: /importCatalogue started/ })).toBeVisible();
  await expect(page.getByText(/^10,\d\d\d events$/)).toBeVisible();
  await expect(page.getByText("3,400 rows")).toBeVisible();

  const scrolled = await scrollThrough(page, "[aria-label='List of events']");
  await expect(events.getByRole("button", { name: /The run completed/ })).toBeVisible();
  expect(scrolled.mostElements).toBeLessThan(3_000);

  // Equal rows are one line, until it is opened.
  await page.getByRole("option", { name: /importRow × 3,/ }).click();
  const rows = await scrollThrough(page, "[role=listbox]");
  await expect(page.getByRole("option", { name: /importRow/ }).last()).toBeVisible();
  expect(rows.mostElements).toBeLessThan(3_000);
  console.log(
    JSON.stringify({
      events: scrolled.slowFrames,
      timeline: rows.slowFrames,
      frames: scrolled.frames + rows.frames,
    }),
  );

  await page.getByRole("searchbox", { name: "Search the events" }).fill("SKU-103399");
  await expect(page.getByText(/^1 of 10,\d\d\d$/)).toBeVisible();
  await page.getByRole("searchbox", { name: "Search the events" }).fill("");
  await page.getByRole("button", { name: "Failures only" }).click();
  await expect(
    events.getByRole("button", { name: /importRow failed|Attempt 1 of importRow failed/ }).first(),
  ).toBeVisible();
});

test("a linked event of a long run is shown at once", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${bigRun}?event=7000`);
  await expect(page.locator("[data-event='7000']")).toBeVisible();
  await expect(page.locator("[data-event='7000']")).toHaveAttribute("aria-expanded", "true");
});

test("a list of runs goes on as far as one scrolls", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  const table = page.getByRole("table", { name: "Runs" });
  await table.hover();
  // Some stride may pass a row by before it is drawn.
  const furthest = () =>
    page
      .locator("[data-row]")
      .evaluateAll((rows) => Math.max(...rows.map((row) => Number(row.getAttribute("data-row")))));
  await expect(async () => {
    await page.mouse.wheel(0, 4_000);
    expect(await furthest()).toBeGreaterThanOrEqual(400);
  }).toPass();
  expect(await page.getByRole("row").count()).toBeLessThan(80);
});

/** To the end in forty strides, a frame each, counting what the page holds and which frames came late. */
function scrollThrough(page: Page, selector: string) {
  return page.evaluate(async (target) => {
    const element = document.querySelector(target);
    if (element === null) throw new Error(`There is no ${target}.`);
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    let mostElements = 0;
    let slowFrames = 0;
    let frames = 0;
    let before = await frame();
    for (let stride = 1; stride <= 40; stride++) {
      element.scrollTop = ((element.scrollHeight - element.clientHeight) * stride) / 40;
      const now = await frame();
      frames++;
      if (now - before > 100) slowFrames++;
      before = now;
      mostElements = Math.max(mostElements, document.querySelectorAll("*").length);
    }
    element.scrollTop = element.scrollHeight;
    return { mostElements, slowFrames, frames };
  }, selector);
}
