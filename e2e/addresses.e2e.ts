import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const odd: [path: string, sentence: RegExp, heading: string][] = [
  ["?from=99999999999999999999&to=-5", /“from” is a time such as/, "Overview"],
  ["/runs?from=99999999999999999999", /“from” is a time such as/, "Runs"],
  ["/runs?status=exploded", /“exploded” is none of these/, "Runs"],
  ["/runs?label=empty", /“empty” asks for no label/, "Runs"],
  ["/runs?sort=-duration", /This page knows no “sort”/, "Runs"],
  ["/attention?since=1h", /This page knows no “since”/, "Attention"],
  ["/analytics?rows=7", /“rows” is 100, 1000 or 10000/, "Analytics"],
  ["/quarantine?page=2", /This page knows no “page”/, "Quarantine"],
];

for (const [path, sentence, heading] of odd)
  test(`what “${path}” can't mean is said above the page, which stays`, async ({ page, product }) => {
    const answer = await page.goto(`${product.home}${path}`);
    expect(answer?.status()).toBe(200);
    await expect(page.getByText("Not all of this address can be shown.")).toBeVisible();
    await expect(page.getByText(sentence)).toBeVisible();
    await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
  });

for (const runId of ["100%", "%", "a%2Fb", "50%25", "~25", "ü?#&=+", "🚲"])
  test(`a run called “${runId}” is opened from the list, by its address and after a reload`, async ({
    page,
    product,
  }) => {
    await product.startRun("bookTrip", trip(`T-id-${runId.length}`), runId);
    await page.goto(`${product.home}/runs`);
    await page.getByRole("link", { name: runId, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(runId);
    await expect(page.locator("header").getByText("Completed")).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(runId);
    await expect(page.locator("header").getByText("Completed")).toBeVisible();
  });

test("20,000 characters in the search are said to be too many, and what is shown stays", async ({
  page,
  product,
}) => {
  await product.startRun("bookTrip", trip("T-long-search"), "T-long-search");
  await page.goto(`${product.home}/runs`);
  const row = page.getByRole("link", { name: "T-long-search", exact: true });
  await expect(row).toBeVisible();
  await page.getByLabel("Search runs by id, text or label").fill("x".repeat(20_000));
  await expect(
    page.getByText("20000 characters are too many to search for; the limit is 200."),
  ).toBeVisible();
  await expect(row).toBeVisible();
  await expect(page.getByText("can't be reached")).toHaveCount(0);
});

test("a request that is refused is told from a server that is away", async ({ page, product }) => {
  for (const [status, words] of [
    [429, "too many requests"],
    [431, "too long for the server"],
  ] as const) {
    await page.route("**/runs.list*", (route) => route.fulfill({ status, body: "no" }));
    await page.goto(`${product.home}/runs`);
    await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible();
    await expect(page.getByText("can't be reached")).toHaveCount(0);
    await page.unroute("**/runs.list*");
  }
});
