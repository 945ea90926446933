import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { expect, test } from "./support/fixtures.ts";
import { connectedTo, type Product, startProduct } from "./support/product.ts";

const email = "ada.lovelace@example.org";
const iban = "DE02120300000000202051";

const Letter = z.object({
  to: z.email().meta({ personal: true }),
  iban: z.string().meta({ personal: true }),
  pages: z.number(),
});
const Sent = z.object({ to: z.string(), pages: z.number() });
const post = job("post", { input: Sent, output: z.string(), retry: { maxAttempts: 1 } });
const letter = workflow("letter", { input: Letter }, async (run, { to, pages }) => {
  run.setLabels({ customer: to });
  return await run.job(post, { to, pages });
});

const bothDigests = /is a run of letter with another input \(digest [0-9a-f]{14}, not [0-9a-f]{14}\)/;

let product: Product;
let close: () => Promise<void>;
let received: unknown;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  product = await startProduct({ DOWNBEAT_ACTOR_ROLE: "operator" });
  const connection = connectedTo(product);
  const staff = worker({
    connection,
    workflows: [letter],
    isolation: "none",
    onProblem: () => {},
    jobs: {
      post: (sent: z.infer<typeof Sent>) => {
        received = sent;
        if (sent.pages > 2) throw new TypeError(`no envelope for ${sent.to} holds ${sent.pages} pages`);
        return `posted to ${sent.to}`;
      },
    },
  });
  await staff.ready;
  const shop = client({ connection, actor: "shop" });
  await shop.start(letter, { to: email, iban, pages: 3 }, { runId: "L-1" });
  const another = shop.start(letter, { to: email, iban, pages: 4 }, { runId: "L-1" });
  await expect(another).rejects.toThrow(bothDigests);
  close = async () => {
    await shop.close();
    await staff.stop({ graceMs: 100 });
    await connection.close();
  };
});

test.afterAll(async () => {
  await close?.();
  await product?.[Symbol.asyncDispose]();
});

async function open(page: Page): Promise<void> {
  await page.goto(`${product.home}/runs/L-1`);
  await expect(page.locator("header").getByText("Stuck", { exact: true })).toBeVisible({ timeout: 60_000 });
}

const reveal = (page: Page) => page.getByRole("button", { name: "Reveal…" });

test("what is personal is masked on every page that tells of the run", async ({ page }) => {
  await open(page);
  await expect(page.getByText("What is personal in this run is masked")).toBeVisible();
  await expect(page.getByText("no envelope for ••• holds 3 pages").first()).toBeVisible();
  for (const path of ["runs/L-1", "runs", "attention", "case?run=L-1", "runs/L-1?at=3"]) {
    await page.goto(`${product.home}/${path}`);
    await expect(page.getByText("•••").filter({ visible: true }).first()).toBeVisible();
    expect(await page.content()).not.toContain(email);
    expect(await page.content()).not.toContain(iban);
    expect(await page.content()).not.toContain("digest");
  }
});

test("it is shown for a reason, until it is hidden again", async ({ page }) => {
  await open(page);
  await expect(page.getByText(email)).toHaveCount(0);
  await reveal(page).click();
  const dialog = page.getByRole("dialog", { name: "Reveal what is personal" });
  await expect(dialog.getByRole("button", { name: "Reveal", exact: true })).toBeDisabled();
  await dialog.getByLabel("Reason").fill("She asks where her letter is.");
  await dialog.getByRole("button", { name: "Reveal", exact: true }).click();
  await expect(page.getByText(/What is personal is shown for (10:00|9:\d\d) min/)).toBeVisible();
  await expect(page.getByText(`no envelope for ${email} holds 3 pages`).first()).toBeVisible();
  // What a start with another input was refused with is to be compared with it.
  const refusal = await page.getByText(bothDigests).first().textContent();
  await expect(page.getByText(/^digest [0-9a-f]{14}$/)).toHaveText(
    /digest (\w+)/.exec(refusal ?? "")?.[0] ?? "",
  );
  await page.getByRole("button", { name: "Hide again" }).click();
  await expect(page.getByText("What is personal in this run is masked")).toBeVisible();
  await expect(page.getByText(email)).toHaveCount(0);
});

test("a job is retried with another input, and what is masked stays what it was", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Retry post" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("With another input").check();
  const input = dialog.getByRole("textbox", { name: /^New input/ });
  await expect(input).toHaveValue(/"•••"/);
  await input.fill((await input.inputValue()).replace("3", "2"));
  await dialog.getByLabel("Reason").fill("It is printed on both sides.");
  await dialog.getByRole("button", { name: "Retry post" }).click();
  await expect(page.locator("header").getByText("Completed", { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  expect(received).toEqual({ to: email, pages: 2 });
  await expect(page.getByText(email)).toHaveCount(0);
});

test("who may not is told who may, where the button is", async ({ page }) => {
  await page.route("**/me.get**", async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(
      '{"permission":"revealMasked"}',
      '{"permission":"revealMasked","refusal":"Only operators and admins may reveal masked values, with a reason."}',
    );
    await route.fulfill({ response: answer, body: text });
  });
  await page.goto(`${product.home}/runs/L-1`);
  await expect(reveal(page)).toHaveAttribute("aria-description", /Only operators and admins/);
  await reveal(page).click({ force: true });
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
