import { connect, job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

const bookRoom = job<number, string>("bookSuite", { retry: { maxAttempts: 1 } });
const booking = workflow("suiteBooking", async (run, guest: number) => run.job(bookRoom, guest));

const badge = (page: Page) =>
  page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Attention/ });

test("a cause is muted with a note and a ticket for all to see, counts for nobody, is resolved, and comes back when it recurs", async ({
  browser,
  product,
}) => {
  test.setTimeout(180_000);
  const hotel = { isUp: false };
  const connection = connect(product.logUrl, { logger: false });
  const staff = worker({
    connection,
    workflows: [booking],
    build: "2026-11-20",
    isolation: "none",
    onProblem: () => {},
    jobs: {
      bookSuite: () => {
        if (!hotel.isUp) throw new TypeError("connect ECONNREFUSED 10.0.0.7:443");
        return "suite";
      },
    },
  });
  const [acting, watching] = [
    await (await browser.newContext()).newPage(),
    await (await browser.newContext()).newPage(),
  ];
  try {
    await staff.ready;
    const guests = client({ connection });
    for (const guest of [1, 2, 3])
      await guests.start(booking, guest, { runId: `suite-${guest}`, labels: { hotel: "Nikko" } });

    await acting.goto(`${product.home}/attention`);
    await watching.goto(`${product.home}/attention`);
    await acting.getByRole("button", { name: /bookSuite.*3 jobs/s }).click();
    await expect(badge(watching)).toHaveText("Attention3");
    const facts = acting.getByLabel("About this cause");
    await expect(facts.getByText("First seen")).toBeVisible();
    await expect(facts.getByRole("img", { name: /3 new in the last 4 h/ })).toBeVisible();
    await expect(facts).toContainText("suiteBooking · 2026-11-20 3");
    await expect(facts).toContainText("hotelNikko 3");

    // Muted for an hour, with a note and a ticket.
    await acting.getByRole("button", { name: "Mute…" }).click();
    let dialog = acting.getByRole("dialog", { name: "About the cause at bookSuite" });
    await dialog.getByRole("button", { name: "1 hour" }).click();
    await dialog.getByLabel("Note").fill("The hotel moves its servers.");
    await dialog.getByLabel("Ticket").fill("javascript:alert(1)");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByRole("alert")).toContainText("begins with https:// or http://");
    await dialog.getByLabel("Ticket").fill("https://tickets.example/7");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();

    // Whoever looks elsewhere sees it at once: nothing needs them, and where it went.
    await expect(badge(watching)).toHaveText("Attention");
    await expect(watching.getByText("1 cause with 3 runs set aside")).toBeVisible();
    const said = watching.getByRole("note", { name: "What was said of this cause" });
    await expect(said).toContainText(/Muted until .*The hotel moves its servers/s);
    await expect(said.getByRole("link")).toHaveAttribute("href", "https://tickets.example/7");
    await watching.reload();
    await expect(watching.getByText("Nothing needs you")).toBeVisible();
    await watching.getByRole("button", { name: "Set aside: 1 muted" }).click();
    await watching.getByRole("button", { name: /bookSuite.*Muted until/s }).click();

    // The overview agrees, and raises no alarm.
    await acting.goto(product.home);
    await expect(acting.getByText(/nothing waits for a person: 3 stuck runs are set aside\./)).toBeVisible();
    await expect(acting.getByRole("link", { name: "See what to do" })).toBeHidden();
    await acting.goto(watching.url());

    // It is mended and resolved.
    hotel.isUp = true;
    await acting.getByRole("button", { name: "Mark as resolved…" }).click();
    dialog = acting.getByRole("dialog", { name: "About the cause at bookSuite" });
    await expect(dialog.getByLabel(/^Resolved/)).toBeChecked();
    await dialog.getByRole("button", { name: "Not muted" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(watching.getByRole("button", { name: "Set aside: 1 resolved" })).toBeVisible();

    // One that fails once more after that brings it back, and says so.
    hotel.isUp = false;
    await guests.start(booking, 4, { runId: "suite-4", labels: { hotel: "Nikko" } });
    await expect(badge(watching)).toHaveText("Attention4", { timeout: 30_000 });
    await expect(watching.getByRole("button", { name: /bookSuite.*Came back: resolved/s })).toBeVisible();
    await expect(said).toContainText("Came back");

    // What is left is helped; what was said is found again all the same.
    hotel.isUp = true;
    await acting.getByRole("button", { name: "Retry all 4…" }).click();
    dialog = acting.getByRole("dialog", { name: "Retry 4 jobs" });
    await dialog.getByLabel("Reason").fill("The servers are up.");
    await dialog.getByRole("button", { name: "Retry 4 jobs" }).click();
    await expect(acting.getByRole("img", { name: "Of 4: 4 recovered" })).toBeVisible({ timeout: 60_000 });
    await expect(watching.getByText("Nothing of this cause needs you any more.")).toBeVisible();
    await expect(watching.getByText("The hotel moves its servers.")).toBeVisible();
    await watching.getByRole("button", { name: "Change the note…" }).click();
    dialog = watching.getByRole("dialog");
    await dialog.getByLabel("Note").fill("");
    await dialog.getByLabel("Ticket").fill("");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
  } finally {
    await acting.context().close();
    await watching.context().close();
    await staff.stop({ graceMs: 100 });
    await connection.close();
  }
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
    await expect(ada.getByRole("note", { name: "What was said of this cause" })).toContainText(
      "Grace is at it.",
    );
    // Left as it was found, for the other tests.
    await ada.getByRole("button", { name: "Change the note…" }).click();
    await of.getByLabel("Note").fill("");
    await of.getByRole("button", { name: "Save" }).click();
    await expect(ada.getByRole("note", { name: "What was said of this cause" })).toBeHidden();
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
  const said = grace.getByRole("note", { name: "What was said of this cause" });
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
    await say("Not resolved after all…");
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
