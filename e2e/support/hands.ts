import { expect, type Locator, type Page } from "@playwright/test";

/** What a person does with mouse and keyboard, counted. What is typed into a field is not: it is as long as what people have to say. */
export class Hands {
  readonly page: Page;
  clicks = 0;
  keys = 0;

  constructor(page: Page) {
    this.page = page;
  }

  async click(what: Locator): Promise<void> {
    await what.click();
    this.clicks += 1;
  }

  /** @param keys one after the other, as "g r"; with modifiers as Playwright writes them */
  async press(keys: string): Promise<void> {
    for (const key of keys.split(" ")) {
      await this.page.keyboard.press(key);
      this.keys += 1;
    }
  }

  /** Into a field that has the focus by itself. */
  async write(field: Locator, text: string): Promise<void> {
    await expect(field).toBeFocused();
    await field.fill(text);
  }

  /** Into a field that has to be clicked first. */
  async clickAndWrite(field: Locator, text: string): Promise<void> {
    await this.click(field);
    await field.fill(text);
  }

  /** Opens the list and chooses. */
  async choose(field: Locator, option: string): Promise<void> {
    await field.selectOption(option);
    this.clicks += 2;
  }
}
