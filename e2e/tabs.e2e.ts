import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

test("twenty tabs of a browser are live on one event stream, and go on when the tab that has it is closed or crashes", async ({
  context,
  product,
}) => {
  test.slow();
  const streams = new Map<Page, number>();
  const open = async () => {
    const page = await context.newPage();
    page.on("request", (request) => {
      if (request.url().includes("live.changes")) streams.set(page, (streams.get(page) ?? 0) + 1);
    });
    await page.goto(`${product.home}/runs`);
    return page;
  };
  const tabs: Page[] = [];
  for (let index = 0; index < 20; index++) tabs.push(await open());
  const stamp = (page: Page) => page.getByText("live", { exact: true });
  for (const page of tabs) await expect(stamp(page)).toBeVisible();
  expect(streams.size).toBe(1);

  const sees = async (page: Page, runId: string) => {
    const row = page.getByRole("link", { name: runId });
    await expect(
      page
        .getByRole("button", { name: /new run/ })
        .or(row)
        .first(),
    ).toBeVisible();
  };
  await product.startRun("bookTrip", trip("T-tabs-1"), "T-tabs-1");
  for (const page of tabs) await sees(page, "T-tabs-1");

  // However the tab with the stream goes, the next in line takes over.
  for (const way of ["close", "crash"]) {
    const [leader] = [...streams.keys()].filter((page) => tabs.includes(page));
    if (leader === undefined) throw new Error("no tab has the stream");
    tabs.splice(tabs.indexOf(leader), 1);
    streams.clear();
    if (way === "close") await leader.close();
    else await Promise.all([leader.waitForEvent("crash"), leader.goto("chrome://crash").catch(() => {})]);
    await expect.poll(() => streams.size).toBe(1);
    const [successor] = streams.keys();
    expect(successor).not.toBe(leader);
    const runId = `T-tabs-${way}`;
    await product.startRun("bookTrip", trip(runId), runId);
    for (const page of [tabs[0], tabs.at(-1)]) {
      if (page === undefined) throw new Error("no tab is left");
      await page.getByRole("button", { name: /new run/ }).click();
      await expect(page.getByRole("link", { name: runId })).toBeVisible();
      await expect(stamp(page)).toBeVisible();
    }
  }
  await Promise.all(tabs.map((page) => page.close()));
});
