import { expect, test } from "./support/fixtures.ts";
import type { Product } from "./support/product.ts";
import { resent } from "./support/resent.ts";
import { trip } from "./support/trip.ts";

/** How many runs were given this trip. */
async function startedWith(product: Product, tripId: string): Promise<number> {
  const ask = async (procedure: string, input: object) => {
    const query = encodeURIComponent(JSON.stringify(input));
    const answer = await (await fetch(`${product.api(procedure)}?input=${query}`)).json();
    return answer.result.data;
  };
  const { runs } = await ask("runs.list", { limit: 200 });
  const inputs = await Promise.all(
    runs.map(async ({ runId }: { runId: string }) => (await ask("runs.get", { runId })).input),
  );
  return inputs.filter((input) => String(input).includes(tripId)).length;
}

test("a start that nobody decides yet is one start, however often it is sent, and the dialog follows what comes of it", async ({
  page,
  product,
}) => {
  await page.goto(`${product.home}/runs`);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Workflow").selectOption("bookTrip");
  await expect(dialog.getByRole("group", { name: "customer" })).toBeVisible();
  await dialog.getByLabel("Input as JSON").fill(JSON.stringify(trip("T-undecided-1")));
  const paused = product.pause("engine");
  const starts: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("runs.start")) starts.push(request.postData() ?? "");
  });
  try {
    await dialog.getByRole("button", { name: "Start bookTrip" }).click();
    // The log lives in the engine's process, so that not even this is known.
    await expect(dialog.getByRole("alert")).toContainText("It is not certain whether the start arrived");
    await expect(dialog.getByRole("button", { name: "Start bookTrip" })).toHaveCount(0);
    await expect(dialog.getByLabel("Input as JSON")).toBeDisabled();
    // Closed and opened again, it is the same dialog.
    await page.keyboard.press("Escape");
    await expect(page.getByRole("list", { name: "Runs that you started" })).toContainText("Not confirmed");
    await page.getByRole("button", { name: "Start a run" }).first().click();
    await expect(dialog.getByRole("alert")).toContainText("It is not certain");
    await dialog.getByRole("button", { name: "Send it again" }).click();
  } finally {
    paused.resume();
  }
  // What was sent to a log that had stopped may be lost with its connection: then it is sent once more.
  const again = dialog.getByRole("button", { name: "Send it again" });
  await expect(async () => {
    if (await again.isVisible()) await again.click();
    await expect(page).toHaveURL(/\/runs\/bookTrip-/, { timeout: 5_000 });
  }).toPass();
  await expect(page.locator("header").getByText(/Completed|Running|Waiting/)).toBeVisible();
  const ids = starts.map((start) => /"actionId":"([^"]+)"/.exec(start)?.[1]);
  expect(ids.length).toBeGreaterThan(1);
  expect(new Set(ids).size).toBe(1);
  expect(await startedWith(product, "T-undecided-1")).toBe(1);
});

test("a start whose answer is lost is found by itself", async ({ page, product }) => {
  await page.goto(`${product.home}/runs`);
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Workflow").selectOption("bookTrip");
  await expect(dialog.getByRole("group", { name: "customer" })).toBeVisible();
  await dialog.getByLabel("Input as JSON").fill(JSON.stringify(trip("T-undecided-2")));
  // It arrives, and its answer does not.
  await page.route(
    "**/runs.start",
    async (route) => {
      await route.fetch(resent);
      await route.abort();
    },
    { times: 1 },
  );
  // It may be found the next moment.
  const said = await page.evaluateHandle(() => {
    const texts: string[] = [];
    const look = () => {
      const text = document.querySelector("[role=dialog] [role=alert]")?.textContent;
      if (text != null) texts.push(text);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    return texts;
  });
  await dialog.getByRole("button", { name: "Start bookTrip" }).click();
  // It is found out without sending it again, too.
  await expect(page).toHaveURL(/\/runs\/bookTrip-/);
  expect((await said.jsonValue()).join()).toContain("It is not certain whether the start arrived");
  expect(await startedWith(product, "T-undecided-2")).toBe(1);
});

test("what was typed into the start dialog survives a click beside it", async ({ page, product }) => {
  await page.goto(`${product.home}/runs`);
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog");
  const input = dialog.getByLabel("Input as JSON");
  await dialog.getByLabel("Workflow").selectOption("bookTrip");
  await expect(dialog.getByRole("group", { name: "customer" })).toBeVisible();
  await input.fill('{ "orderId": 3544790567247868102 }');
  await page.mouse.click(5, 5);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Start a run" }).first().click();
  await expect(input).toHaveValue('{ "orderId": 3544790567247868102 }');
});
