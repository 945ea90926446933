import { BusinessError, connect, job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { handle, worker } from "@downbeat/sdk/worker";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import type { Product } from "./support/product.ts";

const takeMoney = job<null, { receiptId: string }>("takeMoney");
const giveBack = job<{ receiptId: string }, null>("giveBack");
const sellTicket = workflow("sellTicket", async (run) => {
  const receipt = await run.job(takeMoney, null);
  run.compensate(giveBack, receipt);
  const answer = await run.signal<string>("customerAnswer");
  if (answer === "no") throw new BusinessError("Unwanted", "internal: the desk said no");
});

test("a case is found by its order number, told for a colleague and a customer in both languages, copied, and follows", async ({
  page,
  product,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await using desk = await openDesk(product);
  await desk.start("ticket-1", "K-4711");
  await desk.start("ticket-2", "K-4711");
  await desk.start("ticket-3", "K-4712");

  await page.goto(`${product.home}/case`);
  await page.getByRole("textbox", { name: "Order number, any label, or run id" }).fill("k-4712");
  await page.keyboard.press("Enter");
  const story = page.getByRole("article");
  await expect(story).toContainText("“Take money” is done. Result: receiptId: r-1.");
  await expect(story).toContainText("“Customer answer” is waited for.");

  // It goes on while it is read.
  await desk.answer("ticket-3", "no");
  await expect(story).toContainText("“Take money” was undone: “Give back” is done.");
  await expect(story).toContainText("Ended without success");
  await expect(story).toContainText("One step was undone.");
  await expect(story).toContainText("the desk said no");

  await page.getByRole("button", { name: "For a customer" }).click();
  await expect(story).not.toContainText("the desk said no");
  await page.getByLabel("Language").selectOption("de");
  await expect(page).toHaveURL(/lang=de/);
  await expect(page.getByRole("heading", { name: "Vorgang", level: 1 })).toBeVisible();
  await expect(story).toContainText("„Take money“ wurde rückgängig gemacht: „Give back“ ist erledigt.");
  await page.getByRole("button", { name: "Als Text kopieren" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("Sell ticket\norder: K-4712\nOhne Erfolg beendet");
  expect(copied).not.toMatch(/desk|ticket-3|r-1/);
  expect(await axeViolations(page)).toEqual([]);

  // Two are called so: one is chosen.
  const found = Promise.withResolvers<void>();
  await page.route("**/*cases.find*", async (route) => {
    await found.promise;
    await route.continue();
  });
  await page.getByRole("textbox").fill("K-4711");
  await page.keyboard.press("Enter");
  // Until they are found nobody reads another case as theirs.
  await expect(story).toHaveCount(0);
  found.resolve();
  await page.unrouteAll({ behavior: "wait" });
  await expect(page.getByText("Mehrere Vorgänge heißen so")).toBeVisible();
  await page.getByRole("link", { name: "ticket-2" }).click();
  await expect(story).toContainText("Auf „Customer answer“ wird gewartet.");
  await page.getByRole("link", { name: "Run öffnen" }).click();
  await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();

  // And back again from the run, and from the search.
  await page.getByRole("link", { name: "Case", exact: true }).click();
  await expect(story).toContainText("“Customer answer” is waited for.");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("K-4712");
  await page.getByRole("option", { name: "Tell the case of K-4712" }).click();
  await expect(story).toContainText("Ended without success");
  await page.getByRole("textbox").fill("nothing of the kind");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No case is called so")).toBeVisible();
});

async function openDesk(product: Product) {
  const connection = connect(product.logUrl, { logger: false });
  const host = worker({
    connection,
    workflows: [sellTicket],
    jobs: [handle(takeMoney, async () => ({ receiptId: "r-1" })), handle(giveBack, async () => null)],
    isolation: "none",
  });
  await host.ready;
  const shop = client({ connection, actor: "desk" });
  return {
    start: (runId: string, order: string) => shop.start(sellTicket, undefined, { runId, labels: { order } }),
    answer: (runId: string, answer: string) => shop.run(runId).signal("customerAnswer", answer),
    async [Symbol.asyncDispose]() {
      await host.stop();
      await connection.close();
    },
  };
}
