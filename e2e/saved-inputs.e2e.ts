import { workflow } from "@downbeat/sdk";
import { worker } from "@downbeat/sdk/worker";
import type { Locator, Page } from "@playwright/test";
import { z } from "zod";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { knownWorkflow } from "./support/known-workflow.ts";
import { connectedTo, type Product, startProduct } from "./support/product.ts";

const email = "ada.lovelace@example.org";
const Letter = z.object({ to: z.email().meta({ personal: true }), pages: z.number() });
const letter = workflow("letter", { input: Letter }, async () => "posted");
const notice = workflow("notice", { input: z.looseObject({ pages: z.number() }) }, async () => "posted");

let product: Product;
let close: () => Promise<void>;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  product = await startProduct({ DOWNBEAT_ACTOR_ROLE: "operator" });
  const connection = connectedTo(product);
  const staff = worker({ connection, workflows: [letter, notice], isolation: "none", onProblem: () => {} });
  await staff.ready;
  for (const { name } of [letter, notice]) await knownWorkflow(product, name);
  close = async () => {
    await staff.stop({ graceMs: 100 });
    await connection.close();
  };
});

test.afterAll(async () => {
  await close?.();
  await product?.[Symbol.asyncDispose]();
});

async function startForm(page: Page, name: string): Promise<Locator> {
  await page.goto(`${product.home}/runs`);
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Start a run" });
  await dialog.getByLabel("Workflow", { exact: true }).selectOption(name);
  await expect(json(dialog)).toBeVisible();
  return dialog;
}

const json = (dialog: Locator) => dialog.getByLabel("Input as JSON");
const openList = (dialog: Locator) => dialog.getByRole("button", { name: /^Saved inputs/ }).click();
const save = (asked: object) => product.act("savedInputs.save", { shared: true, ...asked });

const List = z.object({
  result: z.object({ data: z.object({ inputs: z.array(z.object({ id: z.string(), name: z.string() })) }) }),
});

async function idOf(name: string): Promise<string | undefined> {
  const { result } = List.parse(await (await fetch(product.api("savedInputs.list"))).json());
  return result.data.inputs.find((each) => each.name === name)?.id;
}

test("an input is saved for everybody, chosen by somebody else as the text that it was, changed, renamed and deleted", async ({
  page,
  browser,
}) => {
  const text = '{"pages":2,"ref":3544790567247868102,"price":1.10}';
  let dialog = await startForm(page, "notice");
  await json(dialog).fill(text);
  await dialog.getByRole("button", { name: "Save this input…" }).click();
  let asked = page.getByRole("dialog", { name: "Save this input" });
  await asked.getByLabel("Name", { exact: true }).fill("Two pages 例");
  await asked.getByLabel("For everybody on this namespace").check();
  await asked.getByRole("button", { name: "Save the input" }).click();
  await expect(asked).toBeHidden();
  await expect(dialog.getByRole("status")).toHaveText("“Two pages 例” is in the form.");

  const other = await (await browser.newContext()).newPage();
  dialog = await startForm(other, "notice");
  await json(dialog).fill('{"pages":7}');
  await openList(dialog);
  expect(await axeViolations(other)).toEqual([]);
  await dialog.getByRole("button", { name: /^Two pages 例/ }).click();
  await expect(json(dialog)).toHaveValue(text);
  await expect(dialog.getByRole("button", { name: "Saved inputs (1)" })).toBeFocused();
  await expect(dialog.getByLabel("pages", { exact: true })).toHaveValue("2");
  // What was typed before is not lost.
  await dialog.getByRole("button", { name: "Put that back" }).click();
  await expect(json(dialog)).toHaveValue('{"pages":7}');
  await openList(dialog);
  await dialog.getByRole("button", { name: /^Two pages 例/ }).click();
  await expect(json(dialog)).toHaveValue(text);
  await dialog.getByLabel("pages", { exact: true }).fill("3");
  await expect(dialog.getByRole("status").first()).toContainText("is in the form, changed.");
  await dialog.getByRole("button", { name: "Save the changes…" }).click();
  asked = other.getByRole("dialog", { name: "Change “Two pages 例”" });
  await asked.getByLabel("Name", { exact: true }).fill("Three pages");
  await asked.getByRole("button", { name: "Save the changes" }).click();
  await expect(asked).toBeHidden();
  await dialog.getByLabel("Run id").fill("saved-1");
  await dialog.getByRole("button", { name: "Start notice" }).click();
  await expect(other).toHaveURL(/\/runs\/saved-1$/, { timeout: 60_000 });
  const input = other.getByRole("group", { name: "input" }).first();
  await expect(input).toContainText("ref:3544790567247868102,");
  await expect(input).toContainText("price:1.10");
  await other.context().close();

  // Live, with the form still open.
  dialog = page.getByRole("dialog", { name: "Start a run" });
  await openList(dialog);
  await dialog.getByRole("button", { name: "Rename “Three pages”" }).click();
  asked = page.getByRole("dialog", { name: "Change “Three pages”" });
  await asked.getByLabel("Name", { exact: true }).fill("A few pages");
  await asked.getByRole("button", { name: "Save the changes" }).click();
  await expect(asked).toBeHidden();
  await dialog.getByRole("button", { name: "Delete “A few pages”" }).click();
  await page.getByRole("button", { name: "Delete the input" }).click();
  await expect(dialog.getByText("None yet.")).toBeVisible();
  await expect(json(dialog)).toHaveValue(text);
});

