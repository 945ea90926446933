import { expect, type Page } from "@playwright/test";
import type { Product } from "./product.ts";
import type { Warehouse } from "./warehouse.ts";

type Situation = (warehouse: Warehouse, product: Product) => Promise<unknown>;

const ordered =
  (...orders: readonly string[]): Situation =>
  (warehouse) =>
    warehouse.order(...orders);

/** Its machine is out of order. */
const stuck =
  (...orders: readonly string[]): Situation =>
  async (warehouse) => {
    warehouse.isUp = false;
    await warehouse.order(...orders);
  };

/** What there is when a task begins, by the task's name in `docs/tasks.md`. */
const situations: Readonly<Record<string, Situation>> = {
  "find an order's run": ordered("A-1001"),
  "explain a wait": ordered("A-1002"),
  "retry one job": stuck("A-1003"),
  "retry many safely": stuck(...Array.from({ length: 40 }, (_, index) => `B-${1_000 + index}`)),
  "cancel a run and prove it": ordered("A-1005"),
  "say who did what": async (warehouse, product) => {
    await warehouse.order("A-1006");
    await product.act("runs.cancel", { runId: "run-of-A-1006", reason: "the customer called" });
  },
  "this week against last week": ordered("A-1007"),
  "compare two runs": ordered("A-1008", "A-1018"),
  "see what is due next": ordered("A-1009"),
  "start a run": async () => {},
};

/** Ends on the Overview, with the task before one. */
export async function beginTask(
  task: string,
  page: Page,
  product: Product,
  warehouse: Warehouse,
): Promise<void> {
  const prepare = situations[task];
  if (prepare === undefined) throw new Error(`Nothing is prepared for the task ${JSON.stringify(task)}.`);
  await prepare(warehouse, product);
  await page.goto(product.home);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
}
