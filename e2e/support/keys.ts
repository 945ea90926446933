import { expect, type Locator, type Page } from "@playwright/test";

/** More than this from one thing to the next is nothing that people do. */
const mostTabs = 25;

/**
 * Somebody without a mouse. Each stroke is counted but those that write a text, and after each the place of the keyboard can be
 * seen, and is not lost on the page as a whole.
 */
export class Keys {
  readonly page: Page;
  count = 0;

  constructor(page: Page) {
    this.page = page;
  }

  /** @param keys one after the other, as "g r"; with modifiers as Playwright writes them */
  async press(keys: string): Promise<void> {
    for (const key of keys.split(" ")) {
      await this.page.keyboard.press(key);
      this.count += 1;
    }
  }

  /** Tab until it is reached. @throws when it takes more than anybody would press */
  async tabTo(what: Locator): Promise<void> {
    await expect(what).toBeVisible();
    for (let tabs = 0; tabs < mostTabs; tabs++) {
      await this.press("Tab");
      await this.seesFocus();
      if (await what.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${what} is not reached by ${mostTabs} strokes of Tab.`);
  }

  /** Into the field that has the focus, without a stroke that leads there. */
  async write(field: Locator, text: string): Promise<void> {
    await expect(field).toBeFocused();
    await this.page.keyboard.type(text);
  }

  /** What has the focus is in the window and drawn as what has it. */
  async seesFocus(): Promise<void> {
    await expect.poll(() => this.page.evaluate(drawnFocus)).toBe("seen");
  }

  /** After something was closed or left: from where the focus is, keys lead on. */
  async hasPlace(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(() => document.activeElement?.tagName ?? "NOTHING"))
      .not.toMatch(/^(?:BODY|HTML|NOTHING)$/);
  }
}

/** Runs in the page. @returns "seen", or what is wrong */
function drawnFocus(): string {
  const { activeElement: element } = document;
  if (element === null || element === document.body) return "on the page as a whole";
  const { width, height, top, bottom, left, right } = element.getBoundingClientRect();
  const what = `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.slice(0, 40)}`;
  if (width === 0 || height === 0) return `${what} has no size`;
  const isInWindow = bottom > 0 && top < window.innerHeight && right > 0 && left < window.innerWidth;
  if (!isInWindow) return `${what} is outside of the window`;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const isDrawn = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  return isDrawn ? "seen" : `${what} is not drawn as focused`;
}
