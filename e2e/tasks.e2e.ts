import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { Hands } from "./support/hands.ts";
import { type Product, startProduct } from "./support/product.ts";
import { documentedEffort, tasks } from "./support/task-page.ts";
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

/** Begins on the Overview; afterwards what was counted is what the page of tasks says. */
async function counted(
  task: string,
  page: Page,
  carryOut: (hands: Hands, warehouse: Warehouse) => Promise<void>,
): Promise<void> {
  await using warehouse = await Warehouse.open(product);
  await beginTask(task, page, product, warehouse);
  const hands = new Hands(page);
  await carryOut(hands, warehouse);
  expect({ clicks: hands.clicks, keys: hands.keys }).toEqual(documentedEffort(task));
}

async function goTo(hands: Hands, order: string): Promise<void> {
  const { page } = hands;
  await hands.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to a run, a page or an action" });
  await palette.getByRole("combobox").fill(order);
  await expect(palette.getByRole("option", { name: new RegExp(`run-of-${order}`) })).toBeVisible();
  await hands.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/run-of-${order}$`));
}

test("an order's run is found by the order's number", async ({ page }) => {
  await counted("find an order's run", page, (hands) => goTo(hands, "A-1001"));
});

test("a run says what it waits for, since when and until when", async ({ page }) => {
  await counted("explain a wait", page, async (hands) => {
    await goTo(hands, "A-1002");
    await expect(page.getByText(/waiting for .*picked-up/i).first()).toBeVisible();
  });
});

test("one stuck job is retried", async ({ page }) => {
  await counted("retry one job", page, async (hands, warehouse) => {
    warehouse.isUp = true;
    await hands.press("g a");
    await hands.click(page.getByRole("button", { name: "Retry pack" }).first());
    const dialog = page.getByRole("dialog");
    await hands.write(dialog.getByLabel("Reason"), "the machine works again");
    await hands.press("Control+Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByText("nothing waits for a person")).toBeVisible();
  });
});

test("a run is cancelled, and a sentence for the customer says so", async ({ page }) => {
  await counted("cancel a run and prove it", page, async (hands) => {
    await goTo(hands, "A-1005");
    await hands.click(page.getByRole("button", { name: "Cancel the run" }));
    const dialog = page.getByRole("dialog");
    await hands.write(dialog.getByLabel("Reason"), "the customer called");
    await hands.click(dialog.getByRole("button", { name: "Cancel the run" }));
    await expect(page.locator("header").getByText("Cancelled")).toBeVisible();
    await hands.click(page.getByRole("link", { name: "Case" }));
    await expect(page.getByText(/cancelled/i).first()).toBeVisible();
  });
});

test("who did what to a run is in the audit", async ({ page }) => {
  await counted("say who did what", page, async (hands) => {
    await goTo(hands, "A-1006");
    await hands.click(page.getByRole("link", { name: "In the audit" }).first());
    const entry = page
      .getByRole("table", { name: "What people did" })
      .getByRole("row")
      .filter({ hasText: "cancel a run" });
    await expect(entry).toContainText("the customer called");
  });
});

test("the last seven days stand beside those of a week ago", async ({ page }) => {
  await counted("this week against last week", page, async (hands) => {
    await hands.click(page.getByRole("button", { name: /Last hour/ }));
    await hands.click(page.getByRole("button", { name: "Last 7 days" }));
    await hands.choose(page.getByLabel("Compare"), "week");
    await expect(page.getByText(/^Compared with/)).toBeVisible();
  });
});

test("two runs are compared", async ({ page }) => {
  await counted("compare two runs", page, async (hands) => {
    await goTo(hands, "A-1008");
    await hands.click(page.getByRole("button", { name: "More", exact: true }));
    await hands.click(page.getByRole("link", { name: "Compare with another run" }));
    await hands.click(page.getByRole("button", { name: /run-of-A-1018/ }));
    await expect(page.getByRole("table", { name: "Steps of the two runs" })).toBeVisible();
  });
});

test("what is due next is one page away", async ({ page }) => {
  await counted("see what is due next", page, async (hands) => {
    await hands.press("g t");
    const timers = page.getByRole("table", { name: "Timers and waits" });
    await expect(timers.getByRole("row").filter({ hasText: "run-of-A-1009" })).toContainText("in 1 d");
  });
});

test("a run is started from the page", async ({ page }) => {
  await counted("start a run", page, async (hands) => {
    await hands.press("g r");
    await hands.click(page.getByRole("button", { name: "Start a run" }).first());
    const dialog = page.getByRole("dialog", { name: "Start a run" });
    await hands.choose(dialog.getByLabel("Workflow"), "parcel");
    await hands.clickAndWrite(dialog.getByRole("textbox", { name: /^Input/ }), '"A-1010"');
    await hands.click(dialog.getByRole("button", { name: "Start parcel" }));
    await expect(page).toHaveURL(/\/runs\/parcel-/);
    await expect(page.locator("header").getByText("Waiting")).toBeVisible();
  });
});

// Last: its orders fill every list.
test("all stuck jobs of a cause are retried, a canary first", async ({ page }) => {
  test.setTimeout(240_000);
  await counted("retry many safely", page, async (hands, warehouse) => {
    warehouse.isUp = true;
    await hands.press("g a");
    await hands.click(page.getByRole("button", { name: /pack.*40 jobs/s }));
    await hands.click(page.getByRole("button", { name: "Retry all 40…" }));
    const dialog = page.getByRole("dialog", { name: "Retry 40 jobs" });
    await expect(dialog.getByRole("status")).toContainText("Exactly 40 jobs");
    await hands.write(dialog.getByLabel("Reason"), "the machine works again");
    await hands.press("Control+Enter");
    await expect(page).toHaveURL(/\/bulk\/bulk-/);
    await expect(page.getByRole("img", { name: "Of 40: 40 recovered" })).toBeVisible({ timeout: 120_000 });
  });
});
