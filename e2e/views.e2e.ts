import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { knownWorkflow } from "./support/known-workflow.ts";
import { trip } from "./support/trip.ts";

test("a view keeps filter, order and columns, for all; it is found in the palette, renamed and deleted", async ({
  page,
  product,
  browser,
}) => {
  await knownWorkflow(product, "bookTrip");
  await product.startRun("bookTrip", trip("viewed-1"), "viewed-1");
  await page.goto(`${product.home}/runs?q=viewed`);
  const table = page.getByRole("table", { name: "Runs" });
  // By their end, open ones are not listed.
  const ended = table.getByRole("row").filter({ hasText: "viewed-1" }).filter({ hasText: "Completed" });
  await expect(ended).toHaveCount(1, { timeout: 60_000 });

  // Columns are chosen, moved, sized by keys, and the list is sorted along what the server has an index of.
  await page.getByRole("button", { name: "Columns" }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await columns.getByLabel("Workflow", { exact: true }).uncheck();
  await columns.getByLabel("Ended", { exact: true }).check();
  await columns.getByRole("button", { name: "Move Ended to the left" }).click();
  await expect(columns.getByLabel("Run", { exact: true })).toBeDisabled();
  await page.keyboard.press("Escape");
  const heads = table.getByRole("columnheader");
  await expect(heads).toHaveText(["Status", "Run", /^Why/, "Labels", "Started", "Ended", "Duration"]);
  await heads.getByRole("button", { name: "Ended" }).click();
  await expect(page).toHaveURL(/by=ended/);
  await expect(heads.nth(5)).toHaveAttribute("aria-sort", "descending");
  const handle = table.getByRole("separator", { name: "Width of Run" });
  await handle.focus();
  await page.keyboard.press("ArrowRight");
  await expect(handle).toHaveAttribute("aria-valuenow", "212");

  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Save this view…" }).click();
  let dialog = page.getByRole("dialog", { name: "Save this view" });
  await dialog.getByLabel("Name", { exact: true }).fill("Trips that ended");
  await dialog.getByLabel("For everybody on this namespace").check();
  await dialog.getByRole("button", { name: "Save the view" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/by=ended&view=/);
  const menu = page.getByRole("button", { name: "Trips that ended" });
  await expect(menu).toBeVisible();
  await expect(menu).not.toContainText("changed");
  expect(await axeViolations(page)).toEqual([]);

  // Somebody else, in another browser, by keys alone.
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${product.home}/system`);
  await expect(other.getByRole("heading", { name: "System" })).toBeVisible();
  await expect(async () => {
    await other.keyboard.press("Control+k");
    await expect(other.getByRole("dialog")).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await other.keyboard.type("trips that");
  await expect(other.getByRole("option", { name: "Trips that ended (Runs)" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await other.keyboard.press("Enter");
  await expect(other).toHaveURL(/\/runs\?q=viewed&by=ended&view=/);
  await expect(other.getByRole("table", { name: "Runs" }).getByRole("columnheader").nth(5)).toHaveText(
    "Ended",
  );
  await other.context().close();

  // What is changed is said, and saved under another name.
  const statuses = page.getByRole("group", { name: "Status", exact: true });
  await statuses.getByRole("button", { name: /^Completed\b/ }).click();
  await expect(menu).toContainText("changed");
  await menu.click();
  await page.getByRole("button", { name: "Save the changes, or rename…" }).click();
  dialog = page.getByRole("dialog", { name: "Change “Trips that ended”" });
  await dialog.getByLabel("Name", { exact: true }).fill("Completed trips");
  await dialog.getByRole("button", { name: "Save the changes" }).click();
  const renamed = page.getByRole("button", { name: "Completed trips" });
  await expect(renamed).toBeVisible();
  await expect(renamed).not.toContainText("changed");
  await expect(page).toHaveURL(/status=completed/);

  await renamed.click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete the view" }).click();
  await expect(page.getByRole("button", { name: "Views" })).toBeVisible();
  await expect(page).not.toHaveURL(/view=/);
});

test("two people who change one view see both, and a deleted one doesn't come back unasked", async ({
  page,
  product,
}) => {
  const found = async (name: string): Promise<{ id: string; version: number }> => {
    const { result } = await (await page.request.get(product.api("savedViews.list"))).json();
    return result.data.views.find((view: { readonly name: string }) => view.name === name);
  };
  const ours = { name: "Ours", shared: true, list: "timers", query: "kind=sleep" };
  await product.act("savedViews.save", ours);
  const { id, version } = await found("Ours");
  await page.goto(`${product.home}/timers?kind=sleep&view=${id}`);
  const dialog = page.getByRole("dialog");
  const change = async (name: string) => {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("button", { name: /^(Rename…|Save the changes, or rename…)$/ }).click();
    await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  };
  await change("Ours");
  const theirs = { ...ours, id, name: "Theirs", query: "kind=sleep%2Csignal&workflow=bookTrip" };
  await product.act("savedViews.save", { ...theirs, version });
  await dialog.getByRole("button", { name: "Save the changes" }).click();
  await expect(dialog.getByRole("alert")).toContainText("saved another version of “Theirs”");
  const [first, last] = [dialog.getByRole("figure").first(), dialog.getByRole("figure").last()];
  await expect(first).toContainText("“Theirs”, for everybody");
  await expect(first.locator("pre")).toHaveText("Kind: sleep, signal\nWorkflow: bookTrip");
  await expect(last).toContainText("Yours“Ours”, for everybody");
  await expect(last.locator("pre")).toHaveText("Kind: sleep");
  expect(await axeViolations(page)).toEqual([]);
  const rename = dialog.getByRole("button", { name: "Save yours under another name" });
  await expect(rename).toBeFocused();
  await rename.click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("Ours (2)");
  await dialog.getByRole("button", { name: "Save the view" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Ours (2)", exact: true })).toBeVisible();

  // Theirs is opened in its place, or replaced.
  const { id: second, version: since } = await found("Ours (2)");
  await change("Ours (2)");
  await product.act("savedViews.save", { ...theirs, id: second, version: since, name: "Ours (2)" });
  await dialog.getByRole("button", { name: "Save the changes" }).click();
  await dialog.getByRole("button", { name: /^Open .*’s$/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/kind=sleep%2Csignal&workflow=bookTrip&view=/);
  await change("Ours (2)");
  await dialog.getByLabel("Name", { exact: true }).fill("Ours for good");
  await product.act("savedViews.save", { ...ours, id: second, version: since + 1 });
  await dialog.getByRole("button", { name: "Save the changes" }).click();
  await dialog.getByRole("button", { name: /^Replace .*’s$/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Ours for good", exact: true })).toBeVisible();

  await change("Ours for good");
  await product.act("savedViews.delete", { id: second, version: since + 3 });
  await dialog.getByRole("button", { name: "Save the changes" }).click();
  await expect(dialog.getByRole("alert")).toContainText(/deleted this view .*Nothing was saved/);
  await dialog.getByRole("button", { name: "Save yours as a new view" }).click();
  await dialog.getByRole("button", { name: "Save the view" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Ours for good", exact: true })).toBeVisible();
  expect((await found("Ours for good")).id).not.toBe(second);
});

test("the palette finds settings and says why an entry can't be used", async ({ page, product }) => {
  await page.goto(`${product.home}/owed?workflow=nobody-has-it`);
  await expect(page.getByText("Nothing is owed that matches these filters")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("export owed as csv");
  const refused = page.getByRole("option", { name: /Export Owed as CSV.*No matches\./ });
  await expect(refused).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(refused).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("times in utc");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Times of UTC. Change" })).toBeVisible();
});