test("what is personal is not kept, and is asked for at its field", async ({ page }) => {
  const dialog = await startForm(page, "letter");
  await dialog.getByLabel("to", { exact: true }).fill(email);
  await dialog.getByLabel("pages", { exact: true }).fill("2");
  await dialog.getByRole("button", { name: "Save this input…" }).click();
  const asked = page.getByRole("dialog", { name: "Save this input" });
  await asked.getByLabel("Name", { exact: true }).fill("Mine");
  await asked.getByRole("button", { name: "Save the input" }).click();
  await expect(dialog.getByRole("status")).toContainText("Its personal values are not kept.");
  await expect(dialog.getByLabel("to", { exact: true })).toHaveValue(email);

  await dialog.getByLabel("to", { exact: true }).fill("somebody@example.org");
  await openList(dialog);
  await dialog.getByRole("button", { name: /^Mine yours alone, without personal values$/ }).click();
  const to = dialog.getByLabel("to", { exact: true });
  await expect(to).toHaveValue("•••");
  await expect(to).toHaveAccessibleDescription("Enter this value: it is personal, so it was not saved.");
  await dialog.getByLabel("Run id").fill("saved-2");
  await dialog.getByRole("button", { name: "Start letter" }).click();
  await expect(to).toBeFocused();
  await to.fill(email);
  await dialog.getByRole("button", { name: "Start letter" }).click();
  await expect(page).toHaveURL(/\/runs\/saved-2$/, { timeout: 60_000 });
});

test("two people who save one input see both versions, and a deleted one doesn't come back unasked", async ({
  page,
}) => {
  await save({ name: "Ours", workflow: "notice", input: '{"pages":1}' });
  const id = await idOf("Ours");
  const dialog = await startForm(page, "notice");
  await openList(dialog);
  await dialog.getByRole("button", { name: /^Ours/ }).click();
  await expect(json(dialog)).toHaveValue('{"pages":1}');
  await dialog.getByLabel("pages", { exact: true }).fill("5");
  // The list shows theirs at once; what is in the form was made of the version before.
  await save({ id, version: 1, name: "Theirs", workflow: "notice", input: '{"pages":1.10}' });
  const status = dialog.getByRole("status").first();
  await expect(status).toContainText("saved another version of it meanwhile, as “Theirs”");
  await dialog.getByRole("button", { name: "Save the changes…" }).click();
  let asked = page.getByRole("dialog", { name: "Change “Ours”" });
  await asked.getByRole("button", { name: "Save the changes" }).click();
  await expect(asked.getByRole("alert")).toContainText("saved another version of “Theirs”");
  await expect(asked.locator("figure").first()).toContainText("“Theirs”, for everybody, of notice");
  await expect(asked.locator("figure").first().locator("pre")).toHaveText('{"pages":1.10}');
  const yours = asked.getByRole("figure", { name: "Yours" });
  await expect(yours).toContainText("“Ours”, for everybody");
  await expect(yours.locator("pre")).toHaveText('{"pages":5}');
  expect(await axeViolations(page)).toEqual([]);
  await asked.getByRole("button", { name: "Save yours under another name" }).click();
  asked = page.getByRole("dialog", { name: "Save this input" });
  await expect(asked.getByLabel("Name", { exact: true })).toHaveValue("Ours (2)");
  await asked.getByRole("button", { name: "Save the input" }).click();
  await expect(asked).toBeHidden();
  await expect(status).toHaveText("“Ours (2)” is in the form.");
  await openList(dialog);
  await expect(dialog.getByRole("button", { name: /^Theirs for everybody/ })).toBeVisible();

  // Theirs comes into the form, and what was there can be put back.
  const second = await idOf("Ours (2)");
  await dialog.getByLabel("pages", { exact: true }).fill("6");
  await dialog.getByRole("button", { name: "Save the changes…" }).click();
  asked = page.getByRole("dialog", { name: "Change “Ours (2)”" });
  await save({ id: second, version: 1, name: "Ours (2)", workflow: "notice", input: '{"pages":7}' });
  await asked.getByRole("button", { name: "Save the changes" }).click();
  await asked.getByRole("button", { name: /^Put .*’s in the form$/ }).click();
  await expect(asked).toBeHidden();
  await expect(json(dialog)).toHaveValue('{"pages":7}');
  await dialog.getByRole("button", { name: "Put that back" }).click();
  await expect(json(dialog)).toHaveValue('{"pages":6}');

  // Or it is replaced; and what was deleted is made again only as a new one.
  await dialog.getByRole("button", { name: /^Ours \(2\) for/ }).click();
  await expect(json(dialog)).toHaveValue('{"pages":7}');
  await dialog.getByLabel("pages", { exact: true }).fill("8");
  await dialog.getByRole("button", { name: "Save the changes…" }).click();
  asked = page.getByRole("dialog", { name: "Change “Ours (2)”" });
  await save({ id: second, version: 2, name: "Ours (2)", workflow: "notice", input: '{"pages":9}' });
  await asked.getByRole("button", { name: "Save the changes" }).click();
  await asked.getByRole("button", { name: /^Replace .*’s$/ }).click();
  await expect(asked).toBeHidden();
  await expect(status).toHaveText("“Ours (2)” is in the form.");
  await dialog.getByLabel("pages", { exact: true }).fill("10");
  await dialog.getByRole("button", { name: "Save the changes…" }).click();
  await product.act("savedInputs.delete", { id: second, version: 4 });
  await asked.getByRole("button", { name: "Save the changes" }).click();
  await expect(asked.getByRole("alert")).toContainText("deleted this input");
  await asked.getByRole("button", { name: "Save yours as a new input" }).click();
  await page
    .getByRole("dialog", { name: "Save this input" })
    .getByRole("button", { name: "Save the input" })
    .click();
  await expect(status).toHaveText("“Ours (2)” is in the form.");
  expect(await idOf("Ours (2)")).not.toBe(second);
});

