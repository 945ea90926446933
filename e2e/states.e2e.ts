import { startFakeProduct } from "./support/fake-product.ts";
import { expect, test } from "./support/fixtures.ts";
import { resent } from "./support/resent.ts";

test("an unknown run says so and offers a search", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/no-such-run`);
  await expect(page.getByText("There is no run with this id")).toBeVisible();
  await page.getByRole("link", { name: "Search the runs for it" }).click();
  await expect(page.getByText("No run matches these filters")).toBeVisible();
});

test("an empty product says what would be here", async ({ page }) => {
  await using empty = await startFakeProduct({ history: 0, everyMs: 0, bigRunJobs: 0 });
  await page.goto(`${empty.home}/runs`);
  await expect(page.getByText("No runs yet")).toBeVisible();
  await page.goto(`${empty.home}/attention`);
  await expect(page.getByText("Nothing needs you")).toBeVisible();
  await page.goto(empty.home);
  await expect(page.getByText("Nothing happened in this time")).toBeVisible();
});

test("a stopped server is noticed, what is shown stays, and it comes back by itself", async ({ page }) => {
  await using product = await startFakeProduct({ history: 300, everyMs: 500, bigRunJobs: 0 });
  await page.goto(`${product.home}/runs`);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await product.stop();
  await expect(page.getByText("reconnecting…")).toBeVisible();
  await expect(page.getByText("The server can't be reached.")).toBeVisible();
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();

  // Another page asks for what it does not have.
  await page.getByRole("button", { name: /^Stuck/ }).click();
  product.start();
  await expect(page.getByText("live", { exact: true })).toBeVisible();
});

test("a question that fails is answered with a way on", async ({ page, fake }) => {
  await page.route("**/trpc/*/*/runs.list*", (route) => route.abort());
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByText("The server can't be reached, so the runs can't be shown")).toBeVisible();
  await page.unroute("**/trpc/*/*/runs.list*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
});

test("a status of a newer server is shown as unknown", async ({ page, fake }) => {
  await page.route("**/trpc/*/*/runs.list*", async (route) => {
    const answer = await route.fetch(resent);
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replaceAll('"shown":"completed"', '"shown":"paused"'),
    });
  });
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByText("Unknown").first()).toBeVisible();
});

test("the theme is chosen once and is there from the first byte", async ({ page, fake, request }) => {
  await page.goto(`${fake.home}/runs`);
  await page.getByRole("button", { name: /^Theme: as the system/ }).click();
  await page.getByRole("button", { name: /^Theme: light/ }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const cookies = await page.context().cookies();
  const html = await request.get(`${fake.home}/runs`, {
    headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
  });
  expect(await html.text()).toContain('data-theme="dark"');
});

test("a page loads nothing from anywhere else and runs no script but its own", async ({ page, fake }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (![fake.url, "data:", "blob:"].some((start) => url.startsWith(start))) elsewhere.push(url);
  });
  const answer = await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  expect(elsewhere).toEqual([]);
  expect(answer?.headers()["content-security-policy"]).toMatch(
    /script-src 'self' 'nonce-[^']+' 'strict-dynamic';/,
  );
});
