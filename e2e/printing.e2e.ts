import { startFakeProduct } from "./support/fake-product.ts";
import { expect, test } from "./support/fixtures.ts";

test("a printed run is all of it, also what scrolls on the screen and was not read yet", async ({ page }) => {
  await using fake = await startFakeProduct({ history: 20, everyMs: 0, bigRunJobs: 300 });
  // As a browser does it, but that the page can be looked at meanwhile.
  await page.addInitScript(() => {
    window.print = () => {
      window.dispatchEvent(new Event("beforeprint"));
      // A browser prints now: what is drawn later is not on paper.
      document.documentElement.dataset.printed = String(document.querySelectorAll("[data-event]").length);
    };
  });
  await page.goto(`${fake.home}/runs/import-2026-11-23`);
  const events = page.getByRole("region", { name: "Events" });
  await expect(events.locator("[data-event]").first()).toBeVisible();
  await page.keyboard.press("Control+p");
  await expect(page.locator("html")).toHaveAttribute("data-printed", /./, { timeout: 60_000 });
  const printed = Number(await page.locator("html").getAttribute("data-printed"));
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const total = await events.locator("[data-index]").count();
  expect(total).toBeGreaterThan(500);
  expect(printed).toBe(total);
  await expect(events.locator("[data-event]")).toHaveCount(total);
  const isCut = await page.evaluate(() =>
    [...document.querySelectorAll("#content, #content section, #content aside, #content [role=listbox]")]
      .filter(
        (element) =>
          element.scrollHeight > element.clientHeight + 2 &&
          getComputedStyle(element).overflowY !== "visible",
      )
      .map((element) => element.getAttribute("aria-label") ?? element.id),
  );
  expect(isCut).toEqual([]);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect.poll(() => events.locator("[data-event]").count()).toBeLessThan(200);
});