test("who gives a saved input another name while somebody changes it is told, too", async ({ page }) => {
  await save({ name: "First name", workflow: "notice", input: '{"pages":1}' });
  const id = await idOf("First name");
  const dialog = await startForm(page, "notice");
  await openList(dialog);
  await dialog.getByRole("button", { name: "Rename “First name”" }).click();
  const asked = page.getByRole("dialog", { name: "Change “First name”" });
  await asked.getByLabel("Name", { exact: true }).fill("Second name");
  await save({ id, version: 1, name: "Third name", workflow: "notice", input: '{"pages":2}' });
  await asked.getByRole("button", { name: "Save the changes" }).click();
  await expect(asked.locator("figure").first()).toContainText("“Third name”, for everybody");
  await expect(asked.getByRole("figure", { name: "Yours" })).toContainText("“Second name”, for everybody");
  await asked.getByRole("button", { name: /^Rename .*’s$/ }).click();
  await expect(asked).toBeHidden();
  await dialog.getByRole("button", { name: /^Second name/ }).click();
  await expect(json(dialog)).toHaveValue('{"pages":2}');
});

test("an input that fits no more is shown as it is, with what doesn't fit, and that of a workflow that is gone is found", async ({
  page,
}) => {
  const input = '{"pages":"three","color":"red"}';
  await save({ name: "Older", workflow: "letter", input });
  await save({ name: "Of old", workflow: "gone", input: '{"x":1.10}' });
  for (let number = 0; number < 8; number++)
    await save({ name: `Odd <b>${number}</b> ${"x".repeat(80)}`, workflow: "letter", input: "{}" });
  const dialog = await startForm(page, "letter");
  await openList(dialog);
  await dialog.getByRole("button", { name: /^Older/ }).click();
  await expect(json(dialog)).toHaveValue(input);
  await expect(dialog.getByLabel("pages", { exact: true })).toHaveAccessibleDescription("Expected a number.");
  await expect(dialog.getByLabel("to", { exact: true })).toHaveAccessibleDescription("Needed.");
  await openList(dialog);
  await dialog.getByLabel("Search saved inputs").fill("GONE");
  const others = dialog.getByRole("region", { name: "Of other workflows" });
  await others.getByRole("button", { name: /^Of old gone/ }).click();
  await expect(dialog.getByLabel("Workflow", { exact: true })).toHaveValue("gone");
  await expect(dialog.getByLabel("Input", { exact: true })).toHaveValue('{"x":1.10}');
});
