import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { type Browser, expect, type Page } from "@playwright/test";
import { connectedTo, type Product } from "./product.ts";

const bookRoom = job<number, string>("bookSuite", { retry: { maxAttempts: 1 } });
const booking = workflow("suiteBooking", async (run, guest: number) => run.job(bookRoom, guest));

const badge = (page: Page) =>
  page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Attention/ });

export const settingAside =
  "a cause is muted with a note and a ticket for all to see, counts for nobody, is resolved, and comes back when it recurs";

export async function setCauseAside(product: Product, browser: Browser): Promise<void> {
  const hotel = { isUp: false };
  const connection = connectedTo(product);
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
    const said = watching.getByRole("note", { name: "What people said about this cause" });
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
    await expect(watching.getByText("Nothing with this cause needs you any more.")).toBeVisible();
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
}
