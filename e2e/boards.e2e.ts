import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const patience = { timeout: 60_000 };

const panels = (page: Page) => page.getByRole("list", { name: "Panels" }).getByRole("listitem");

/** The board as it is saved. */
async function saved(page: Page, api: string) {
  const answer = await page.request.get(api);
  return (await answer.json()).result.data.boards[0];
}

test("a board is begun with the example, arranged by keys, and shows what its pages show", async ({
  page,
  product,
}) => {
  test.setTimeout(240_000);
  const runId = "T-boards-1";
  await product.act("runs.start", { workflow: "bookTrip", input: JSON.stringify(trip(runId)), runId });
  await page.goto(`${product.home}/runs/${runId}`);
  await expect(page.locator("header").getByText("Completed")).toBeVisible(patience);

  await page.goto(`${product.home}/boards`);
  await page.getByRole("button", { name: "Begin with an example board" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "How we are" })).toBeVisible();
  await expect(panels(page)).toHaveCount(9);
  // Figures are of one source: what the board says, the Overview of that period says.
  const completed = panels(page).nth(1).getByRole("link").first();
  await expect(completed).toHaveText(/^[1-9]/, patience);
  const count = await completed.textContent();
  await completed.click();
  await expect(page.getByRole("button", { name: /Stop filtering|Ended/ }).first()).toBeVisible();
  await expect(page.getByText(`${count} run`).first()).toBeVisible(patience);
  await page.goBack();

  await page.getByRole("button", { name: "Arrange", exact: true }).click();
  const later = page.getByRole("button", { name: "Move later: Stuck now" });
  await later.focus();
  await page.keyboard.press("Enter");
  await expect(panels(page).nth(1)).toContainText("Stuck now");
  await expect(later).toBeFocused();
  await page.getByRole("button", { name: "Wider: Stuck now" }).click();
  // Pressed again it only is as it was: nothing that was arranged is lost.
  await page.getByRole("button", { name: "Arrange", exact: true }).click();
  await page.getByRole("button", { name: "Add a panel…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Shows").selectOption("Jobs");
  await dialog.getByLabel("Title").fill("Work to do");
  await dialog.getByRole("button", { name: "Add the panel" }).click();
  await expect(panels(page)).toHaveCount(10);
  await page.getByRole("button", { name: "Save the board" }).click();
  await expect(page.getByRole("toolbar")).toHaveCount(0);
  await expect(panels(page).last()).toContainText("Work to do");
  const { board } = await saved(page, product.api("boards.list"));
  expect(board.panels[1]).toMatchObject({ figure: "stuck", width: 2 });
  expect(board.panels).toHaveLength(10);
});

