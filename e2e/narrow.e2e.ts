import { expect, test } from "./support/fixtures.ts";

test("every page fits a window of 360 pixels", async ({ page, fake }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ["", "/runs", "/attention", "/timers", "/jobs", "/quarantine"]) {
    await page.goto(`${fake.home}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByText("live", { exact: true })).toBeVisible();
    const sideways = () =>
      page.evaluate(() => {
        const content = document.querySelector("#content");
        return Math.max(
          document.documentElement.scrollWidth - innerWidth,
          (content?.scrollWidth ?? 0) - (content?.clientWidth ?? 0),
        );
      });
    await expect.poll(sideways, path).toBeLessThanOrEqual(0);
  }
  await page.goto(`${fake.home}/runs`);
  await page
    .getByRole("link", { name: /booking-/ })
    .first()
    .click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText(/booking-/);
  expect((await heading.boundingBox())?.width).toBeGreaterThan(150);
});

test("the timeline of a run fits a telephone, with names above their bars", async ({ page, fake }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${fake.home}/runs?status=stuck&q=bookhotel`);
  await page
    .getByRole("link", { name: /booking-/ })
    .first()
    .click();
  const row = page.getByRole("option", { name: /bookHotel Stuck/ });
  await expect(row).toBeVisible();
  const [name, bar] = [row.getByTitle(/bookHotel/), row.locator("[class*=bg-stuck], [class*=stuck]").last()];
  const [nameBox, barBox] = [await name.boundingBox(), await bar.boundingBox()];
  expect(barBox?.y).toBeGreaterThan(nameBox?.y ?? 0);
  expect((barBox?.x ?? 0) + (barBox?.width ?? 0)).toBeLessThanOrEqual(390);
  const sideways = () =>
    page.locator("#content").evaluate((content) => content.scrollWidth - content.clientWidth);
  await expect.poll(sideways).toBeLessThanOrEqual(0);
});

test("keys walk the jobs on a telephone, too", async ({ page, fake }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${fake.home}/jobs`);
  const rows = page.getByRole("table", { name: "Jobs" }).getByRole("row");
  await expect(rows.nth(1)).toBeVisible();
  await page.keyboard.press("j");
  await expect(rows.nth(1).getByRole("link")).toBeFocused();
});

test("part of an id and Enter open the run that was found", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs`);
  const first = page.getByRole("link", { name: /booking-/ }).first();
  const runId = (await first.getAttribute("title")) ?? "";
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Run id, page or action").fill(runId.slice(1));
  await expect(page.getByRole("option", { selected: true })).toContainText("bookTrip");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/${runId}$`));
});

test("an empty quarantine says what would be there", async ({ page, fake }) => {
  await page.goto(fake.home);
  await page.getByRole("link", { name: "Quarantine" }).click();
  await expect(page.getByText("Nothing was set aside")).toBeVisible();
});
