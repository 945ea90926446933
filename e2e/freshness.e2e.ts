import { expect, test } from "./support/fixtures.ts";

test("nothing is called live while a part that it depends on stands still, and the part is named", async ({
  page,
  product,
}) => {
  await page.goto(product.home);
  const stamp = page.getByTitle("How fresh this is, part by part");
  await expect(stamp).toContainText("live");
  // Its log and its decisions stop with it.
  const paused = product.pause("engine");
  try {
    await expect(stamp).not.toContainText(/\blive\b/, { timeout: 60_000 });
    await expect(stamp.getByRole("status")).toHaveClass(/text-stuck/);
    await stamp.click();
    const parts = page.getByRole("dialog", { name: "How fresh this is" });
    for (const name of ["This page", "Log", "Engine", "Read model", "Workers"])
      await expect(parts.getByText(name, { exact: true })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(stamp).toBeFocused();
  } finally {
    paused.resume();
  }
  await expect(stamp).toContainText("live", { timeout: 60_000 });
});

test("a page of a dashboard whose process has stopped says so, and comes by itself when it goes on", async ({
  page,
  product,
}) => {
  const paused = product.pause("web");
  try {
    await page.goto(`${product.home}/runs`, { waitUntil: "commit", timeout: 60_000 });
    await expect(page.getByRole("heading", { name: "The dashboard is starting…" })).toBeVisible();
  } finally {
    paused.resume();
  }
  await expect(page.getByRole("heading", { name: "Runs", level: 1 })).toBeVisible({ timeout: 60_000 });
});
