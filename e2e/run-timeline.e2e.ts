import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const tour = "tour-2026-11-23";
const timeline = (page: Page) => page.getByRole("region", { name: "Timeline" });
const rows = (page: Page) => page.getByRole("listbox").getByRole("option");

test("1,500 equal jobs are one line among the others, and open on request", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  const group = page.getByRole("option", { name: /noop × 1,500/ });
  await expect(group).toBeVisible();
  await expect(page.getByRole("option", { name: /bookBus/ })).toBeVisible();
  await expect(rows(page)).toHaveCount(11);
  await group.click();
  await expect(group).toHaveAttribute("aria-setsize", "1511");
  await expect(rows(page).filter({ hasText: "noop" }).nth(3)).toBeVisible();
  await group.press("Enter");
  await expect(group).toHaveAttribute("aria-setsize", "11");
});

test("a link to a row in a group opens the group", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}?row=j700`);
  await expect(page.locator("[id='row-j700']")).toBeVisible();
  await expect(page.locator("[id='row-j700']")).toHaveAttribute("aria-selected", "true");
});

test("the critical path says what the time went by with, and is in the address", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("c");
  await expect(timeline(page).getByRole("status")).toHaveText(
    /^Of 31\.\d s: noop 10\.\d s \(\d\d after one another\), bookGuide 6\.\d\d s, sleeping 5\.00 s, the others \d\.\d\d s\.$/,
  );
  await expect(page).toHaveURL(/path=1/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Critical path" })).toHaveAttribute("aria-pressed", "true");
});

test("a stretch is zoomed to by keys, by the wheel and by dragging, and a link leads to it", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  const list = page.getByRole("listbox");
  await expect(rows(page).first()).toBeVisible();
  const stretch = () => new URL(page.url()).searchParams.get("zoom") ?? "";
  const settled = async (matches: (from: number, to: number) => boolean) =>
    expect
      .poll(() => {
        const [from, to] = stretch().split("-").map(Number);
        return from !== undefined && to !== undefined && matches(from, to);
      })
      .toBe(true);

  await page.keyboard.press("+");
  await settled((from, to) => to - from < 17_000 && from > 5_000);
  const [before = 0] = stretch().split("-").map(Number);
  await list.press("ArrowRight");
  await settled((from) => from > before);
  await page.keyboard.press("0");
  await expect(page).not.toHaveURL(/zoom=/);

  const box = await list.boundingBox();
  if (box === null) throw new Error("The list of rows has no place.");
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await settled((from, to) => to - from < 8_000);
  // What was drawn over chose no row.
  await expect(page).not.toHaveURL(/row=/);

  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(page.getByRole("button", { name: "Fit the whole run (0)" })).toBeEnabled();

  await page.keyboard.press("0");
  const ratio = () => page.evaluate(() => window.devicePixelRatio);
  const ratioBefore = await ratio();
  await list.hover();
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  await settled((from, to) => to - from < 30_000);
  expect(await ratio()).toBe(ratioBefore);
});

test("a stretch that can't be meant is said above the page, which stays", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}?zoom=9-3`);
  await expect(page.getByText(/“zoom” is two numbers of milliseconds since the start/)).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
});

test("what people did and what the run decided stand on the axis and lead to their events", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  const lane = page.getByRole("region", { name: "Actions and decisions" });
  await lane.getByRole("button", { name: /maria/ }).click();
  await expect(page).toHaveURL(/event=\d+/);
  const opened = page.locator("[data-event][aria-expanded=true]");
  await expect(opened).toBeVisible();
  await expect(page.getByText("The guides are back").first()).toBeVisible();
  await lane.getByRole("button", { name: /2 events, among them/ }).click();
  await page.getByRole("button", { name: /The run failed/ }).click();
  await expect(page.locator("[data-event][aria-expanded=true]").last()).toContainText("The run failed");
});

test("a table has the same rows in words", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}?path=1`);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("b");
  const table = page.getByRole("table", { name: "Timeline as a table" });
  await expect(table).toHaveAttribute("aria-rowcount", "12");
  await expect(
    table.getByRole("row", { name: /bookGuide critical Completed .* 6\.\d\d s .* 3$/ }),
  ).toBeVisible();
  await expect(table.getByRole("row", { name: /quoteHotel Cancelled/ })).toBeVisible();
  await table.getByRole("button", { name: /noop × 1,500/ }).click();
  await expect(table).toHaveAttribute("aria-rowcount", "1512");
  await table.getByRole("button", { name: /noop × 1,500/ }).click();
  await table.getByRole("button", { name: "bookGuide" }).click();
  await expect(page.getByRole("complementary", { name: "The chosen row" })).toContainText("bookGuide");
});

test("each bar is held against what is usual for its kind", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}?view=table`);
  const group = page.getByRole("row", { name: /noop × 1,500/ });
  await expect(group).toContainText(/each \d+ ms/);
  await page.goto(`${fake.home}/runs?status=completed&workflow=bookTrip`);
  await page.getByRole("table", { name: "Runs" }).getByRole("link").first().click();
  await expect(page.getByText(/^, usually \d/)).toBeVisible();
  await page.keyboard.press("b");
  await expect(page.getByRole("row", { name: /bookHotel Completed/ })).toContainText(/\d ms/);
});

test("the graph shows what was asked for because of what, and is walked by arrow keys", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/view=graph/);
  const graph = page.getByRole("group", { name: /Graph of the run/ });
  await expect(graph.getByRole("button")).toHaveCount(11);
  await expect(graph.getByRole("button", { name: /noop × 1,500 .* after quoteHotel/ })).toBeVisible();
  await expect(
    graph.getByRole("button", { name: /quoteHotel .* Cancelled, after reserveMoney/ }),
  ).toBeVisible();
  await graph.getByRole("button", { name: /reserveMoney .* Completed, the first/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(
    graph.getByRole("button", { name: /quoteHotel .* Completed, after reserveMoney/ }),
  ).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "The chosen row" })).toContainText("quoteHotel");
});

test("an error says the file and line of one's own code without being opened", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/${tour}`);
  await page.getByRole("option", { name: /bookGuide/ }).click();
  await expect(page.getByText("…/travel/src/hotel.ts:41").first()).toBeVisible();
  // Quoted at the first attempt that ended with it, also where a later one completed.
  await expect(page.getByText("as attempt 1: ServiceUnavailable")).toBeVisible();
  await page.getByRole("button", { name: "Show the stack" }).first().click();
  await expect(page.getByText(/node_modules\/@downbeat\/sdk/).first()).toBeVisible();
});

test("a live run that is zoomed into grows without moving what is looked at", async ({ page, product }) => {
  await product.startRun("bookTrip", trip("T-zoom-1", { holdMs: 8_000 }), "T-zoom-1");
  await page.goto(`${product.home}/runs/T-zoom-1?zoom=0-400`);
  const payment = page.getByRole("option", { name: /processPayment Completed/ });
  await expect(payment).toBeVisible();
  await expect(page.getByRole("option", { name: /Sleeps until/ })).toBeVisible();
  const before = await payment.boundingBox();
  const ticks = () =>
    page.getByRole("region", { name: "Timeline" }).locator("[aria-hidden]").first().textContent();
  const ticksBefore = await ticks();

  await expect(page.getByRole("option", { name: /notifyCustomer Completed/ })).toBeVisible();
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  expect(await payment.boundingBox()).toMatchObject({ x: before?.x, width: before?.width });
  expect(await ticks()).toBe(ticksBefore);
  await expect(page).toHaveURL(/zoom=0-400/);
});
