import type { Page } from "@playwright/test";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";

test.use({ reducedMotion: "reduce" });

/** In both themes. */
async function expectNoViolations(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeViolations(page), `in the ${colorScheme} theme`).toEqual([]);
  }
}

test("the overview is accessible, as charts and as tables", async ({ page, fake }) => {
  await page.goto(fake.home);
  await expect(page.getByRole("slider", { name: /Runs ended/ })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Table" }).first().click();
  await page.getByRole("button", { name: "Table" }).first().click();
  await expectNoViolations(page);
});

test("the list of runs is accessible, with its palette, help and dialogs", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Start a run" }).click();
  const dialog = page.getByRole("dialog", { name: "Start a run" });
  await dialog.getByRole("button", { name: "Add hotel" }).click();
  await dialog.getByRole("button", { name: "Add to legs" }).click();
  await dialog.getByRole("button", { name: "Start bookTrip" }).click();
  await expect(dialog.getByText("Needed.").first()).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /All time/ }).click();
  await expectNoViolations(page);
});

test("the audit is accessible, with all of an entry", async ({ page, fake }) => {
  await page.goto(`${fake.home}/audit`);
  await expect(page.getByRole("table", { name: "What people did" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "run SQL" }).click();
  await expect(page.getByRole("dialog").getByText("SELECT status")).toBeVisible();
  await expectNoViolations(page);
});

test("tokens are accessible, with the form of one and what is shown once", async ({ page, fake }) => {
  await page.goto(`${fake.home}/tokens`);
  await expect(page.getByRole("list", { name: "Tokens" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "New token…" }).click();
  const dialog = page.getByRole("dialog", { name: "New token" });
  await dialog.getByLabel("What it is for").fill("billing");
  await expectNoViolations(page);
  await dialog.getByRole("button", { name: "Make the token" }).click();
  await expect(dialog.getByRole("textbox", { name: "The token" })).toBeVisible();
  await expectNoViolations(page);
});

test("one's own account is accessible, with the form of a password and what is asked before an end", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/account`);
  await expect(page.getByRole("list", { name: "Your sessions" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "End the session of Safari on iPhone" }).click();
  await expect(page.getByRole("button", { name: "End the session" })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Change password…" }).click();
  const dialog = page.getByRole("dialog", { name: "Change your password" });
  await dialog.getByLabel("Current password").fill("not it");
  await dialog.getByRole("button", { name: "Change the password" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("The current password is not right.");
  await expectNoViolations(page);
});

test("alerts are accessible, with the form of a rule", async ({ page, fake }) => {
  await page.goto(`${fake.home}/alerts`);
  await expect(page.getByRole("list", { name: "Rules" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Silence Nobody books" }).click();
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Edit Bookings are stuck" }).click();
  await expect(page.getByRole("dialog").getByText("It would notify nobody now.")).toBeVisible();
  await expectNoViolations(page);
});

test("approvals are accessible, with the form of a decision", async ({ page, fake }) => {
  await page.goto(`${fake.home}/approvals`);
  await expect(page.getByRole("list", { name: "Requests" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Approve…" }).first().click();
  await expect(page.getByRole("dialog").getByLabel("Reason (optional)")).toBeVisible();
  await expectNoViolations(page);
});

test("figures are accessible, with goals and the form of one", async ({ page, fake }) => {
  await page.goto(`${fake.home}/figures?by=workflow&number=output.total`);
  await expect(page.getByRole("list", { name: "Goals" }).getByText("97.87 %")).toBeVisible();
  await expect(page.getByRole("row", { name: /^bookTrip / })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Edit Bookings in time" }).click();
  await expect(page.getByRole("dialog").getByText(/^Now: Reached/)).toBeVisible();
  await expectNoViolations(page);
});

test("boards are accessible: their list, a board, its arranging and the form of a panel", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/boards`);
  await expect(page.getByRole("link", { name: "How the week is" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("link", { name: "How the week is" }).click();
  await expect(page.getByRole("slider", { name: /Runs ended · bookTrip/ })).toBeVisible();
  await expect(page.getByText("97.87 %")).toBeVisible();
  await expect(page.getByText("The saved query was deleted.")).toBeVisible();
  await expect(page.locator("#content .skeleton")).toHaveCount(0);
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Arrange", exact: true }).click();
  await expect(page.getByRole("toolbar")).toHaveCount(14);
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Edit: Runs ended · bookTrip" }).click();
  await expect(page.getByRole("dialog").getByLabel("Shows")).toBeFocused();
  await expectNoViolations(page);
});

test("a long run is accessible: its groups, critical path, marks and table", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/tour-2026-11-23?path=1`);
  await expect(page.getByRole("option", { name: /noop × 1,500/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Actions and decisions" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: /2 events, among them/ }).click();
  await expect(page.getByRole("button", { name: /The run failed/ })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("table", { name: "Timeline as a table" })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("m");
  await expect(page.getByRole("group", { name: /Graph of the run/ })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press("z");
  await expect(page.getByRole("complementary", { name: "The run at an event" })).toBeVisible();
  await expect(page.getByText("What it changed")).toBeVisible();
  await expectNoViolations(page);
});

test("two runs beside each other are accessible, and the choice of the other", async ({ page, fake }) => {
  await page.goto(`${fake.home}/compare?run=tour-2026-11-23`);
  await expect(page.getByRole("button", { name: /tour-2026-11-22/ })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: /tour-2026-11-22/ }).click();
  await page.getByRole("button", { name: "quoteHotel" }).first().click();
  await expectNoViolations(page);
});

test("a run is accessible: stuck, with a chosen job and an open event", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs?status=stuck&q=bookhotel`);
  await page
    .getByRole("link", { name: /booking-/ })
    .first()
    .click();
  await expect(page.getByRole("option", { name: /bookHotel Stuck/ })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("option", { name: /bookHotel Stuck/ }).click();
  await page.locator("[data-event]").nth(2).click();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Complete with a value" }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectNoViolations(page);
});

test("what needs a person is accessible", async ({ page, fake }) => {
  await page.goto(`${fake.home}/attention`);
  await expect(page.getByRole("button", { name: "Retry bookHotel" }).first()).toBeVisible();
  await page
    .getByRole("button", { name: /Show 5 attempts/ })
    .first()
    .click();
  await expectNoViolations(page);
});

test("jobs are accessible, open ones and what became of them", async ({ page, fake }) => {
  for (const query of ["", "?show=completed", "?show=rejected&range=15m"]) {
    await page.goto(`${fake.home}/jobs${query}`);
    await expect(page.getByText("live", { exact: true })).toBeVisible();
    await expect(page.locator("#content .skeleton")).toHaveCount(0);
    await expectNoViolations(page);
  }
});

test("what is due is accessible, with its dialogs", async ({ page, fake }) => {
  await page.goto(`${fake.home}/timers`);
  await page.getByRole("button", { name: "End the sleep now" }).first().waitFor();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Postpone the end of the sleep" }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.getByLabel("Postpone by").selectOption("Until a time…");
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Due/ }).click();
  await expectNoViolations(page);
});

