import { startFakeProduct } from "./support/fake-product.ts";
import { expect, test } from "./support/fixtures.ts";

/** Closed runs are removed some time after their ends, and pages say so where somebody may miss them. */

const upTo = Date.UTC(2026, 9, 27, 12);

test("the end of the list says up to when runs were removed, and the overview from when on it is whole", async ({
  page,
}) => {
  await using product = await startFakeProduct({ history: 20, everyMs: 0, bigRunJobs: 0 });
  product.haveTrouble({ removedUpTo: upTo, countedFrom: upTo });
  await page.goto(`${product.home}/runs`);
  await expect(
    page.getByText(/^Of the runs that ended up to .+, retention has removed some or all\.$/),
  ).toBeVisible();
  await page.goto(`${product.home}?from=${upTo - 3_600_000}&to=${Date.now()}`);
  await expect(page.getByText(/^Figures are whole from .+ on: retention had removed runs/)).toBeVisible();
  product.haveTrouble({});
  await page.goto(`${product.home}/runs`);
  await expect(page.getByRole("link", { name: /^booking-/ }).first()).toBeVisible();
  await expect(page.getByText(/retention has removed/)).toBeHidden();
});

test("the page of a run that was removed says how and when it ended, and offers no search for it", async ({
  page,
}) => {
  await using product = await startFakeProduct({ history: 5, everyMs: 0, bigRunJobs: 0 });
  const said = "Run trip-1 ended on 2026-10-27 (completed). Retention has removed its history since.";
  product.haveTrouble({ removedRuns: { "trip-1": said } });
  await page.goto(`${product.home}/runs/trip-1`);
  await expect(page.getByRole("heading", { name: "This run was removed" })).toBeVisible();
  await expect(page.getByText(said)).toBeVisible();
  await expect(page.getByRole("link", { name: "Search the runs for it" })).toBeHidden();
  await page.goto(`${product.home}/runs/trip-2`);
  await expect(page.getByRole("heading", { name: "There is no run with this id" })).toBeVisible();
});

test("a topic that takes nothing is told above every page, with the log's reason", async ({ page }) => {
  await using product = await startFakeProduct({ history: 5, everyMs: 0, bigRunJobs: 0 });
  const refusing = [{ topic: "jobs-bookHotel", reason: "its backlog quota is used up" }];
  const note = "Nothing can be sent to a topic. jobs-bookHotel: its backlog quota is used up";
  product.haveTrouble({ refusing, note });
  for (const path of ["", "/runs", "/attention"]) {
    await page.goto(`${product.home}${path}`);
    await expect(
      page.getByRole("status").getByText(/jobs-bookHotel.*its backlog quota is used up/),
    ).toBeVisible();
  }
});
