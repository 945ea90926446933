import { connect, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { expect, test } from "./support/fixtures.ts";
import type { Product } from "./support/product.ts";

const day = 86_400_000;

/** Nobody has the time to wait for it. */
const patient = workflow("patient", async (run) => {
  const until = run.now().getTime() + day;
  await run.sleepUntil(until);
  const isLate = run.now().getTime() >= until;
  const answer = await run.signal<string>("answer", { timeout: "2 days" });
  return { isLate, answer: answer ?? "none" };
});

test("a sleep is postponed and ended, a time-out is taken away, and the run tells the code that time has passed", async ({
  page,
  product,
}) => {
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
  await expect(told).toContainText("The wait has no time-out any more");
  await expect(page.getByText("Nothing is due that matches these filters")).toBeVisible();

  await staff.answer("patient-1", "yes");
  expect(await staff.result("patient-1")).toEqual({ isLate: true, answer: "yes" });
  await told.getByRole("link", { name: "Open the run" }).first().click();
  await expect(page.getByText("a week of holidays")).toBeVisible();
  await expect(page.getByText("they asked for more time")).toBeVisible();
});

test("a timer that has fired meanwhile is refused with when, and by whom", async ({ page, product }) => {
  await using staff = await openStaff(product);
  await staff.start("patient-2");
  await page.goto(`${product.home}/timers?run=patient-2`);
  await page.getByRole("button", { name: "Postpone the end of the sleep" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("not today");
  const response = await fetch(product.api("timers.fire"), {
    method: "POST",
    headers: { "content-type": "application/json", "x-downbeat": "1" },
    body: JSON.stringify({ runId: "patient-2", kind: "sleep", id: "t1", reason: "I was quicker" }),
  });
  expect(response.ok).toBe(true);
  await dialog.getByRole("button", { name: "Postpone the end of the sleep" }).click();
  await expect(page.getByRole("list", { name: "What you did to timers" })).toContainText(
    /Refused: The timer is over: it was fired at \S+ by \S+\./,
  );
});

test("what is due is found by kind, workflow and when, and the address says so", async ({ page, fake }) => {
  await page.goto(`${fake.home}/timers`);
  const table = page.getByRole("table", { name: "Timers and waits" });
  await expect(table.getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("button", { name: "Sleeps", exact: true }).click();
  await expect(page).toHaveURL(/kind=sleep/);
  await expect(table.getByText(/wait for/)).toHaveCount(0);
  await page.getByRole("button", { name: /^Due/ }).click();
  await page.getByRole("button", { name: "Overdue" }).click();
  await expect(page).toHaveURL(/due=overdue/);
  await page.getByRole("button", { name: "Clear the filters" }).first().click();
  await expect(page).toHaveURL(/\/timers$/);
  await page.keyboard.press("j");
  await expect(page.locator("[data-row='0']")).toBeFocused();
});

test("what becomes overdue while the page is open comes into its list", async ({ page, fake }) => {
  const until = new Set<string>();
  page.on("request", (request) => {
    const [, to] = /"to":(\d+)/.exec(decodeURIComponent(request.url())) ?? [];
    if (to !== undefined && request.url().includes("timers.list")) until.add(to);
  });
  await page.goto(`${fake.home}/timers?due=overdue`);
  // As often as runs change.
  await expect.poll(() => until.size).toBeGreaterThan(2);
});

async function openStaff(product: Product) {
  const connection = connect(product.logUrl, { logger: false });
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