test("a cause that is set aside is accessible, and the dialog in which one says so", async ({
  page,
  fake,
}) => {
  await page.goto(`${fake.home}/attention`);
  await page.getByRole("button", { name: "Mute…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "1 hour" }).click();
  await dialog.getByLabel("Note").fill("The hotel knows.");
  await dialog.getByLabel("Ticket").fill("https://tickets.example/7");
  await expectNoViolations(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("note", { name: "What people said about this cause" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Set aside: 1 muted" })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Change the mute…" }).click();
  await dialog.getByRole("button", { name: "Not muted" }).click();
  await dialog.getByLabel("Note").fill("");
  await dialog.getByLabel("Ticket").fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Set aside: 1 muted" })).toBeHidden();
});

test("a bulk action is accessible: its dialog, its page, and the list of all", async ({ page, fake }) => {
  await page.goto(`${fake.home}/attention`);
  await page.getByRole("button", { name: "Retry bookHotel" }).first().waitFor();
  const cause = page.getByRole("button", { name: /RateLimited|ServiceUnavailable|StartToCloseTimeout/ });
  await cause.first().click();
  await page
    .getByRole("checkbox", { name: /^Choose / })
    .first()
    .check();
  await page
    .getByRole("checkbox", { name: /^Choose / })
    .nth(1)
    .check();
  await page.getByRole("button", { name: /^Retry \w+ in 2 runs$/ }).click();
  const dialog = page.getByRole("dialog", { name: "Retry 2 jobs" });
  await expect(dialog.getByRole("status")).toContainText("Exactly 2 jobs");
  await expectNoViolations(page);
  await dialog.getByLabel("Reason").fill("the service is back");
  await dialog.getByRole("button", { name: "Retry 2 jobs" }).click();
  await expect(page.getByRole("img", { name: /^Of 2: / })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("link", { name: "Bulk actions" }).click();
  await expect(page.getByRole("list", { name: "Bulk actions" })).toBeVisible();
  await expectNoViolations(page);
});

test("pages that have nothing to show are accessible", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs/no-such-run`);
  await expect(page.getByText("There is no run with this id")).toBeVisible();
  await expectNoViolations(page);
  await page.goto(`${fake.url}/no-such-page`);
  await expect(page.getByText("There is no such page")).toBeVisible();
  await expectNoViolations(page);
});
