import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import type { Page } from "@playwright/test";
import { forgeHistory } from "../apps/server/test/forge-history.ts";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const runId = "T-damaged-1";

test("a damaged run is found among what needs a person, is repaired with the button, and completes", async ({
  page,
  product,
}) => {
  const log = openPulsarWebSocketLog({
    serviceUrl: product.logUrl,
    tenant: "public",
    namespace: product.namespace,
  });
  // It needs an approval, and so waits.
  await product.startRun("bookTrip", trip(runId, { amountCents: 400_000 }), runId);
  await page.goto(`${product.home}/runs/${runId}`);
  await expect(page.locator("header").getByText("Waiting")).toBeVisible();
  const sendApproval = page.getByRole("button", { name: "Send “approval”" });
  await expect(sendApproval).toBeVisible();

  const notice = page.getByRole("region", { name: "Set aside: its history is damaged" });
  await expect(async () => {
    // Another record may come between reading history and this one, which doesn't count then.
    const events = [{ type: "JobCompleted", jobId: "j99", output: "1", attempt: 1 }];
    await forgeHistory(log, { runId, seq: await nextSeq(page), events });
    await expect(notice).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await log.close();
  await expect(notice).toContainText("JobCompleted speaks of job j99, which is not open.");
  await expect(page.locator("header").getByText("Stuck")).toBeVisible();
  await expect(sendApproval).toBeHidden();
  await expect(page.getByRole("option", { name: "Signal “approval” Set aside" })).toBeVisible();

  await page.goto(`${product.home}/attention`);
  await page.getByRole("button", { name: /Damaged history/ }).click();
  await page.getByRole("link", { name: runId }).click();
  await notice.getByRole("button", { name: "Repair the run" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("a record that no engine wrote");
  await dialog.getByRole("button", { name: "Repair the run" }).click();
  await expect(notice).toBeHidden();

  await sendApproval.click();
  await dialog.getByRole("textbox", { name: "Payload" }).fill('{"approved":true,"by":"Ada"}');
  await dialog.getByRole("button", { name: "Send a signal" }).click();
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
});

/** Number of the event that would come next. */
async function nextSeq(page: Page): Promise<number> {
  const text = await page
    .getByText(/^\d+ events?$/)
    .first()
    .innerText();
  return Number.parseInt(text, 10) + 1;
}
