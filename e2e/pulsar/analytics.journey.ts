import { expect, type Page, test } from "@playwright/test";
import { newNamespace } from "../../scripts/lib/pulsar-namespace.ts";
import { serversOf } from "../../scripts/pulsar/suite/servers.ts";
import { type Product, startProduct } from "../support/product.ts";
import { openAnalytics, resultCells, sqlEditor, writeSql } from "../support/sql-editor.ts";
import { trip } from "../support/trip.ts";

/** On the servers of `npm run test:pulsar`: somebody asks questions of their own of the log and of the read model. */

const runId = "T-analytics-1";
const isOver = "count_if(e.type = 'RunCompleted')";
const events = `SELECT d.run_id, ${isOver} AS completed FROM history h
CROSS JOIN UNNEST(h.decisions) AS d (run_id, workflow, input_id, seq, events)
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type))) AS e (type)
WHERE d.run_id = '${runId}' GROUP BY 1 HAVING ${isOver} > 0`;
// Named for this time, as Trino remembers what was asked before.
const slow = `SELECT count(*) AS slowly_${Date.now()} FROM UNNEST(sequence(1, 9999)) CROSS JOIN UNNEST(sequence(1, 9999)) CROSS JOIN UNNEST(sequence(1, 9999))`;

let product: Product;
let pulsarSql: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const servers = serversOf(process.env);
  if (servers === undefined)
    throw new Error("Run `npm run test:pulsar`, which starts Pulsar and Pulsar SQL.");
  pulsarSql = servers.pulsarSql;
  const fates = { TRAVEL_FAILURE_RATE: "0", TRAVEL_REJECTION_RATE: "0", TRAVEL_OUTAGE_RATE: "0" };
  product = await startProduct(
    { ...fates, TRAVEL_SLOWNESS_MS: "50" },
    {
      pulsar: servers.pulsar,
      namespace: await newNamespace(servers.pulsar, "analytics"),
      options: ["--pulsar-sql", pulsarSql],
    },
  );
});

test.afterAll(() => product?.[Symbol.asyncDispose]());

const source = (page: Page) => page.getByLabel("Where it is asked");

test("a booking is found by Pulsar SQL and, in another dialect, in the read model; only examples change with the source", async ({
  page,
}) => {
  await product.startRun("bookTrip", trip(runId), runId);
  await openAnalytics(page, product.home);
  await expect(sqlEditor(page)).toContainText("FROM history");
  await expect(
    page.getByRole("group", { name: "history" }).or(page.locator("summary")).first(),
  ).toBeVisible();
  await source(page).selectOption("readModel");
  await expect(sqlEditor(page)).toContainText("FROM run_figures");
  await source(page).selectOption("pulsarSql");
  await expect(sqlEditor(page)).toContainText("FROM history");
  await writeSql(page, events);
  await expect(async () => {
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.getByText(/^1 row/)).toBeVisible({ timeout: 20_000 });
  }).toPass({ timeout: 120_000 });
  await expect(resultCells(page).filter({ hasText: runId })).toBeVisible();

  await source(page).selectOption("readModel");
  await expect(sqlEditor(page)).toContainText("FROM history");
  await writeSql(page, `SELECT status FROM runs WHERE run_id = '${runId}'`);
  await page.keyboard.press("Control+Enter");
  await expect(resultCells(page)).toHaveText(["completed"]);
});

test("a slow query says how far it is, and is over at Trino when it is cancelled", async ({ page }) => {
  await openAnalytics(page, product.home);
  await writeSql(page, slow);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^Running/)).toBeVisible();
  await expect.poll(() => statesAtTrino()).toEqual(["RUNNING"]);
  await page.keyboard.press("Escape");
  await expect(page.getByText("The query was cancelled.")).toBeVisible();
  await expect.poll(() => statesAtTrino()).toEqual(["FAILED"]);
});

test("a mistake is said and marked where it stands", async ({ page }) => {
  await openAnalytics(page, product.home);
  await writeSql(page, "SELECT kind,\n  colour FROM history");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Column 'colour' cannot be resolved. Line 2, column 3.")).toBeVisible();
  await expect(page.locator(".cm-lintRange-error")).toHaveText("colour");
});

/** Of the slow query, not of the plan that was asked for before it. */
async function statesAtTrino(): Promise<string[]> {
  const answer = await fetch(`${pulsarSql}/v1/query`, { headers: { "X-Trino-User": "journey" } });
  const queries: readonly QueryAtTrino[] = await answer.json();
  return queries.filter(({ query }) => query === slow).map(({ state }) => state);
}

interface QueryAtTrino {
  readonly query: string;
  readonly state: string;
}
