import { readFile } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { People } from "./support/people.ts";
import { type Product, startProduct } from "./support/product.ts";
import { trip } from "./support/trip.ts";

const patience = { timeout: 60_000 };
const people = new People();
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(480_000);
  people.add("ada", "--full-name", "Ada Lovelace", "--group", "admins");
  people.add("grace", "--full-name", "Grace Hopper", "--group", "admins");
  people.configure({ secondPerson: [{ terminate: true }] });
  product = await startProduct({ DOWNBEAT_ACCESS_FILE: people.accessFile });
});

test.afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  people[Symbol.dispose]();
});

async function signedIn(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${product.home}/runs`);
  await people.signIn(page, name);
  await expect(page).toHaveURL(`${product.home}/runs`);
  return page;
}

/** Asks for an approval of its own, and would hold the flight for long. */
const waiting = { amountCents: 900_000, holdMs: 3_600_000 };

async function start(page: Page, runId: string): Promise<void> {
  const data = { workflow: "bookTrip", input: JSON.stringify(trip(runId, waiting)), runId };
  const answer = await page.request.post(product.api("runs.start"), {
    data,
    headers: { origin: product.url },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function askToTerminate(page: Page, runId: string): Promise<void> {
  await page.goto(`${product.home}/runs/${runId}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("button", { name: "Terminate the run…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Terminating a run needs a second person here.");
  await dialog.getByLabel("Reason").fill("The hotel has closed.");
  await dialog.getByRole("button", { name: "Ask for approval" }).click();
  await expect(page.getByText("nothing is done until another person approves it")).toBeVisible(patience);
}

test("one asks, the other is told and approves, and both see that it is done", async ({ browser }) => {
  test.setTimeout(480_000);
  const [ada, grace] = [await signedIn(browser, "ada"), await signedIn(browser, "grace")];
  await start(ada, "trip-1");
  await askToTerminate(ada, "trip-1");
  await ada.goto(`${product.home}/approvals`);
  await expect(ada.getByText("You asked for it: another person must approve it.")).toBeVisible();
  await expect(ada.getByRole("button", { name: "Approve…" })).toHaveCount(0);

  // Grace looks at something else, and is told.
  await expect(grace.getByRole("link", { name: "Approvals 1" })).toBeVisible(patience);
  await grace.getByRole("link", { name: "Approvals 1" }).click();
  const request = grace.getByRole("listitem").filter({ hasText: "Terminate trip-1" });
  await expect(request).toContainText("The hotel has closed.");
  await request.getByRole("button", { name: "Approve…" }).click();
  const dialog = grace.getByRole("dialog");
  await expect(dialog).toContainText("Nothing is waited for and nothing is undone.");
  expect(await axeViolations(grace)).toEqual([]);
  await grace.screenshot({ path: test.info().outputPath("approve.png") });
  await dialog.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(request).toContainText("Approved and done", patience);

  // Ada hasn't touched her page.
  const own = ada.getByRole("listitem").filter({ hasText: "Terminate trip-1" });
  await expect(own).toContainText("Approved and done", patience);
  await expect(own).toContainText("Approved by Grace Hopper <local|grace>");
  await own.getByRole("link", { name: "Open the run" }).click();
  await expect(ada.getByText("(approved by Grace Hopper <local|grace>)").first()).toBeVisible(patience);
});

test("what is rejected isn't done, and who asked sees why", async ({ browser }) => {
  test.setTimeout(480_000);
  const [ada, grace] = [await signedIn(browser, "ada"), await signedIn(browser, "grace")];
  await start(grace, "trip-2");
  await askToTerminate(grace, "trip-2");
  await ada.goto(`${product.home}/approvals`);
  const request = ada.getByRole("listitem").filter({ hasText: "Terminate trip-2" });
  await request.getByRole("button", { name: "Reject…" }).click();
  const dialog = ada.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Reject", exact: true })).toBeDisabled();
  await dialog.getByLabel("Reason").fill("Cancel it instead: the flight is paid.");
  await dialog.getByRole("button", { name: "Reject", exact: true }).click();
  await expect(request).toContainText("Rejected", patience);
  await grace.goto(`${product.home}/approvals`);
  const own = grace.getByRole("listitem").filter({ hasText: "Terminate trip-2" });
  await expect(own).toContainText("Cancel it instead: the flight is paid.");
  await expect(own).toContainText("Rejected by Ada Lovelace <local|ada>");
  for (const [width, colorScheme] of [
    [390, "light"],
    [1_440, "dark"],
    [2_560, "light"],
  ] as const) {
    await grace.emulateMedia({ colorScheme });
    await grace.setViewportSize({ width, height: 900 });
    await grace.screenshot({ path: test.info().outputPath(`approvals-${width}-${colorScheme}.png`) });
  }

  // Whoever has to show what was approved gets all of it as a file.
  const download = grace.waitForEvent("download");
  await grace.getByRole("button", { name: "Export", exact: true }).click();
  await grace.getByRole("button", { name: /^JSON/ }).click();
  const json: unknown = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(json).toMatchObject({
    list: "approvals",
    isWhole: true,
    rows: expect.arrayContaining([
      expect.objectContaining({
        runId: "trip-2",
        status: "rejected",
        decision: expect.objectContaining({ reason: "Cancel it instead: the flight is paid." }),
      }),
    ]),
  });
});
