import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { resent } from "./support/resent.ts";

const long = "reserveRoomsAtTheHotelThatTheCustomerChoseInTheSecondStep_v2";

/** Names as long as they get, and times so far ago that they are shown with their date. */
async function withLongNames(page: Page): Promise<void> {
  await page.route(/\/trpc\/.*(overview\.get|runs\.list|attention\.|timers\.|jobs\.)/, async (route) => {
    const answer = await route.fetch(resent);
    const body = (await answer.text())
      .replaceAll('"name":"bookHotel"', `"name":"${long}"`)
      .replaceAll('"jobType":"bookHotel"', `"jobType":"${long}"`)
      .replaceAll('"name":"ServiceUnavailable"', `"name":"${long}Error"`)
      .replaceAll(/"startedAt":\d+/g, `"startedAt":${Date.UTC(2026, 8, 23, 22, 58)}`);
    await route.fulfill({ response: answer, body });
  });
}

/** What stands outside of what holds it, or is cut though it is a figure or a label of a chart. */
const misplaced = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const content = document.querySelector("#content");
    if (content !== null && content.scrollWidth > content.clientWidth)
      found.push("the page scrolls sideways");
    for (const text of document.querySelectorAll("#content svg text")) {
      const [inner, outer] = [text.getBoundingClientRect(), text.closest("svg")?.getBoundingClientRect()];
      if (outer !== undefined && (inner.left < outer.left - 1 || inner.right > outer.right + 1))
        found.push(`label ${text.textContent}`);
    }
    for (const cell of document.querySelectorAll<HTMLElement>("#content td, #content [role=cell]")) {
      const panel = cell.closest("section, [role=table], figure, table")?.parentElement;
      if (panel == null || cell.getClientRects().length === 0) continue;
      // Ten columns of figures scroll in a frame of their own where the window is narrow; a name and its count never do.
      if (cell instanceof HTMLTableCellElement && (cell.parentElement?.children.length ?? 0) > 4) continue;
      if (cell.getBoundingClientRect().right > panel.getBoundingClientRect().right + 1)
        found.push(`cell ${cell.textContent}`);
      // A time is read at a glance.
      for (const time of cell.querySelectorAll("time"))
        if (time.getClientRects().length > 1 || time.getBoundingClientRect().height > 24)
          found.push(`time in several lines: ${time.textContent}`);
    }
    return [...new Set(found)].slice(0, 5);
  });

for (const width of [390, 768, 1_024, 1_440, 2_560]) {
  test(`at ${width} px nothing stands outside of its place, however long names are`, async ({
    page,
    fake,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await withLongNames(page);
    const run = "/runs/tour-2026-11-23";
    for (const path of [
      "?range=24h",
      "/runs",
      "/attention",
      "/timers",
      "/jobs",
      "/jobs?show=failedAttempts",
      "/alerts",
      "/approvals",
      "/figures?by=workflow&number=output.total",
      "/boards",
      "/boards/week",
      "/audit",
      "/tokens",
      "/account",
      "/quarantine",
      `${run}?path=1`,
      `${run}?view=graph&at=16`,
    ]) {
      await page.goto(`${fake.home}${path}`);
      await expect(page.getByText("live", { exact: true })).toBeVisible();
      await expect(page.locator("#content .skeleton")).toHaveCount(0);
      await expect.poll(() => misplaced(page), `${path} at ${width}`).toEqual([]);
    }
  });
}
