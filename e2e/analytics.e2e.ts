import { readFile } from "node:fs/promises";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { openAnalytics, resultCells, writeSql } from "./support/sql-editor.ts";
import { trip } from "./support/trip.ts";

const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

test("a query is typed with completion, run from the keyboard, seen as rows and as a chart", async ({
  page,
  product,
}) => {
  await product.startRun("bookTrip", trip("analytics-1"), "analytics-1");
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT sta");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /^status/ }).click();
  await page.keyboard.type(", count(*) AS runs FROM runs WHERE run_id = 'analytics-1' GROUP BY 1");
  await page.keyboard.press("Control+Enter");
  await expect(resultCells(page)).toHaveCount(2);
  await expect(page.getByText(/^1 row/)).toBeVisible();
  await expect(page).toHaveURL(/sql=SELECT/);
  await page.getByRole("button", { name: "Chart" }).click();
  await expect(page.getByRole("slider", { name: "Chart of the result" })).toHaveAttribute(
    "aria-valuetext",
    /runs 1/,
  );
  await page.reload();
  await expect(page.getByRole("textbox", { name: "SQL" })).toContainText("analytics-1");
});

test("a run id leads to its run", async ({ page, product }) => {
  await product.startRun("bookTrip", trip("analytics-2"), "analytics-2");
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT run_id, labels FROM runs WHERE run_id = 'analytics-2'");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("link", { name: "analytics-2" }).click();
  await expect(page).toHaveURL(/\/public\/default\/runs\/analytics-2/);
});

test("what can't be run says why, and marks where", async ({ page, product }) => {
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT\n  colour FROM runs");
  await page.keyboard.press("Control+Enter");
  await expect(
    page.getByRole("alert").filter({ hasText: "There is no column colour. Line 2, column 3." }),
  ).toBeVisible();
  await expect(page.locator(".cm-lintRange-error")).toHaveText("colour");
  await writeSql(page, "DELETE FROM runs");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").filter({ hasText: "Only statements that read" })).toBeVisible();
});

test("a slow query is cancelled, and goes with its page", async ({ page, product }) => {
  await openAnalytics(page, product.home);
  await writeSql(page, endless);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Running")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("The query was cancelled.")).toBeVisible();

  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Running")).toBeVisible();
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT 42 AS answer");
  await page.keyboard.press("Control+Enter");
  await expect(resultCells(page)).toHaveText(["42"]);
});

test("one query at a time: another tab's can be cancelled from here", async ({ page, product, context }) => {
  const other = await context.newPage();
  await openAnalytics(other, product.home);
  await writeSql(other, endless);
  await other.keyboard.press("Control+Enter");
  await expect(other.getByText("Running")).toBeVisible();
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT 43 AS answer");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Cancel the other query" }).click();
  await expect(resultCells(page)).toHaveText(["43"]);
  await expect(other.getByText("The query was cancelled.")).toBeVisible();
});

