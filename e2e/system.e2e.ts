import { connect, job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { handle, worker } from "@downbeat/sdk/worker";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";

const paint = job<null, null>("paintWall");
const renovate = workflow("renovate", async (run) => run.job(paint, null));

test("every part, partition, topic and worker is told in one place, and follows who comes, what waits and who goes", async ({
  page,
  product,
}) => {
  await page.goto(`${product.home}/system`);
  const table = (title: string) => page.getByRole("region", { name: title, exact: true });
  await expect(table("Parts")).toContainText("commands are decided");
  await expect(table("Parts").getByRole("link", { name: /empty|entr/ })).toBeVisible();
  await expect(table("Partitions").getByRole("row").nth(1)).toContainText(/decides/);
  await expect(table("Partitions").getByRole("row").nth(1)).not.toContainText("none known");
  await expect(table("This server")).toContainText("DOWNBEAT_HOT_WINDOW");
  await expect(table("This server")).toContainText(/used by its data, .+ of .+ free/);
  await expect(page.getByText("How large the log itself is")).toBeVisible();

  // One hosts the code, nobody paints: the job waits in its topic.
  const connection = connect(product.logUrl, { logger: false });
  const host = worker({ connection, workflows: [renovate], isolation: "none", name: "planner" });
  await host.ready;
  const shop = client({ connection, actor: "shop" });
  await shop.start(renovate, undefined, { runId: "wall-1" });
  const painting = table("Topics of jobs").getByRole("row").filter({ hasText: "jobs-paintWall" });
  await expect(painting).toContainText(/1.*0 of 0/);
  await expect(table("Workers").getByRole("row").filter({ hasText: "planner" })).toContainText("renovate");
  await expect(table("Topics of questions")).toContainText("decisions-renovate");

  // Somebody comes who can do three at a time.
  const painter = worker({
    connection,
    jobs: [handle(paint, async () => null, { concurrency: 3 })],
    name: "painter",
  });
  await expect(painting).toContainText("0 of 3");
  await expect(table("Workers").getByRole("row").filter({ hasText: "painter" })).toContainText("3 at a time");
  await shop.run("wall-1").result();

  expect(await axeViolations(page)).toEqual([]);

  await painter.stop();
  await expect(table("Workers").getByRole("row").filter({ hasText: "painter" })).toHaveCount(0);
  await host.stop();
  await connection.close();

  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page.getByRole("heading", { name: "System" })).toBeVisible();
});
