import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./support/fixtures.ts";
import { type Product, startProduct } from "./support/product.ts";
import { trip } from "./support/trip.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-e2e-alerts-"));
const told: string[] = [];
const chat = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    told.push(JSON.parse(body).text);
    response.end();
  });
});
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  await new Promise<void>((resolve) => chat.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/secret`;
  const file = join(directory, "channels.json");
  writeFileSync(file, JSON.stringify({ channels: { chat: { kind: "slack", url } } }));
  // The airline is down for as long as anybody looks.
  product = await startProduct({
    DOWNBEAT_ALERT_CHANNELS: file,
    TRAVEL_OUTAGE_RATE: "1",
    TRAVEL_OUTAGE_MS: "6000000",
    TRAVEL_FAILURE_RATE: "0",
    TRAVEL_REJECTION_RATE: "0",
    TRAVEL_SLOWNESS_MS: "0",
  });
});

test.afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  chat.close();
  rmSync(directory, { recursive: true });
});

async function ruleOf(name: string): Promise<{ ruleId: string; version: number }> {
  const { result } = await (await fetch(product.api("alerts.list"))).json();
  return result.data.rules.find((rule: { readonly name: string }) => rule.name === name);
}

test("a rule is made in the form, tells the chat when runs are stuck, and is silenced, changed and deleted", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.goto(`${product.home}/alerts`);
  await expect(page.getByText("No alert rules yet")).toBeVisible();
  await page.getByRole("button", { name: "Send a test to chat" }).click();
  await expect(page.getByText("Delivered.")).toBeVisible();
  expect(told.splice(0)[0]).toContain("Nothing is wrong.");

  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("Stuck trips");
  await dialog.getByLabel("For longer than, minutes").fill("soon");
  await expect(dialog.getByText("Enter the number of minutes.")).toBeVisible();
  await dialog.getByLabel("For longer than, minutes").fill("0.02");
  await expect(dialog.getByText("1 run or more stuck for longer than 1.20 s.")).toBeVisible();
  await expect(dialog.getByText("It would notify nobody now. 0 runs")).toBeVisible();
  await expect(dialog.getByLabel("chat")).toBeChecked();
  await dialog.getByRole("button", { name: "Save the rule" }).click();
  await expect(dialog).toBeHidden();
  const rules = page.getByRole("list", { name: "Rules" });
  await expect(rules).toContainText(/Stuck trips.*No incident/s);

  await product.startRun("bookTrip", trip("T-alert-1"), "T-alert-1");
  const found = page.getByRole("list", { name: "Incidents" });
  await expect(found).toContainText("1 run has been stuck for more than 1.20 s.", { timeout: 60_000 });
  await expect(found).toContainText("1 channel told: chat.");
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^Alert: Stuck trips \(public\/default\)\n/);
  const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Alerts/ });
  await expect(link).toContainText("1");

  await page.getByRole("button", { name: "Silence Stuck trips" }).click();
  await page.getByRole("button", { name: "4 hours" }).click();
  await expect(rules).toContainText("Silenced until");
  await page.getByRole("button", { name: "Edit Stuck trips" }).click();
  await expect(dialog.getByText("It would notify people now. 1 run")).toBeVisible();
  await dialog.getByLabel("What is wrong").selectOption({ label: "Engines don’t decide" });
  await dialog.getByRole("button", { name: "Save the rule" }).click();
  await expect(dialog).toBeHidden();
  await expect(rules).toContainText("Commands wait and no engine has decided one for longer than 1 min.");
  // It goes on being silenced, and what it had found ends when that is no longer so.
  await expect(rules).toContainText("Silenced until");

  // Two people who change one rule: the later one sees both.
  const { ruleId, version } = await ruleOf("Stuck trips");
  const theirs = { name: "Engines", condition: { kind: "notDeciding", longerThanMs: 120_000 }, channels: [] };
  await page.getByRole("button", { name: "Edit Stuck trips" }).click();
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await product.act("alerts.save", { ruleId, version, rule: theirs });
  await dialog.getByRole("button", { name: "Save the rule" }).click();
  await expect(dialog.getByRole("alert")).toContainText("saved another version of “Engines”");
  const versions = dialog.getByRole("figure");
  await expect(versions.first()).toContainText(/“Engines”: .* longer than 2 min\. Notifies nobody\./);
  await expect(versions.last()).toContainText(/“Stuck trips”: .* longer than 1 min\. Tells chat\./);
  await expect(dialog.getByRole("button", { name: /^Keep / })).toBeFocused();
  await dialog.getByRole("button", { name: "Save yours under another name" }).click();
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await dialog.getByRole("button", { name: "Save the rule" }).click();
  await expect(dialog).toBeHidden();
  await expect(rules).toContainText("Stuck trips (2)");
  await page.getByRole("button", { name: "Delete Stuck trips (2)" }).click();
  await dialog.getByRole("button", { name: "Delete the rule" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Edit Engines" }).click();
  await dialog.getByLabel("Name").fill("Stuck trips");
  await product.act("alerts.save", { ruleId, version: version + 1, rule: theirs });
  await dialog.getByRole("button", { name: "Save the rule" }).click();
  await dialog.getByRole("button", { name: /^Replace / }).click();
  await expect(dialog).toBeHidden();
  await expect(rules).toContainText("Stuck trips");

  await page.getByRole("button", { name: "Delete Stuck trips" }).click();
  await dialog.getByRole("button", { name: "Delete the rule" }).click();
  await expect(page.getByText("No alert rules yet")).toBeVisible();
  await expect(found).toContainText("Resolved: The rule was deleted.", { timeout: 60_000 });
});
