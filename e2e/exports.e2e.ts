import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures.ts";
import { knownWorkflow } from "./support/known-workflow.ts";
import { trip } from "./support/trip.ts";

test("the list of runs is exported whole by its filter, with progress, while other pages are looked at", async ({
  page,
  product,
}) => {
  await knownWorkflow(product, "bookTrip");
  const ids = Array.from({ length: 60 }, (_, number) => `exported-${number}`);
  for (const runId of ids) await product.startRun("bookTrip", trip(runId), runId);
  await page.goto(`${product.home}/runs?q=exported`);
  await expect(page.getByText("60 runs")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^CSV/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^runs-exported-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.csv$/);
  const text = await readFile(await file.path(), "utf8");
  const [head, ...lines] = text.trimEnd().split("\r\n");
  expect(head).toContain("run,workflow,status");
  expect(new Set(lines.map((line) => line.split(",", 1)[0]))).toEqual(new Set(ids));

  const exports = page.getByRole("list", { name: "Exports" });
  await expect(exports).toContainText(/^runs-exported-\S+\.csv is saved: 60 rows/);
  // It is still told of on another page.
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page.getByRole("heading", { name: "System" })).toBeVisible();
  await expect(exports).toContainText("is saved: 60 rows");
  await exports.getByRole("button", { name: "Hide the export of Runs" }).click();
  await expect(exports.getByRole("listitem")).toHaveCount(0);
});

test("an export is cancelled, and begun from the palette by keys alone", async ({ page, product }) => {
  await knownWorkflow(product, "bookTrip");
  await product.startRun("bookTrip", trip("palette-1"), "palette-1");
  await page.goto(`${product.home}/runs?q=palette-1`);
  await expect(page.getByText("1 run", { exact: true })).toBeVisible();
  // One that does not come to an end by itself.
  const asked = Promise.withResolvers<void>();
  const isHeld = new Set<string>();
  await page.route("**/lists.export*", async (route) => {
    if (isHeld.size > 0) return route.continue();
    isHeld.add(route.request().url());
    asked.resolve();
  });
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("button", { name: /^JSON/ }).click();
  await asked.promise;
  const exports = page.getByRole("list", { name: "Exports" });
  await exports.getByRole("button", { name: "Cancel" }).click();
  await expect(exports).toContainText("The export of Runs was cancelled. Nothing is saved.");

  const download = page.waitForEvent("download");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("export runs as json");
  await page.keyboard.press("Enter");
  const json: unknown = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(json).toMatchObject({ list: "runs", isWhole: true, count: 1, rows: [{ runId: "palette-1" }] });
});

test("where there is nothing to export, the button says so", async ({ page, product }) => {
  await page.goto(`${product.home}/owed?workflow=nobody-has-it`);
  const button = page.getByRole("button", { name: "Export", exact: true });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(button).toHaveAccessibleDescription("No matches.");
});
