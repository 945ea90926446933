import { expect, test } from "./support/fixtures.ts";
import { setCauseAside, settingAside } from "./support/set-aside.ts";

test(settingAside, async ({ browser, product }) => {
  test.setTimeout(180_000);
  await setCauseAside(product, browser);
});

test("of two who say something of one cause the second sees both, and chooses", async ({ browser, fake }) => {
  const [ada, grace] = [
    await (await browser.newContext()).newPage(),
    await (await browser.newContext()).newPage(),
  ];
  try {
    for (const page of [ada, grace]) {
      await page.goto(`${fake.home}/attention`);
      await page.getByRole("button", { name: "Add a note or ticket…" }).click();
    }
    const [of, other] = [ada.getByRole("dialog"), grace.getByRole("dialog")];
    await of.getByLabel("Note").fill("Ada is at it.");
    await other.getByLabel("Note").fill("Grace is at it.");
    await of.getByRole("button", { name: "Save" }).click();
    await expect(of).toBeHidden();
    await other.getByRole("button", { name: "Save" }).click();
    await expect(other.getByRole("alert")).toContainText("Nothing of yours was saved.");
    await expect(other.getByText("Ada is at it.")).toBeVisible();
    await expect(other.getByText("Grace is at it.")).toBeVisible();
    await other.getByRole("button", { name: "Save yours over it" }).click();
    await expect(other).toBeHidden();
    await expect(ada.getByRole("note", { name: "What people said about this cause" })).toContainText(
      "Grace is at it.",
    );
    // Left as it was found, for the other tests.
    await ada.getByRole("button", { name: "Change the note…" }).click();
    await of.getByLabel("Note").fill("");
    await of.getByRole("button", { name: "Save" }).click();
    await expect(ada.getByRole("note", { name: "What people said about this cause" })).toBeHidden();
  } finally {
    await ada.context().close();
    await grace.context().close();
  }
});

test("what is saved over somebody else's is what was shown as one's own, and muted or not it is resolved and not resolved", async ({
  browser,
  fake,
}) => {
  const [ada, grace] = [
    await (await browser.newContext()).newPage(),
    await (await browser.newContext()).newPage(),
  ];
  const [of, other] = [ada.getByRole("dialog"), grace.getByRole("dialog")];
  const said = grace.getByRole("note", { name: "What people said about this cause" });
  const say = async (opener: string) => {
    await grace.getByRole("button", { name: opener, exact: true }).click();
    await other.getByRole("button", { name: "Save" }).click();
    await expect(other).toBeHidden();
  };
  try {
    for (const page of [ada, grace]) await page.goto(`${fake.home}/attention`);
    await grace.getByRole("button", { name: "Mute…", exact: true }).click();
    await other.getByRole("button", { name: "1 hour" }).click();
    await ada.getByRole("button", { name: "Mark as resolved…" }).click();
    await of.getByLabel("Note").fill("Ada has mended it.");
    await of.getByRole("button", { name: "Save" }).click();
    await expect(of).toBeHidden();
    await other.getByRole("button", { name: "Save" }).click();
    await expect(other.getByRole("figure", { name: "Yours" })).toContainText(/Muted until .*, not resolved/);
    await other.getByRole("button", { name: "Save yours over it" }).click();
    await expect(other).toBeHidden();
    await expect(said).toContainText("Muted until");
    await expect(said).not.toContainText("Ada has mended it.");

    await say("Mark as resolved…");
    await expect(said).toContainText(/Muted until .*\. Resolved /);
    await say("Mark as unresolved…");
    await expect(grace.getByRole("button", { name: "Mark as resolved…" })).toBeVisible();
    // Left as it was found, for the other tests.
    await grace.getByRole("button", { name: "Change the mute…" }).click();
    await other.getByRole("button", { name: "Not muted" }).click();
    await other.getByRole("button", { name: "Save" }).click();
    await expect(said).toBeHidden();
  } finally {
    await ada.context().close();
    await grace.context().close();
  }
});

test("what is no longer muted is muted again as if nobody had said anything of it", async ({
  page,
  fake,
}) => {
  const dialog = page.getByRole("dialog");
  const say = async (opener: string, choice: string) => {
    await page.getByRole("button", { name: opener, exact: true }).click();
    await dialog.getByRole("button", { name: choice }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
  };
  await page.goto(`${fake.home}/attention`);
  for (let time = 0; time < 2; time++) {
    await say("Mute…", "1 hour");
    await say("Change the mute…", "Not muted");
  }
});

test("a cause is set aside and found again with the keyboard alone", async ({ page, fake }) => {
  await page.goto(`${fake.home}/attention`);
  await page.getByRole("button", { name: "Mute…" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Mute until")).toBeFocused();
  await dialog.getByRole("button", { name: "4 hours" }).press("Enter");
  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await expect(dialog).toBeHidden();
  const fold = page.getByRole("button", { name: "Set aside: 1 muted" });
  await expect(fold).toHaveAttribute("aria-expanded", "true");
  // Also while what is chosen is in it.
  await fold.press("Enter");
  await expect(fold).toHaveAttribute("aria-expanded", "false");
  await fold.press("Enter");
  await expect(fold).toHaveAttribute("aria-expanded", "true");
  await page.getByRole("button", { name: "Change the mute…" }).press("Enter");
  await dialog.getByRole("button", { name: "Not muted" }).press("Enter");
  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await expect(fold).toBeHidden();
});
