import { startFakeProduct } from "./support/fake-product.ts";
import { expect, test } from "./support/fixtures.ts";

const entry = (index: number) => ({
  topic: `history-partition-${index}`,
  position: `CAESBAgBEAE-${index}`,
  at: Date.now() - 90_000 * (index + 1),
  reason: "It is no record of history that this version can read.",
  runIds: index === 0 ? ["booking-600194007", "booking-600194008"] : [],
});

test("a record that is left out of history is told above every page, listed, and told no more once it was seen", async ({
  page,
}) => {
  await using product = await startFakeProduct({ history: 50, everyMs: 0, bigRunJobs: 0 });
  product.haveTrouble({ leftOut: [entry(0)] });
  await page.goto(`${product.home}/runs`);
  const told = page.getByText(/record of history can't be used: what it told is missing here/);
  await expect(told).toBeVisible();
  await page.getByRole("link", { name: "See what was left out" }).click();
  await expect(page.getByRole("heading", { name: "Left out of history" })).toBeVisible();
  await expect(page.getByText("It is no record of history that this version can read.")).toBeVisible();
  await expect(page.getByRole("link", { name: "booking-600194008" })).toBeVisible();

  await page.getByRole("button", { name: "Hide until there are more" }).click();
  await expect(told).toBeHidden();
  await page.reload();
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await expect(told).toBeHidden();
  product.haveTrouble({ leftOut: [entry(0), entry(1)] });
  await expect(page.getByText(/2 records of history can't be used: what they told is missing/)).toBeVisible();
});
