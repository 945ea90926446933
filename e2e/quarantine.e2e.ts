import { randomUUID } from "node:crypto";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { knownWorkflow } from "./support/known-workflow.ts";
import { sendBroken } from "./support/send-broken.ts";

test("a command nobody could read is mended, previewed and sent again; another is dropped; both stay, with what came of them", async ({
  page,
  product,
}) => {
  await knownWorkflow(product, "bookTrip");
  // The product is other tests' too, and what is in quarantine stays there.
  const own = randomUUID().slice(0, 8);
  const [mendedRun, droppedRun] = [`mended-${own}`, `dropped-${own}`];
  await sendBroken(product, mendedRun);
  await sendBroken(product, droppedRun);
  await page.goto(`${product.home}/quarantine`);
  const entry = (runId: string) => page.getByRole("listitem").filter({ hasText: runId });
  await expect(async () => {
    await page.reload();
    await expect(entry(droppedRun)).toHaveCount(1, { timeout: 5_000 });
    await expect(entry(mendedRun)).toHaveCount(1, { timeout: 5_000 });
  }).toPass();
  const countWords = page.getByText(/^[\d,]+ entr(?:y|ies)(?:, [\d,]+ dropped or sent again)?$/);
  const cleared = async () =>
    Number((await countWords.innerText()).match(/, ([\d,]+) dropped/)?.[1]?.replaceAll(",", "") ?? 0);
  const clearedBefore = await cleared();

  await entry(mendedRun).getByRole("button", { name: "Send again…" }).click();
  let dialog = page.getByRole("dialog", { name: "Send it again" });
  await expect(dialog.getByText(/StartRun can't be sent: input/)).toBeVisible();
  const send = dialog.getByRole("button", { name: "Send it again" });
  await dialog.getByLabel("Reason").fill("The shop sent its input unquoted.");
  await expect(send).toBeDisabled();
  const text = dialog.getByLabel("Command");
  const command: { input: unknown } = JSON.parse(await text.inputValue());
  await text.fill(JSON.stringify({ ...command, input: JSON.stringify(command.input) }));
  await expect(dialog.getByText(`StartRun of ${mendedRun} would be sent.`)).toBeVisible();
  expect(await axeViolations(page, "[role=dialog]")).toEqual([]);
  await send.click();
  await expect(dialog).toBeHidden();
  const done = entry(mendedRun).getByRole("note", { name: "What was done about it" });
  await expect(done).toContainText(`Sent again, edited, as StartRun of ${mendedRun} by`);
  await expect(done).toContainText("It was accepted.");
  const again = entry(mendedRun).getByRole("button", { name: "Send again…" });
  await expect(again).toHaveAccessibleDescription("It was sent again already, and not refused.");

  await entry(droppedRun).getByRole("button", { name: "Drop…" }).click();
  dialog = page.getByRole("dialog", { name: "Drop this entry?" });
  await dialog.getByLabel("Reason").fill("A test of theirs.");
  await dialog.getByRole("button", { name: "Drop the entry" }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(entry(droppedRun).getByRole("note")).toContainText(/^Dropped by .*: “A test of theirs\.”/);
  await expect.poll(cleared).toBe(clearedBefore + 2);

  await done.getByRole("link", { name: mendedRun }).click();
  await expect(page).toHaveURL(new RegExp(`runs/${mendedRun}$`));
});

test("what can't be sent again says why on its button", async ({ page, product }) => {
  const refusedRun = `refused-${randomUUID().slice(0, 8)}`;
  await product.act("runs.start", { workflow: "nobodyHasIt", input: "1", runId: refusedRun });
  await page.goto(`${product.home}/quarantine`);
  const refused = page.getByRole("listitem").filter({ hasText: refusedRun });
  await expect(refused.getByRole("button", { name: "Send again…" })).toHaveAccessibleDescription(
    /^History keeps the name of a refused command and why it was refused, not what was in it/,
  );
  await expect(refused.getByRole("button", { name: "Drop…" })).not.toHaveAttribute("aria-disabled", "true");
});
