import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { trip } from "./support/trip.ts";

async function startForm(page: Page, home: string): Promise<Locator> {
  await page.goto(`${home}/runs`);
  // A list without runs has a button of its own.
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Start a run" });
  await dialog.getByLabel("Workflow").selectOption("bookTrip");
  await expect(dialog.getByRole("group", { name: "customer" })).toBeVisible();
  return dialog;
}

const json = (dialog: Locator) => dialog.getByLabel("Input as JSON");

test("the name of a workflow is typed to its end though their list arrives meanwhile, at the second try", async ({
  page,
  product,
}) => {
  const arrival = Promise.withResolvers<void>();
  const failed = new Set<string>();
  await page.route(/(workflows\.list|catalogue\.workflows)/, async (route) => {
    const what = new URL(route.request().url()).pathname;
    if (!failed.has(what)) {
      failed.add(what);
      return await route.abort();
    }
    await arrival.promise;
    await route.continue();
  });
  await page.goto(`${product.home}/runs`);
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Start a run" });
  await dialog.getByRole("combobox", { name: "Workflow" }).press("b");
  arrival.resolve();
  await expect(dialog.locator("datalist option").first()).toBeAttached();
  await page.keyboard.type("ookTrip");
  await expect(dialog.getByRole("button", { name: "Start bookTrip" })).toBeVisible();
  await expect(dialog.getByRole("group", { name: "customer" })).toBeVisible();
});

test("a trip is booked by a form that its workflow's schema makes, and what is missing is said at its field", async ({
  page,
  product,
}) => {
  const dialog = await startForm(page, product.home);
  await dialog.getByLabel("tripId").fill("T-form-1");
  await dialog.getByRole("button", { name: "Start bookTrip" }).click();
  const customer = dialog.getByRole("group", { name: "customer" });
  const name = customer.getByLabel("name");
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveAccessibleDescription("Needed.");
  await expect(json(dialog)).toHaveAccessibleDescription(
    "customer.name, customer.email, flight.from, flight.to, flight.departsOn and 4 more don't fit.",
  );
  await name.fill("Ada Byron");
  await expect(name).toHaveAttribute("aria-invalid", "false");

  const email = customer.getByLabel("email");
  await email.fill("ada");
  await expect(email).toHaveAccessibleDescription("Invalid email address");
  await email.fill("ada@example.com");
  const flight = dialog.getByRole("group", { name: "flight" });
  await flight.getByLabel("from").fill("CDG");
  await flight.getByLabel("to").fill("LIS");
  await flight.getByLabel("departsOn").fill("2027-05-01");
  const hotel = dialog.getByRole("group", { name: "hotel" });
  await hotel.getByLabel("city").fill("Lisbon");
  await hotel.getByLabel("nights").fill("three");
  await expect(hotel.getByLabel("nights")).toHaveAccessibleDescription("Expected a number.");
  await hotel.getByLabel("nights").fill("3");
  await dialog.getByLabel("amountCents").fill("120000");
  await dialog.getByLabel("timeZone").fill("Europe/Lisbon");
  await dialog.getByLabel("holdMs").fill("0");
  await dialog.getByLabel("documents").selectOption("email");
  await dialog.getByLabel("Run id").fill("T-form-1");
  await dialog.getByRole("button", { name: "Start bookTrip" }).click();

  await expect(page).toHaveURL(/\/runs\/T-form-1$/);
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  const input = page.getByRole("group", { name: "input" }).first();
  await expect(input).toContainText("ada@example.com");
  await expect(input).toContainText("120000");
});

test("form and JSON say the same, whichever of them is typed into", async ({ page, product }) => {
  const dialog = await startForm(page, product.home);
  await dialog.getByLabel("tripId").fill("T-form-2");
  await expect(json(dialog)).toHaveValue(/"tripId": "T-form-2"/);
  await json(dialog).fill(JSON.stringify(trip("T-form-3", { documents: "paper", extra: 1 })));
  await expect(dialog.getByLabel("tripId")).toHaveValue("T-form-3");
  await expect(dialog.getByLabel("documents")).toHaveValue("1");
  await dialog.getByRole("group", { name: "hotel" }).getByLabel("nights").fill("7");
  // What the form knows nothing of stays.
  await expect(json(dialog)).toHaveValue(/"nights":7[\s\S]*"extra":1/);
  await json(dialog).fill('{"tripId": ');
  await expect(json(dialog)).toHaveAccessibleDescription(/^Not JSON/);
  await expect(dialog.getByLabel("tripId")).toBeDisabled();
  await expect(dialog.getByRole("button", { name: "Start bookTrip" })).toBeDisabled();
  await json(dialog).fill('{"tripId": 7}');
  await expect(dialog.getByLabel("tripId")).toHaveAccessibleDescription("Expected text.");
});

