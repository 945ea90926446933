import { readFile } from "node:fs/promises";
import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { connectedTo, type Product } from "./product.ts";

const bookRoom = job<number, string>("bookRoom", { retry: { maxAttempts: 1 } });
const booking = workflow("booking", async (run, guest: number) => run.job(bookRoom, guest));

export const mendingAnOutage =
  "after an outage, 500 stuck bookings are retried from their cause: a canary first, then all, though the tab is closed and the server killed in the middle";

/** @param page of this context; closed in the middle */
export async function mendOutage(product: Product, context: BrowserContext, page: Page): Promise<void> {
  const hotel = { isUp: false };
  const connection = connectedTo(product);
  const staff = worker({
    connection,
    workflows: [booking],
    isolation: "none",
    onProblem: () => {},
    jobs: {
      bookRoom: () => {
        if (!hotel.isUp) throw new TypeError("connect ECONNREFUSED 10.0.0.7:443");
        return "room";
      },
    },
  });
  try {
    await staff.ready;
    const guests = client({ connection });
    await Promise.all(
      Array.from({ length: 500 }, (_, guest) => guests.start(booking, guest, { runId: `guest-${guest}` })),
    );
    await page.goto(`${product.home}/attention`);
    await page.getByRole("button", { name: /bookRoom.*500 jobs/s }).click();
    await expect(page.getByText("the oldest 200 of 500")).toBeVisible();

    // The hotels are back. Only some know that at first.
    await page.getByRole("button", { name: "Retry all 500…" }).click();
    let dialog = page.getByRole("dialog", { name: "Retry 500 jobs" });
    await expect(dialog.getByRole("status")).toHaveText(
      "Exactly 500 jobs, each of which can be acted on now.",
    );
    await dialog.getByLabel("Reason").fill("The hotels say they are back.");
    await dialog.getByRole("button", { name: "Retry 500 jobs" }).click();
    await expect(page).toHaveURL(/\/bulk\/bulk-/);
    await expect(page.getByText("Held: needs you")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("5 of 5 outcomes are failures; at most 20 % were allowed.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Continue anyway" })).toBeVisible();

    // Whoever was not there when it held is told on the page of what needs people.
    await page.goto(`${product.home}/attention`);
    await page.getByRole("button", { name: /Bulk action held/ }).click();
    const cause = page.getByRole("region", { name: /The bulk action on “bookRoom.*” is held: 5 of 5/ });
    await cause.getByRole("link", { name: "Open the bulk action" }).click();
    await expect(page.getByText("Held: needs you")).toBeVisible();
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(
      page.getByRole("img", { name: "Of 500: 5 failed again, 495 not sent", exact: true }),
    ).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("Stopped", { exact: true })).toBeVisible();

    hotel.isUp = true;
    await page.goto(`${product.home}/attention`);
    await page.getByRole("button", { name: /bookRoom.*500 jobs/s }).click();
    await page.getByRole("button", { name: "Retry all 500…" }).click();
    dialog = page.getByRole("dialog", { name: "Retry 500 jobs" });
    await dialog.getByLabel("Reason").fill("Now they are.");
    await dialog.getByLabel("Rate").selectOption({ label: "At most 1,000 a minute" });
    await dialog.getByRole("button", { name: "Retry 500 jobs" }).click();
    await expect(page).toHaveURL(/\/bulk\/bulk-/);
    const address = page.url();
    // Of the canary all have recovered, and the others are on their way.
    await expect(page.getByText(/^(?:[1-3]\d\d|[6-9]\d) of 500 sent$/)).toBeVisible({ timeout: 60_000 });
    await page.close();
    product.kill("server");

    const later = await context.newPage();
    await expect(async () => {
      await later.goto(address);
      await expect(later.getByRole("heading", { name: "Retry of 500 jobs" })).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
    await expect(later.getByRole("img", { name: "Of 500: 500 recovered" })).toBeVisible({ timeout: 120_000 });
    await expect(later.getByText("Done", { exact: true })).toBeVisible();

    await later.getByRole("button", { name: "Export", exact: true }).click();
    const [file] = await Promise.all([
      later.waitForEvent("download"),
      later.getByRole("button", { name: /^CSV/ }).click(),
    ]);
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
    expect(lines.length).toBe(501);
    expect(lines.filter((line) => line.includes(",recovered,")).length).toBe(500);

    await later.getByRole("link", { name: "Attention" }).click();
    await expect(later.getByText("Nothing needs you")).toBeVisible();
    await later.getByRole("link", { name: "Bulk actions" }).click();
    // Other tests may have left bulk actions of their own.
    const bulks = later.getByRole("list", { name: "Bulk actions" }).getByRole("listitem");
    for (const reason of ["The hotels say they are back.", "Now they are."])
      await expect(bulks.filter({ hasText: reason })).toHaveCount(1);
  } finally {
    await staff.stop({ graceMs: 100 });
    await connection.close();
  }
}
