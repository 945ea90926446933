import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { resent } from "./support/resent.ts";

/** Nothing that stands in data breaks a page. What the server says is altered on its way, so that everything at once is odd. */

const oddTimes = [-62_167_219_200_000, 253_402_300_800_000, 8.64e15, 8.64e15 + 1, -1e300, 1e300, 0.5];
const oddNumbers = [0, -1, 0.1, 1e21, 1e300, 9_007_199_254_740_992];
const oddTexts = ["100%", "%E0%A4%A", "__proto__", "\u202e\ud800\u0000", "x".repeat(3_000), "", "<b>&amp;"];

const timeFields =
  /"(at|to|from|since|startedAt|endedAt|updatedAt|requestedAt|dueAt|retryAt|completeTo)":\d+/g;
const numberFields =
  /"(started|completed|failed|cancelled|stuck|running|waiting|p50|p95|p99|count|runs|attempt|maxAttempts|successRate|failedAttempts|rejected|backlog)":[\d.]+/g;
const textFields =
  /"(workflow|jobType|name|message|sentence|why|status|shown|kind|actor|worker|reason)":"[^"]*"/g;

async function alter(page: Page, procedure: string, change: (body: string) => string): Promise<void> {
  await page.route(`**/trpc/*/*/${procedure}*`, async (route) => {
    const answer = await route.fetch(resent);
    await route.fulfill({ response: answer, body: change(await answer.text()) });
  });
}

function oneOf(values: readonly unknown[]): (text: string, field: string) => string {
  let next = 0;
  return (_, field) => `"${field}":${JSON.stringify(values[next++ % values.length])}`;
}

const oddities: readonly [what: string, change: (body: string) => string][] = [
  ["times", (body) => body.replaceAll(timeFields, oneOf(oddTimes))],
  ["numbers", (body) => body.replaceAll(numberFields, oneOf(oddNumbers))],
  ["texts", (body) => body.replaceAll(textFields, oneOf(oddTexts))],
];

for (const [what, change] of oddities) {
  test(`odd ${what} break no page, table or chart`, async ({ page, fake }) => {
    await page.goto(`${fake.home}/runs?status=stuck&q=bookhotel`);
    const link = page.getByRole("link", { name: /booking-/ }).first();
    const run = `/runs/${(await link.getAttribute("title")) ?? ""}`;
    for (const procedure of ["overview.get", "runs.", "attention.", "quarantine.", "workers."])
      await alter(page, procedure, change);
    for (const path of ["", "/runs", run, "/attention", "/quarantine"]) {
      await page.goto(`${fake.home}${path}`);
      await expect(page.getByRole("heading", { level: 1 }), path).toBeVisible();
      await expect(page.getByText(/live|behind|reconnecting/).first(), path).toBeVisible();
      await expect(page.locator("#content .skeleton"), path).toHaveCount(0);
      await expect(page.getByRole("alert").filter({ hasText: /fault|can't be shown/ }), path).toHaveCount(0);
    }
  });
}

test("what a panel can't show breaks that panel, and nothing beside it", async ({ browser, fake }) => {
  // React tells the console of the fault, as it should.
  const page = await browser.newPage();
  await page.goto(`${fake.home}/runs?status=stuck&q=bookhotel`);
  const link = page.getByRole("link", { name: /booking-/ }).first();
  const run = `/runs/${(await link.getAttribute("title")) ?? ""}`;
  await page.route("**/trpc/*/*/events?*", (route) => route.abort());
  // A part of an answer that is of another shape than was agreed on, as of a server that is much newer.
  await alter(page, "runs.get", (body) => body.replaceAll(/"attempts":\[/g, '"attempts":null,"was":['));
  await page.goto(`${fake.home}${run}`);
  await expect(page.getByText("The timeline can't be shown.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("booking-");
  await expect(page.getByText("Input and output")).toBeVisible();
  await expect(
    page.getByRole("button", { name: /RunStarted|started bookTrip|bookTrip started/ }).first(),
  ).toBeVisible();

  await page.unroute("**/trpc/*/*/runs.get*");
  await page.reload();
  await expect(page.getByRole("region", { name: "Timeline" })).toBeVisible();
  await page.close();
});