test("JSON that is typed arrives, is shown and found as it was typed", async ({ page, product }) => {
  const dialog = await startForm(page, product.home);
  const note = 'x", "admin": "true';
  const typed = JSON.stringify(trip("T-form-5", { 10: "ten", 2: "two", ref: "REF", price: "PRICE", note }))
    .replace('"REF"', "3544790567247868102")
    .replace('"PRICE"', "1.10");
  await json(dialog).fill(typed);
  await dialog.getByRole("group", { name: "hotel" }).getByLabel("nights").fill("7");
  const edited = typed.replace('"nights":3', '"nights":7');
  await expect(json(dialog)).toHaveValue(edited);
  await dialog.getByLabel("Run id").fill("T-form-5");
  await dialog.getByRole("button", { name: "Start bookTrip" }).click();
  await expect(page).toHaveURL(/\/runs\/T-form-5$/);
  const input = page.getByRole("group", { name: "input" }).first();
  await expect(input).toContainText("ref:3544790567247868102,");
  await expect(input).toContainText("price:1.10,");
  await expect(input).toContainText(String.raw`note:"x\", \"admin\": \"true"`);
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
  const events = page.getByRole("region", { name: "Events" });
  await events.getByLabel("Search the events").fill('"price": 1.10');
  await expect(events).toContainText(/1 of \d+/);
});