test("of two who change one board the later one sees both, and says which stays", async ({
  page,
  product,
}) => {
  test.setTimeout(240_000);
  await page.goto(`${product.home}/boards`);
  await page.getByRole("button", { name: "New board…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("A board of two");
  await dialog.getByRole("button", { name: "Make the board" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "A board of two" })).toBeVisible();
  await page.getByRole("button", { name: "Fill it with the example" }).click();
  await expect(page.getByRole("button", { name: "Save the board" })).toBeVisible();
  // Meanwhile somebody else is quicker.
  const { id, version, board } = await saved(page, product.api("boards.list"));
  expect(board.name).toBe("A board of two");
  const theirs = { ...board, panels: [{ kind: "figure", id: "a", width: 1, height: 1, figure: "open" }] };
  await product.act("boards.save", { id, version, board: theirs });
  await expect(page.getByText(/saved another version of it meanwhile/)).toBeVisible(patience);
  await page.getByRole("button", { name: "Save the board" }).click();
  await expect(dialog.getByRole("figure").first()).toContainText("Open now, 1 × 1");
  await expect(dialog.getByRole("figure").last()).toContainText("Most frequent errors, 2 × 2");
  await dialog.getByRole("button", { name: /^Replace / }).click();
  await expect(dialog).toBeHidden();
  await expect(panels(page)).toHaveCount(9);

  await page.goto(`${product.home}/boards`);
  await page.getByRole("button", { name: "Delete A board of two" }).click();
  await dialog.getByRole("button", { name: "Delete the board" }).click();
  await expect(page.getByRole("link", { name: "A board of two" })).toBeHidden();
});

test("a panel is of the runs with some labels, says so, and its figures open exactly these", async ({
  page,
  product,
}) => {
  test.setTimeout(240_000);
  const start = (of: string, country: string, tier: string) => {
    const runId = `T-labels-${of}`;
    const input = JSON.stringify(trip(runId));
    return product.act("runs.start", { workflow: "bookTrip", input, runId, labels: { country, tier } });
  };
  await start("jp-gold", "JP", "gold");
  await start("jp", "JP", "silver");
  await start("de", "DE", "silver");
  await start("fr", "FR", "silver");
  await page.goto(`${product.home}/boards`);
  await page.getByRole("button", { name: "New board…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("By labels");
  await dialog.getByRole("button", { name: "Make the board" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "By labels" })).toBeVisible();
  await page.getByRole("button", { name: "Arrange", exact: true }).click();

  const words = "country=JP OR country=DE AND tier!=gold";
  const add = async (shows: string, title: string) => {
    await page.getByRole("button", { name: "Add a panel…" }).first().click();
    await dialog.getByLabel("Shows").selectOption(shows);
    if (shows !== "Started")
      await dialog.getByLabel("Runs", { exact: true }).selectOption("Runs that started");
    await dialog.getByLabel("Title").fill(title);
  };
  await add("Runs or a sum", "");
  const labels = dialog.getByLabel("With labels");
  await labels.fill("gold");
  await dialog.getByRole("button", { name: "Add the panel" }).click();
  await expect(dialog.getByRole("alert")).toContainText("asks for no label");
  await labels.fill(words);
  await dialog.getByRole("button", { name: "Add the panel" }).click();
  await add("Table of groups", "Who travels");
  await labels.fill(words);
  await dialog.getByLabel("Break down").selectOption({ label: "By label country" });
  await dialog.getByRole("button", { name: "Add the panel" }).click();
  await add("Started", "");
  await labels.fill(words);
  await dialog.getByRole("button", { name: "Add the panel" }).click();
  await page.getByRole("button", { name: "Save the board" }).click();
  await expect(page.getByRole("toolbar")).toHaveCount(0);

  const figure = panels(page).first();
  await expect(figure).toContainText(`Runs started · ${words}`);
  await expect(figure.getByRole("link")).toHaveText("2", patience);
  await figure.getByRole("link").click();
  const rows = page.getByRole("link", { name: /^T-labels-/ });
  await expect(rows).toHaveText([/T-labels-de/, /T-labels-jp$/]);
  await expect(page.getByText(/^2 runs$/)).toBeVisible();
  await page.goBack();
  await expect(panels(page).nth(1)).toContainText(`Who travels · ${words}`);
  const japan = panels(page).nth(1).getByRole("row", { name: /^JP / });
  await expect(japan.getByRole("link").first()).toHaveText("1");
  await japan.getByRole("link").first().click();
  await expect(rows).toHaveText([/T-labels-jp$/]);
  await page.goBack();
  const started = panels(page).nth(2);
  await expect(started).toContainText(`Started · ${words}`);
  await expect(started.getByRole("link")).toHaveText("2");
  await started.getByRole("link").click();
  await expect(rows).toHaveText([/T-labels-de/, /T-labels-jp$/]);

  // The page of figures asks the same, and its address says so.
  await page.goto(`${product.home}/figures?of=started`);
  const filter = page.getByLabel("With labels");
  await filter.fill("country=JP");
  await filter.press("Enter");
  await expect(page).toHaveURL(/label=country%3DJP/);
  const all = page.getByRole("row", { name: /^All / }).getByRole("link").first();
  await expect(all).toHaveText("2");
  await all.click();
  await expect(rows).toHaveCount(2);

  await page.goto(`${product.home}/boards`);
  await page.getByRole("button", { name: "Delete By labels" }).click();
  await dialog.getByRole("button", { name: "Delete the board" }).click();
  await expect(page.getByRole("link", { name: "By labels" })).toBeHidden();
});

test("on paper no figure of a table stands outside of its panel, and each panel is whole", async ({
  page,
  fake,
}) => {
  for (const width of [718, 1_047]) {
    // As wide as a page of A4 within its margins, upright and across.
    await page.setViewportSize({ width, height: 1_000 });
    await page.emulateMedia({ media: "print" });
    await page.goto(`${fake.home}/boards/week?range=24h`);
    await expect(page.locator("#content .board table").first()).toBeVisible();
    await expect(page.locator("#content .skeleton")).toHaveCount(0);
    const misplaced = () =>
      page.locator("#content .board > li").evaluateAll((panels) =>
        panels.flatMap((panel) => {
          const { right, bottom } = panel.getBoundingClientRect();
          return [...panel.querySelectorAll("td, th, p, dd")]
            .filter((cell) => cell.getClientRects().length > 0)
            .filter((cell) => {
              const box = cell.getBoundingClientRect();
              return (
                box.right > right + 1 || box.bottom > bottom + 1 || cell.scrollWidth > cell.clientWidth + 1
              );
            })
            .map((cell) => `${cell.textContent} at ${width}`);
        }),
      );
    await expect.poll(misplaced).toEqual([]);
  }
});

test("a wall shows the board alone, dark and large, and gives the page back", async ({ page, fake }) => {
  await page.goto(`${fake.home}/boards/week?wall=1&range=24h`);
  await expect(page.getByRole("heading", { level: 1, name: "How the week is" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByText("Last 24 hours", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Leave full screen" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme", "dark");
  expect(new URL(page.url()).search).toBe("?range=24h");
});
