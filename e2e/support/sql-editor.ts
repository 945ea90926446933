import { expect, type Page } from "@playwright/test";

export const sqlEditor = (page: Page) => page.getByRole("textbox", { name: "SQL" });

export const resultCells = (page: Page) => page.getByRole("table", { name: "Result" }).getByRole("cell");

/** @param home of the namespace's pages */
export async function openAnalytics(page: Page, home: string, query = ""): Promise<void> {
  await page.goto(`${home}/analytics${query}`);
  await expect(sqlEditor(page)).toBeVisible();
}

export async function writeSql(page: Page, sql: string): Promise<void> {
  await sqlEditor(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(sql);
}
