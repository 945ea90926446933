import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

async function open(page: Page, url: string, query = ""): Promise<void> {
  await page.goto(`${url}/public/default/analytics${query}`);
  await expect(page.getByRole("textbox", { name: "SQL" })).toBeVisible();
}

async function write(page: Page, sql: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: "SQL" });
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(sql);
}

const cells = (page: Page) => page.getByRole("table", { name: "Result" }).getByRole("cell");

test("a query is typed with completion, run from the keyboard, seen as rows and as a chart", async ({
  page,
  product,
}) => {
  await product.startRun("bookTrip", trip("analytics-1"), "analytics-1");
  await open(page, product.url);
  await write(page, "SELECT sta");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /^status/ }).click();
  await page.keyboard.type(", count(*) AS runs FROM runs WHERE run_id = 'analytics-1' GROUP BY 1");
  await page.keyboard.press("Control+Enter");
  await expect(cells(page)).toHaveCount(2);
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
  await open(page, product.url);
  await write(page, "SELECT run_id, labels FROM runs WHERE run_id = 'analytics-2'");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("link", { name: "analytics-2" }).click();
  await expect(page).toHaveURL(/\/public\/default\/runs\/analytics-2/);
});

test("what can't be run says why, and marks where", async ({ page, product }) => {
  await open(page, product.url);
  await write(page, "SELECT\n  colour FROM runs");
  await page.keyboard.press("Control+Enter");
  await expect(
    page.getByRole("alert").filter({ hasText: "There is no column colour. Line 2, column 3." }),
  ).toBeVisible();
  await expect(page.locator(".cm-lintRange-error")).toHaveText("colour");
  await write(page, "DELETE FROM runs");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").filter({ hasText: "Only statements that read" })).toBeVisible();
});

test("a slow query is cancelled, and goes with its page", async ({ page, product }) => {
  await open(page, product.url);
  await write(page, endless);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Running")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("The query was cancelled.")).toBeVisible();

  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Running")).toBeVisible();
  await open(page, product.url);
  await write(page, "SELECT 42 AS answer");
  await page.keyboard.press("Control+Enter");
  await expect(cells(page)).toHaveText(["42"]);
});

test("one query at a time: another tab's can be cancelled from here", async ({ page, product, context }) => {
  const other = await context.newPage();
  await open(other, product.url);
  await write(other, endless);
  await other.keyboard.press("Control+Enter");
  await expect(other.getByText("Running")).toBeVisible();
  await open(page, product.url);
  await write(page, "SELECT 43 AS answer");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Cancel the other query" }).click();
  await expect(cells(page)).toHaveText(["43"]);
  await expect(other.getByText("The query was cancelled.")).toBeVisible();
});

test("a query is saved, found again, changed and deleted", async ({ page, product }) => {
  await open(page, product.url);
  await write(page, "SELECT 'mine' AS whose");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill("My own query");
  await page.getByRole("button", { name: "Save the query" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await open(page, product.url);
  await page.getByRole("button", { name: "My own query", exact: true }).click();
  await expect(cells(page)).toHaveText(["mine"]);
  await write(page, "SELECT 'changed' AS whose");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Replace “My own query”" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await open(page, product.url);
  await page.getByRole("button", { name: "My own query", exact: true }).click();
  await expect(cells(page)).toHaveText(["changed"]);
  await page.getByRole("button", { name: "Delete “My own query”" }).click();
  await page.getByRole("button", { name: "Delete the query" }).click();
  await expect(page.getByRole("button", { name: "My own query", exact: true })).toBeHidden();
});

test("the result is saved as CSV and as JSON", async ({ page, product }) => {
  await open(page, product.url);
  await write(page, "SELECT 'a \"b\", c' AS text, 1.5 AS number, NULL AS missing");
  await page.keyboard.press("Control+Enter");
  await expect(cells(page)).toHaveCount(3);
  const saved = async (name: string) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    return readFile(await (await download).path(), "utf8");
  };
  expect(await saved("CSV")).toBe('text,number,missing\r\n"a ""b"", c",1.5,\r\n');
  expect(JSON.parse(await saved("JSON"))).toEqual([{ text: 'a "b", c', number: 1.5, missing: null }]);
});

test("ten thousand rows are as quick to look at as ten, and the limit is said", async ({ page, product }) => {
  await open(page, product.url, "?rows=10000");
  await write(
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

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.describe.configure({ timeout: 240_000 });
    test.use({ colorScheme, reducedMotion: "reduce" });

    test("the page is accessible: with tables open, a result, a chart, an error, completions and a dialog", async ({
      page,
      product,
    }) => {
      const expectNoViolations = async () => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n  ")}`),
        ).toEqual([]);
      };
      await product.startRun("bookTrip", trip(`analytics-${colorScheme}`), `analytics-${colorScheme}`);
      await open(page, product.url);
      await page.locator("summary").first().click();
      await expectNoViolations();
      await write(
        page,
        "SELECT run_id, workflow, events, labels -- all\nFROM runs WHERE status <> 'x' LIMIT 5",
      );
      await page.keyboard.press("Control+Enter");
      await expect(cells(page).first()).toBeVisible();
      await expectNoViolations();
      await page.screenshot({ path: `test-results/analytics-${colorScheme}-table.png` });
      await page.getByRole("button", { name: "Chart" }).click();
      await expect(page.getByRole("slider", { name: "Chart of the result" })).toBeVisible();
      await expectNoViolations();
      await write(page, "SELECT colour FROM runs");
      await page.keyboard.press("Control+Enter");
      await expect(page.locator(".cm-lintRange-error")).toBeVisible();
      await expectNoViolations();
      // One option: a list that scrolls is moved by the editor's arrow keys, which axe can't know.
      await write(page, "SELECT run_i");
      await page.keyboard.press("Control+Space");
      await expect(page.getByRole("option").first()).toBeVisible();
      await expectNoViolations();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await expect(page.getByRole("dialog", { name: "Save the query" })).toBeVisible();
      await expectNoViolations();
    });
  });
}
