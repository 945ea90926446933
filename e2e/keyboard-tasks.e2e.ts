import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { Keys } from "./support/keys.ts";
import { type Product, startProduct } from "./support/product.ts";
import { noteStrokes, tasks } from "./support/task-page.ts";
import { beginTask } from "./support/task-situations.ts";
import { Warehouse } from "./support/warehouse.ts";

// Of its own: what other tests leave behind would be in the lists.
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  product = await startProduct({});
});

test.afterAll(() => product?.[Symbol.asyncDispose]());

test("each of the tasks is tried here", () => {
  const source = readFileSync(import.meta.filename, "utf8");
  expect(tasks().filter((task) => !source.includes(`"${task}",`))).toEqual([]);
});

/** Begins on the Overview; no mouse is there at all. Afterwards what was counted is what the page of tasks says. */
async function counted(
  task: string,
  page: Page,
  carryOut: (keys: Keys, warehouse: Warehouse) => Promise<void>,
): Promise<void> {
  await using warehouse = await Warehouse.open(product);
  await beginTask(task, page, product, warehouse);
  const keys = new Keys(page);
  await carryOut(keys, warehouse);
  noteStrokes(task, keys.count);
}

const palette = (page: Page) => page.getByRole("dialog", { name: "Go to a run, a page or an action" });

