import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

/** Clocks are changed on one of these days. */
const period = "from=2026-10-20T00:00:00.000Z&to=2026-12-28T00:00:00.000Z";

test.describe("days are those of the page's zone", () => {
  for (const [zone, midnight] of [
    ["America/Los_Angeles", "2026-10-19T07:00:00.000Z"],
    ["Asia/Kathmandu", "2026-10-19T18:15:00.000Z"],
    ["UTC", "2026-10-20T00:00:00.000Z"],
  ] as const)
    test(`in ${zone}, and figures open exactly these`, async ({ page, product }) => {
      const runId = `T-zone-${zone.replace("/", "-")}`;
      await product.startRun("bookTrip", trip(runId), runId);
      await page.goto(`${product.home}?${period}&tz=${encodeURIComponent(zone)}`);
      const chart = page.getByRole("figure").filter({ hasText: "Runs ended" });
      await expect(chart).toContainText("per day");
      await chart.getByRole("button", { name: "Table" }).click();
      const first = chart.getByRole("rowheader").first();
      await expect(first).toHaveText(
        zone === "UTC" ? "Oct 20" : zone.startsWith("America") ? "Oct 19" : "Oct 20",
      );
      const started = page
        .getByRole("term")
        .filter({ hasText: "Started" })
        .locator("xpath=..")
        .getByRole("link");
      await expect(started).toHaveAttribute("href", new RegExp(`from=${encodeURIComponent(midnight)}`));
    });
});

test("sentences tell times by the page's clock with their day, and how long by now", async ({
  page,
  fake,
}) => {
  const dueAt = Date.UTC(2037, 0, 1, 23, 30);
  const sleeps = {
    why: "Sleeping until Thu 1 Jan 2037 23:30 UTC.",
    whyTimes: [{ from: 15, to: 39, at: dueAt, says: "moment" }],
  };
  const since = Date.now() - 915;
  const stuck = {
    why: "Stuck for 915 ms: bookHotel failed with Late: closed 2026-01-01 10:00:00 UTC.",
    whyTimes: [{ from: 10, to: 16, at: since, says: "elapsed" }],
  };
  await page.route("**/trpc/*/*/runs.list*", async (route) => {
    const answer = await route.fetch();
    let count = 0;
    const body = (await answer.text()).replaceAll('"shown":"completed"', (text) => {
      const more = count++ % 2 === 0 ? sleeps : stuck;
      return `${text},${JSON.stringify(more).slice(1, -1)}`;
    });
    await route.fulfill({ response: answer, body });
  });
  await page.goto(`${fake.home}/runs?status=completed&tz=Asia%2FTokyo`);
  await expect(page.getByText("Sleeping until Jan 2, 2037, 08:30:00.").first()).toBeVisible();
  const told = page
    .getByText(/^Stuck for \d+ s: bookHotel failed with Late: closed 2026-01-01 10:00:00 UTC\.$/)
    .first();
  await expect(told).toBeVisible();
  const before = await told.textContent();
  await expect(told).not.toHaveText(before ?? "");
});
