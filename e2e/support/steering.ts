import { workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { expect, type Page } from "@playwright/test";
import { connectedTo, type Product } from "./product.ts";

const day = 86_400_000;

/** Nobody has the time to wait for it. */
const patient = workflow("patient", async (run) => {
  const until = run.now().getTime() + day;
  await run.sleepUntil(until);
  const isLate = run.now().getTime() >= until;
  const answer = await run.signal<string>("answer", { timeout: "2 days" });
  return { isLate, answer: answer ?? "none" };
});

export const steering =
  "a sleep is postponed and ended, a time-out is taken away, and the run tells the code that time has passed";

export async function steerTimers(product: Product, page: Page): Promise<void> {
  await using staff = await openStaff(product);
  await staff.start("patient-1");
  await page.goto(`${product.home}/timers?workflow=patient`);
  const row = page.getByRole("row").filter({ hasText: "patient-1" });
  await expect(row).toContainText("The sleep ends and the run goes on");
  await expect(row).toContainText("in 23 h");

  await row.getByRole("button", { name: "Postpone the end of the sleep" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Postpone by").selectOption("7 days");
  await expect(dialog.getByText(/then it would be/)).toBeVisible();
  await dialog.getByLabel("Reason").fill("a week of holidays");
  await dialog.getByRole("button", { name: "Postpone the end of the sleep" }).click();
  const told = page.getByRole("list", { name: "What you did to timers" });
  await expect(told).toContainText("patient-1, t1: Postponed");
  await expect(row).not.toContainText("in 23 h");

  await row.getByRole("button", { name: "End the sleep now" }).click();
  await dialog.getByLabel("Reason").fill("the holidays are over");
  await dialog.getByRole("button", { name: "End the sleep now" }).click();
  await expect(told).toContainText("patient-1, t1: Fired");
  await expect(row).toContainText("The wait for answer ends without the signal");

  await row.getByRole("button", { name: "Let the wait for answer have no time-out" }).click();
  await dialog.getByLabel("Reason").fill("they asked for more time");
  await dialog.getByRole("button", { name: "Let the wait for answer have no time-out" }).click();
  await expect(told).toContainText("The wait no longer has a time-out");
  await expect(page.getByText("Nothing is due that matches these filters")).toBeVisible();

  await staff.answer("patient-1", "yes");
  expect(await staff.result("patient-1")).toEqual({ isLate: true, answer: "yes" });
  await told.getByRole("link", { name: "Open the run" }).first().click();
  await expect(page.getByText("a week of holidays")).toBeVisible();
  await expect(page.getByText("they asked for more time")).toBeVisible();
}

export async function openStaff(product: Product) {
  const connection = connectedTo(product);
  const host = worker({ connection, workflows: [patient], isolation: "none" });
  await host.ready;
  const shop = client({ connection, actor: "shop" });
  return {
    start: (runId: string) => shop.start(patient, undefined, { runId }),
    answer: (runId: string, answer: string) => shop.run(runId).signal("answer", answer),
    result: (runId: string) => shop.run(runId).result(),
    async [Symbol.asyncDispose]() {
      await host.stop();
      await connection.close();
    },
  };
}