async function goTo(keys: Keys, order: string): Promise<void> {
  const { page } = keys;
  await keys.press("Control+k");
  await keys.write(palette(page).getByRole("combobox"), order);
  await expect(palette(page).getByRole("option", { name: new RegExp(`run-of-${order}`) })).toBeVisible();
  await keys.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/run-of-${order}$`));
}

/** What the palette offers by these words. */
async function command(keys: Keys, words: string, name: RegExp): Promise<void> {
  const { page } = keys;
  await keys.press("Control+k");
  await keys.write(palette(page).getByRole("combobox"), words);
  await expect(palette(page).getByRole("option", { selected: true })).toHaveAccessibleName(name);
  await keys.press("Enter");
  await expect(palette(page)).toBeHidden();
}

test("an order's run is found by the order's number", async ({ page }) => {
  await counted("find an order's run", page, async (keys) => {
    await goTo(keys, "A-1001");
    await expect(page.locator("header").getByText("Waiting")).toBeVisible();
    // And from there keys lead on, and back.
    await keys.page.goBack();
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
    await page.keyboard.press("Tab");
    await keys.seesFocus();
  });
});

test("a run says what it waits for, since when and until when", async ({ page }) => {
  await counted("explain a wait", page, async (keys) => {
    await goTo(keys, "A-1002");
    await expect(page.getByText(/waiting for .*picked-up/i).first()).toBeVisible();
  });
});

test("one stuck job is retried", async ({ page }) => {
  await counted("retry one job", page, async (keys, warehouse) => {
    warehouse.isUp = true;
    await keys.press("g a");
    await expect(page.getByRole("button", { name: "Retry pack" }).first()).toBeVisible();
    await keys.press("r");
    const dialog = page.getByRole("dialog");
    await keys.write(dialog.getByLabel("Reason"), "the machine works again");
    await keys.seesFocus();
    await keys.press("Control+Enter");
    await expect(dialog).toBeHidden();
    await keys.hasPlace();
    await expect(page.getByText("nothing waits for a person")).toBeVisible();
  });
});

test("a run is cancelled, and a sentence for the customer says so", async ({ page }) => {
  await counted("cancel a run and prove it", page, async (keys) => {
    await goTo(keys, "A-1005");
    await expect(page.getByRole("button", { name: "Cancel the run" })).toBeEnabled();
    await command(keys, "cancel the run", /Cancel the run/);
    const dialog = page.getByRole("dialog", { name: "Cancel the run" });
    await keys.write(dialog.getByLabel("Reason"), "the customer called");
    await keys.tabTo(dialog.getByRole("button", { name: "Cancel the run" }));
    await keys.press("Enter");
    await expect(dialog).toBeHidden();
    await keys.hasPlace();
    await expect(page.locator("header").getByText("Cancelled")).toBeVisible();
    await keys.press("p");
    await expect(page.getByText(/cancelled/i).first()).toBeVisible();
  });
});

test("who did what to a run is in the audit", async ({ page }) => {
  await counted("say who did what", page, async (keys) => {
    await goTo(keys, "A-1006");
    await expect(page.getByRole("link", { name: "In the audit" }).first()).toBeVisible();
    await command(keys, "audit", /Who did what to this run, in the audit/);
    const entry = page
      .getByRole("table", { name: "What people did" })
      .getByRole("row")
      .filter({ hasText: "cancel a run" });
    await expect(entry).toContainText("the customer called");
  });
});

test("the last seven days stand beside those of a week ago", async ({ page }) => {
  await counted("this week against last week", page, async (keys) => {
    await command(keys, "7 days", /Show the last 7 days/);
    await expect(page.getByRole("button", { name: "Last 7 days" })).toBeVisible();
    await keys.hasPlace();
    await command(keys, "week ago", /Compare against a week ago/);
    await expect(page.getByText(/^Compared with/)).toBeVisible();
    await keys.hasPlace();
  });
});

test("two runs are compared", async ({ page }) => {
  await counted("compare two runs", page, async (keys) => {
    await goTo(keys, "A-1008");
    await expect(page.getByRole("button", { name: "More", exact: true })).toBeVisible();
    await command(keys, "compare", /Compare with another run/);
    await keys.write(page.getByRole("region", { name: "Choose a run" }).getByRole("textbox"), "A-1018");
    await expect(page.getByRole("button", { name: "Take the run “run-of-A-1018”" })).toBeVisible();
    await keys.press("Enter");
    await expect(page.getByRole("table", { name: "Steps of the two runs" })).toBeVisible();
  });
});

test("what is due next is one page away", async ({ page }) => {
  await counted("see what is due next", page, async (keys) => {
    await keys.press("g t");
    const timers = page.getByRole("table", { name: "Timers and waits" });
    await expect(timers.getByRole("row").filter({ hasText: "run-of-A-1009" })).toContainText("in 1 d");
  });
});

test("a run is started from the page", async ({ page }) => {
  await counted("start a run", page, async (keys) => {
    await keys.press("g r");
    await expect(page.getByRole("button", { name: "Start a run" }).first()).toBeEnabled();
    await keys.press("n");
    const dialog = page.getByRole("dialog", { name: "Start a run" });
    await expect(dialog.getByLabel("Workflow")).toBeFocused();
    await keys.seesFocus();
    // The first letters choose.
    await page.keyboard.type("parcel");
    await expect(dialog.getByLabel("Workflow")).toHaveValue("parcel");
    const input = dialog.getByRole("textbox", { name: /^Input/ });
    await keys.tabTo(input);
    await keys.press("Control+a");
    await keys.write(input, '"A-1010"');
    await keys.press("Control+Enter");
    await expect(page).toHaveURL(/\/runs\/parcel-/);
    await expect(page.locator("header").getByText("Waiting")).toBeVisible();
  });
});

// Last: its orders fill every list.
test("all stuck jobs of a cause are retried, a canary first", async ({ page }) => {
  test.setTimeout(240_000);
  await counted("retry many safely", page, async (keys, warehouse) => {
    warehouse.isUp = true;
    await keys.press("g a");
    await expect(page.getByRole("button", { name: "Retry all 40…" })).toBeVisible();
    await keys.press("a");
    const dialog = page.getByRole("dialog", { name: "Retry 40 jobs" });
    await expect(dialog.getByRole("status")).toContainText("Exactly 40 jobs");
    await keys.write(dialog.getByLabel("Reason"), "the machine works again");
    await keys.press("Control+Enter");
    await expect(page).toHaveURL(/\/bulk\/bulk-/);
    await expect(page.getByRole("img", { name: "Of 40: 40 recovered" })).toBeVisible({ timeout: 120_000 });
  });
});
