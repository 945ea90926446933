import { expect, test } from "./support/fixtures.ts";
import { resent } from "./support/resent.ts";
import { trip } from "./support/trip.ts";

const quarterHour = 900_000;
const day = 96 * quarterHour;
const today = Math.floor(Date.now() / day) * day;
const from = today - 34 * day;
const period = new URLSearchParams({
  from: new Date(from).toISOString(),
  to: new Date(today + 35 * day).toISOString(),
});

/** When the clocks of the zone last showed midnight. */
function midnightBefore(at: number, timeZone: string): Date {
  const clock = new Intl.DateTimeFormat("en", { timeZone, timeStyle: "short", hourCycle: "h23" });
  let midnight = at;
  while (clock.format(midnight) !== "00:00") midnight -= quarterHour;
  return new Date(midnight);
}

test.describe("days are those of the page's zone", () => {
  for (const zone of ["America/Los_Angeles", "Asia/Kathmandu", "UTC"])
    test(`in ${zone}, and figures open exactly these`, async ({ page, product }) => {
      const runId = `T-zone-${zone.replace("/", "-")}`;
      await product.startRun("bookTrip", trip(runId), runId);
      await page.goto(`${product.home}?${period}&tz=${encodeURIComponent(zone)}`);
      const chart = page.getByRole("figure").filter({ hasText: "Runs ended" });
      await expect(chart).toContainText("per day");
      await chart.getByRole("button", { name: "Table" }).click();
      const first = chart.getByRole("rowheader").first();
      const midnight = midnightBefore(from, zone);
      const words = new Intl.DateTimeFormat("en", { timeZone: zone, month: "short", day: "numeric" });
      await expect(first).toHaveText(words.format(midnight));
      const started = page
        .getByRole("term")
        .filter({ hasText: "Started" })
        .locator("xpath=..")
        .getByRole("link");
      await expect(started).toHaveAttribute(
        "href",
        new RegExp(`from=${encodeURIComponent(midnight.toISOString())}`),
      );
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
    const answer = await route.fetch(resent);
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