test("what may be left out is added and taken out again by key", async ({ page, fake }) => {
  const dialog = await startForm(page, fake.home);
  await dialog.getByRole("button", { name: "Add hotel" }).focus();
  await page.keyboard.press("Enter");
  const city = dialog.getByRole("group", { name: "hotel" }).getByLabel("city");
  await expect(city).toHaveAttribute("aria-invalid", "false");
  await city.fill("Lisbon");
  await expect(json(dialog)).toHaveValue(/"city": "Lisbon"/);
  await dialog.getByRole("button", { name: "Remove hotel" }).focus();
  await page.keyboard.press("Enter");
  await expect(json(dialog)).not.toHaveValue(/hotel/);
  await dialog.getByRole("button", { name: "Add to legs" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("legs 1", { exact: true })).toBeFocused();
  await page.keyboard.type("LIS");
  await expect(json(dialog)).toHaveValue(/"legs": \[\s*"LIS"\s*\]/);
  await dialog.getByLabel("breakfast").selectOption("yes");
  await expect(json(dialog)).toHaveValue(/"breakfast": true/);
  await dialog.getByLabel("holdUntil").fill("2027-05-01T09:00:00");
  await expect(json(dialog)).toHaveValue(/"holdUntil": "2027-0[45]-\d\dT\d\d:\d\d:00\.000Z"/);
  await dialog.getByLabel("notes").fill('{"from": "Ada"}');
  await expect(json(dialog)).toHaveValue(/"from": "Ada"/);
  await expect(json(dialog)).toHaveAccessibleDescription(
    /The worker checks more than the form can of tripId\./,
  );
});

test("a signal is given by a form as well, and what comes of it is seen", async ({ page, product }) => {
  await product.startRun("bookTrip", trip("T-form-4", { amountCents: 400_000 }), "T-form-4");
  await page.goto(`${product.home}/runs/T-form-4`);
  await page.getByRole("button", { name: "Send “approval”" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Send a signal" }).click();
  const by = dialog.getByLabel("by", { exact: true });
  await expect(by).toHaveAccessibleDescription("Needed.");
  await by.fill("Ada");
  await dialog.getByLabel("approved").selectOption("yes");
  await dialog.getByRole("button", { name: "Send a signal" }).click();
  await expect(page.locator("header").getByText("Completed")).toBeVisible();
});

test("the overview lists the workers that are there, with what they do", async ({ page, product }) => {
  await page.goto(product.home);
  const workers = page.getByRole("region", { name: "Workers" });
  const hosting = workers.getByRole("row", { name: /booking-\d+/ });
  await expect(hosting).toContainText("bookTrip");
  const paying = workers.getByRole("row", { name: /payment-\d+/ });
  await expect(paying).toContainText(/processPayment \(\d+ at a time\)/);
  await expect(workers.getByRole("columnheader")).toHaveText([
    "Worker",
    "Build",
    "Started",
    "Heard",
    "Load",
    "Jobs",
    "Workflows",
  ]);
});

test("a worker's build, its host and its version of the SDK are told", async ({ page, fake }) => {
  await page.goto(fake.home);
  const row = page.getByRole("region", { name: "Workers" }).getByRole("row", { name: /travel-1/ });
  await expect(row).toContainText("2026-12-01.3");
  await expect(row).toContainText("bookHotel (1 at a time)");
  await expect(row.getByTitle("on vm-1, SDK 0.1.0")).toBeVisible();
});

test("starting what is there already starts nothing, and says where it is", async ({ page, product }) => {
  const known = trip("T-form-6");
  await product.startRun("bookTrip", known, "T-form-6");
  const dialog = await startForm(page, product.home);
  await json(dialog).fill(JSON.stringify(known));
  await dialog.getByLabel("Run id").fill("T-form-6");
  await dialog.getByRole("button", { name: "Start bookTrip" }).click();
  await expect(dialog.getByRole("status")).toContainText("Nothing was started");
  await dialog.getByRole("link", { name: "Open the run" }).click();
  await expect(page).toHaveURL(/\/runs\/T-form-6$/);
});

test("what doesn't fit the announced schema is marked, and whether it starts is the engine's to say", async ({
  page,
  product,
}) => {
  const dialog = await startForm(page, product.home);
  await json(dialog).fill('{"tripId": 7}');
  await expect(dialog.getByRole("button", { name: "Start anyway" })).toBeHidden();
  await dialog.getByRole("button", { name: "Start bookTrip" }).click();
  await dialog.getByRole("button", { name: "Start anyway" }).click();
  await expect(dialog.getByRole("alert")).toContainText("tripId");
});

test("of what is one of several, one is chosen, and has fields of its own", async ({ page, fake }) => {
  await page.goto(`${fake.home}/runs`);
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Start a run" });
  await dialog.getByLabel("Workflow").selectOption("bookTrip");
  const payment = dialog.getByRole("group", { name: "payment" });
  await payment.getByLabel("by").selectOption("card");
  await payment.getByLabel("number").fill("4111");
  await payment.getByLabel("note").fill("soon");
  await expect(json(dialog)).toHaveValue(/"by": "card",\s+"number": "4111",\s+"note": "soon"/);
  await payment.getByLabel("by").selectOption("voucher");
  await expect(payment.getByLabel("number")).toHaveCount(0);
  await expect(payment.getByLabel("note")).toHaveValue("soon");
  await payment.getByLabel("code").fill("XMAS");
  await expect(json(dialog)).toHaveValue(/"by": "voucher",\s+"note": "soon",\s+"code": "XMAS"/);
  await payment.getByLabel("by").selectOption("–");
  await expect(json(dialog)).not.toHaveValue(/payment/);

  const extras = dialog.getByRole("group", { name: "extras", exact: true });
  await extras.getByRole("button", { name: "Add to extras" }).click();
  const first = extras.getByRole("group", { name: "extras 1" });
  await first.getByLabel("Kind of extras 1").selectOption("with seats");
  await first.getByLabel("seats").fill("2");
  await expect(json(dialog)).toHaveValue(/"extras": \[\s+\{\s+"seats": 2/);
  await first.getByLabel("Kind of extras 1").selectOption("text");
  await first.getByLabel("text").fill("a window");
  await expect(json(dialog)).toHaveValue(/"extras": \[\s+"a window"/);
  // Typed as JSON, it is shown as what it is.
  await json(dialog).fill('{"payment": {"by": "card"}, "extras": [{"seats": 3}]}');
  await expect(payment.getByLabel("by")).toHaveValue("0");
  await expect(first.getByLabel("seats")).toHaveValue("3");
  await expect(payment.getByLabel("number")).toHaveAccessibleDescription("Needed.");
});
