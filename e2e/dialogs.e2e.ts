import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

const stuck = "/runs?status=stuck&q=bookhotel";

async function openStuckRun(page: Page, home: string): Promise<void> {
  await page.goto(`${home}${stuck}`);
  await page
    .getByRole("link", { name: /booking-/ })
    .first()
    .click();
  await expect(page.getByRole("button", { name: "Retry bookHotel" })).toBeVisible();
}

test("the reason has the focus when something is to be done, and the button has it again when it is not", async ({
  page,
  fake,
}) => {
  await openStuckRun(page, fake.home);
  const dialog = page.getByRole("dialog");
  for (const name of ["Retry bookHotel", "Complete with a value", "Cancel bookHotel", "Cancel the run"]) {
    const button = page.getByRole("button", { name, exact: true });
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(dialog.getByLabel("Reason")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
  }
  // What is asked for from a menu is given back to the button of the menu.
  const more = page.getByRole("button", { name: "More", exact: true });
  await more.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Terminate the run…" }).click();
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  await page.keyboard.press("?");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
});

test("a click beside a dialog drops nothing that was typed", async ({ page, fake }) => {
  await openStuckRun(page, fake.home);
  const dialog = page.getByRole("dialog");
  const retry = page.getByRole("button", { name: "Retry bookHotel", exact: true });
  await retry.click();
  await dialog.getByLabel("Reason").fill("the hotel answers again");
  await dialog.getByLabel("With another input").check();
  await dialog.getByRole("textbox", { name: "New input" }).fill('{"tripId":"T-typed"}');
  await page.mouse.click(5, 400);
  await expect(dialog).toBeHidden();
  await retry.click();
  await expect(dialog.getByLabel("Reason")).toHaveValue("the hotel answers again");
  await expect(dialog.getByRole("textbox", { name: "New input" })).toHaveValue('{"tripId":"T-typed"}');
  // Of another action it is not the reason.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Cancel bookHotel" }).click();
  await expect(dialog.getByLabel("Reason")).toHaveValue("");
});

test("the focus is never nowhere: not after an action that takes its button away, and not after Back", async ({
  page,
  fake,
}) => {
  const where = () => page.evaluate(() => document.activeElement?.tagName);
  await page.goto(`${fake.home}${stuck}`);
  const link = page.getByRole("link", { name: /booking-/ }).first();
  const runId = (await link.getAttribute("title")) ?? "";
  await link.focus();
  await page.keyboard.press("Enter");
  const retry = page.getByRole("button", { name: "Retry bookHotel", exact: true });
  await expect(retry).toBeVisible();
  await expect.poll(where).not.toBe("BODY");
  await page.goBack();
  await expect(page.locator(`a[title="${runId}"]`)).toBeFocused();
  await page.goForward();
  await retry.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("Reason").fill("again");
  await page.getByRole("dialog").getByRole("button", { name: "Retry bookHotel" }).click();
  await expect(retry).toBeHidden();
  await expect.poll(where).not.toBe("BODY");
});
