import { workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { expect, test } from "./support/fixtures.ts";
import { knownWorkflow } from "./support/known-workflow.ts";
import { connectedTo } from "./support/product.ts";

const minute = 60_000;

/** Of this test alone: others' runs are not among its figures. */
const compared = workflow("compared", async (_run, order: string) => order);

test("figures stand beside those of the period before, and both open exactly their runs", async ({
  page,
  product,
}) => {
  const connection = connectedTo(product);
  const shop = client({ connection, actor: "shop" });
  const staff = worker({ connection, workflows: [compared], isolation: "none", onProblem: () => {} });
  try {
    await staff.ready;
    await knownWorkflow(product, "compared");
    for (const order of ["1", "2", "3"]) await shop.start(compared, order, { runId: `compared-${order}` });
    for (const order of ["1", "2", "3"]) {
      await page.goto(`${product.home}/runs/compared-${order}`);
      await expect(page.locator("header").getByText("Completed")).toBeVisible();
    }
  } finally {
    await staff.stop({ graceMs: 100 });
    await connection.close();
  }
  // The first of these periods ends in the future and holds the runs; the one before it holds nothing.
  const middle = Math.floor(Date.now() / minute) * minute - 10 * minute;
  const period = {
    from: new Date(middle).toISOString(),
    to: new Date(middle + 60 * minute).toISOString(),
    workflow: "compared",
  };
  await page.goto(`${product.home}?${new URLSearchParams(period)}`);
  const chosen = page.getByLabel("Compare");
  await expect(chosen).toHaveValue("");
  await expect(page.getByText(/Compared with/)).toHaveCount(0);
  await chosen.selectOption({ label: "Against the period before" });
  await expect(page).toHaveURL(/compare=before/);
  await expect(
    page.getByText(
      /^Compared with .* This period is not over: its part until .* is compared with the same part/,
    ),
  ).toBeVisible();
  const started = page.getByRole("term").filter({ hasText: "Started" }).locator("xpath=..");
  // The runs' minute counts once it is over.
  await expect(started.getByText("none before", { exact: true })).toBeVisible({ timeout: 90_000 });
  await started.getByTitle("Open the earlier runs").click();
  await expect(page).toHaveURL(/\/runs\?.*from=.*to=/);
  await expect(page.getByText(/^0 runs$|No run matches/).first()).toBeVisible();
  await page.goBack();
  await expect(chosen).toHaveValue("before");
  await chosen.selectOption({ label: "Against a week ago" });
  await expect(page).toHaveURL(/compare=week/);
  await expect(page.getByText(/^Compared with/)).toBeVisible();
});

test("a comparison that can't be meant is said, and the page stays", async ({ page, product }) => {
  await page.goto(`${product.home}?compare=yesterday`);
  await expect(page.getByText(/“compare” is before or week/)).toBeVisible();
  await expect(page.getByLabel("Compare")).toHaveValue("");
});