test("a query is saved, found again, changed and deleted", async ({ page, product }) => {
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT 'mine' AS whose");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill("My own query");
  await page.getByRole("button", { name: "Save the query" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await openAnalytics(page, product.home);
  await page.getByRole("button", { name: "My own query", exact: true }).click();
  await expect(resultCells(page)).toHaveText(["mine"]);
  await writeSql(page, "SELECT 'changed' AS whose");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Replace “My own query”" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await openAnalytics(page, product.home);
  await page.getByRole("button", { name: "My own query", exact: true }).click();
  await expect(resultCells(page)).toHaveText(["changed"]);
  await page.getByRole("button", { name: "Delete “My own query”" }).click();
  await page.getByRole("button", { name: "Delete the query" }).click();
  await expect(page.getByRole("button", { name: "My own query", exact: true })).toBeHidden();
});

test("two people who save one query see both versions, and a deleted one doesn't come back unasked", async ({
  page,
  browser,
  product,
}) => {
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT 'first' AS whose");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill("Shared query");
  await page.getByRole("button", { name: "Save the query" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const other = await (await browser.newContext()).newPage();
  await openAnalytics(other, product.home);
  await other.getByRole("button", { name: "Shared query", exact: true }).click();
  await writeSql(other, "SELECT 'theirs' AS whose");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await other.getByRole("button", { name: "Replace “Shared query”" }).click();
  await expect(other.getByRole("dialog")).toBeHidden();

  await expect(page.getByText(/saved another version of “Shared query” meanwhile/)).toBeVisible();
  await writeSql(page, "SELECT 'mine' AS whose");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Replace “Shared query”" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("SELECT 'theirs' AS whose");
  await expect(dialog).toContainText("SELECT 'mine' AS whose");
  await dialog.getByRole("button", { name: "Save yours under another name" }).click();
  await dialog.getByRole("button", { name: "Save the query" }).click();
  await expect(dialog).toBeHidden();
  await expect(other.getByRole("button", { name: "Shared query (2)", exact: true })).toBeVisible();

  await other.getByRole("button", { name: "Shared query (2)", exact: true }).click();
  await page.getByRole("button", { name: "Delete “Shared query (2)”" }).click();
  await page.getByRole("button", { name: "Delete the query" }).click();
  await expect(
    other.getByText("“Shared query (2)” was deleted meanwhile; what you have here stays."),
  ).toBeVisible();
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await other.getByRole("button", { name: "Replace “Shared query (2)”" }).click();
  await expect(other.getByRole("dialog")).toContainText(/deleted this query .*Nothing was saved/);
  await other.context().close();
});

test("the result is saved as CSV and as JSON", async ({ page, product }) => {
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT 'a \"b\", c' AS text, 1.5 AS number, NULL AS missing");
  await page.keyboard.press("Control+Enter");
  await expect(resultCells(page)).toHaveCount(3);
  const saved = async (name: string) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    return readFile(await (await download).path(), "utf8");
  };
  expect(await saved("CSV")).toBe('\ufefftext,number,missing\r\n"a ""b"", c",1.5,\r\n');
  expect(JSON.parse(await saved("JSON"))).toEqual([{ text: 'a "b", c', number: 1.5, missing: null }]);
});

test("ten thousand rows are as quick to look at as ten, and the limit is said", async ({ page, product }) => {
  await openAnalytics(page, product.home, "?rows=10000");
  await writeSql(
    page,
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, 'row ' || x AS name FROM n",
  );
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("The first 10,000 rows, there are more")).toBeVisible();
  expect(await page.getByRole("row").count()).toBeLessThan(80);
  await page
    .getByRole("table", { name: "Result" })
    .evaluate((table) => table.scrollTo({ top: table.scrollHeight }));
  await expect(page.getByText("row 10000")).toBeVisible();
});

test("a narrow window keeps queries and tables behind a button, and nothing runs off its side", async ({
  page,
  product,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAnalytics(page, product.home);
  const example = page.getByRole("button", { name: "Throughput by hour, last two days" });
  await expect(example).toBeHidden();
  await page.getByRole("button", { name: "Queries and tables" }).click();
  await example.click();
  await expect(example).toBeHidden();
  await expect(page.getByText(/ in .+ from /)).toBeVisible();
  const sideways = await page.locator("#content").evaluate((content) => content.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.describe.configure({ timeout: 240_000 });
    test.use({ colorScheme, reducedMotion: "reduce" });

    test("the page is accessible: with tables open, a result, a chart, an error, completions and a dialog", async ({
      page,
      product,
    }) => {
      const expectNoViolations = async () => {
        expect(await axeViolations(page)).toEqual([]);
      };
      await product.startRun("bookTrip", trip(`analytics-${colorScheme}`), `analytics-${colorScheme}`);
      await openAnalytics(page, product.home);
      await page.locator("summary").first().click();
      await expectNoViolations();
      await writeSql(
        page,
        "SELECT run_id, workflow, events, labels -- all\nFROM runs WHERE status <> 'x' LIMIT 5",
      );
      await page.keyboard.press("Control+Enter");
      await expect(resultCells(page).first()).toBeVisible();
      await expectNoViolations();
      await page.screenshot({ path: `test-results/analytics-${colorScheme}-table.png` });
      await page.getByRole("button", { name: "Chart" }).click();
      await expect(page.getByRole("slider", { name: "Chart of the result" })).toBeVisible();
      await expectNoViolations();
      await writeSql(page, "SELECT colour FROM runs");
      await page.keyboard.press("Control+Enter");
      await expect(page.locator(".cm-lintRange-error")).toBeVisible();
      await expectNoViolations();
      await writeSql(page, "SELECT ");
      await page.keyboard.press("Control+Space");
      await expect(page.getByRole("option").nth(20)).toBeAttached();
      await expectNoViolations();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await expect(page.getByRole("dialog", { name: "Save the query" })).toBeVisible();
      await expectNoViolations();
    });
  });
}
