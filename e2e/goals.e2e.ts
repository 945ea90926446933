import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

const label = { suite: "goals" };

test("a goal is set in the form, counts runs as they end, opens exactly the bad ones, and is changed and deleted", async ({
  page,
  product,
}) => {
  test.setTimeout(240_000);
  for (const number of [1, 2]) {
    const runId = `T-goals-${number}`;
    await product.act("runs.start", {
      workflow: "bookTrip",
      input: JSON.stringify(trip(runId)),
      runId,
      labels: label,
    });
    await page.goto(`${product.home}/runs/${runId}`);
    await expect(page.locator("header").getByText("Completed")).toBeVisible({ timeout: 60_000 });
  }
  await page.goto(`${product.home}/figures`);
  const goals = page.getByRole("region", { name: "Goals" });
  await expect(goals.getByText("None has been set yet.")).toBeVisible();
  await goals.getByRole("button", { name: "New goal…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("Trips in time");
  await dialog.getByLabel("With labels").fill("suite=goals");
  await dialog.getByLabel("Per cent").fill("100");
  await expect(dialog.getByText("from 1 to 99.999")).toBeVisible();
  await dialog.getByLabel("Per cent").fill("50");
  await dialog.getByLabel("Within, seconds").fill("3600");
  await expect(dialog.getByText("Now: Reached: 100 % of 2 runs were good.")).toBeVisible({ timeout: 60_000 });
  // No trip takes a millisecond.
  await dialog.getByLabel("Within, seconds").fill("0.001");
  await expect(dialog.getByText(/Now: Missed: 0 % of 2 runs were good/)).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole("button", { name: "Save the goal" }).click();
  await expect(dialog).toBeHidden();

  const card = goals.getByRole("listitem");
  await expect(
    card.getByText("50 % of the runs with suite=goals complete within 1 ms, over 28 days."),
  ).toBeVisible();
  await expect(card.getByText("Missed")).toBeVisible({ timeout: 60_000 });
  await expect(card.getByText(/Overspent: 1 bad run more than the 1 that may be/)).toBeVisible();
  await card.getByRole("link", { name: "2 bad" }).click();
  await expect(page).toHaveURL(/missed=1/);
  await expect(page.getByText(/^2 runs$/)).toBeVisible();
  await expect(
    page.getByRole("button", { name: "Stop filtering by did not complete within 1 ms" }),
  ).toBeVisible();
  await page.goBack();

  await card.getByRole("button", { name: "Edit Trips in time" }).click();
  await expect(dialog.getByLabel("Within, seconds")).toHaveValue("0.001");
  // Meanwhile somebody else is quicker.
  const answer = await page.request.get(product.api("goals.list"));
  const { id, goal } = (await answer.json()).result.data.goals[0];
  const theirs = { ...goal, percent: 60 };
  await product.act("goals.save", { id, version: 1, goal: theirs });
  await dialog.getByRole("button", { name: "Save the goal" }).click();
  await expect(dialog.getByRole("alert")).toContainText("saved another version of “Trips in time”");
  const versions = dialog.getByRole("figure");
  await expect(versions.first()).toContainText("“Trips in time”: 60 % of the runs with suite=goals");
  await expect(versions.last()).toContainText("Yours“Trips in time”: 50 % of the runs with suite=goals");
  const keep = dialog.getByRole("button", { name: /^Keep .*’s$/ });
  await expect(keep).toBeFocused();
  expect(await axeViolations(page)).toEqual([]);
  await keep.click();
  await expect(dialog).toBeHidden();
  await expect(card.getByText(/^60 % of the runs/)).toBeVisible();

  // Or one's own stays, in its place or beside it.
  await card.getByRole("button", { name: "Edit Trips in time" }).click();
  await dialog.getByLabel("Per cent").fill("70");
  await product.act("goals.save", { id, version: 2, goal: { ...goal, percent: 65 } });
  await dialog.getByRole("button", { name: "Save the goal" }).click();
  await dialog.getByRole("button", { name: /^Replace .*’s$/ }).click();
  await expect(dialog).toBeHidden();
  await expect(card.getByText(/^70 % of the runs/)).toBeVisible();
  await card.getByRole("button", { name: "Edit Trips in time" }).click();
  await dialog.getByLabel("Per cent").fill("80");
  await product.act("goals.save", { id, version: 4, goal: theirs });
  await dialog.getByRole("button", { name: "Save the goal" }).click();
  await dialog.getByRole("button", { name: "Save yours under another name" }).click();
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expect(dialog.getByLabel("Name")).toHaveValue("Trips in time (2)");
  await dialog.getByRole("button", { name: "Save the goal" }).click();
  await expect(dialog).toBeHidden();
  await expect(card.first().getByText(/^60 % of the runs/)).toBeVisible();
  await expect(card.last().getByText(/^80 % of the runs/)).toBeVisible();
  await card.getByRole("button", { name: "Delete Trips in time (2)" }).click();
  await dialog.getByRole("button", { name: "Delete the goal" }).click();
  await expect(card).toHaveCount(1);

  // What was deleted comes back only as a new one.
  await card.getByRole("button", { name: "Edit Trips in time" }).click();
  await product.act("goals.delete", { id, version: 5 });
  await dialog.getByRole("button", { name: "Save the goal" }).click();
  await expect(dialog.getByRole("alert")).toContainText(/deleted this goal .*Nothing was saved/);
  await dialog.getByRole("button", { name: "Save yours as a new goal" }).click();
  await dialog.getByRole("button", { name: "Save the goal" }).click();
  await expect(dialog).toBeHidden();

  await card.getByRole("button", { name: "Delete Trips in time" }).click();
  await dialog.getByRole("button", { name: "Delete the goal" }).click();
  await expect(dialog).toBeHidden();
  await expect(goals.getByText("None has been set yet.")).toBeVisible();
});
