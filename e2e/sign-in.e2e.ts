import { Events, OAuth2Server } from "oauth2-mock-server";
import { axeViolations } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { People } from "./support/people.ts";
import { freePort, type Product, startProduct } from "./support/product.ts";

const provider = new OAuth2Server();
const people = new People();
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  people.add("ada", "--full-name", "Ada Lovelace", "--group", "admins");
  people.add("grace");
  await provider.issuer.keys.generate("RS256");
  await provider.start(0, "localhost");
  provider.service.on(Events.BeforeTokenSigning, ({ payload }: { payload: object }) => {
    Object.assign(payload, { sub: "00u1", name: "Katherine Johnson", groups: ["admins"] });
  });
  const port = await freePort();
  const company = { issuer: provider.issuer.url, clientId: "downbeat", name: "Example Inc." };
  people.configure({ address: `http://localhost:${port}`, provider: company });
  product = await startProduct({ DOWNBEAT_ACCESS_FILE: people.accessFile }, undefined, [], port);
});

test.afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await provider.stop();
  people[Symbol.dispose]();
});

for (const [width, colorScheme] of [
  [390, "light"],
  [1_440, "dark"],
] as const)
  test(`the page for signing in is whole and accessible at ${width} px, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${product.url}/signin`);
    await expect(page.getByLabel("Name")).toBeFocused();
    await people.signIn(page, "ada", "not the password");
    await expect(page.getByRole("alert")).toHaveText("The name or the password is not right.");
    await expect(page.getByLabel("Name")).toHaveValue("ada");
    await expect(page.getByLabel("Password")).toBeFocused();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.screenshot({ path: test.info().outputPath(`sign-in-${width}.png`) });
  });

test("people come to where they were going, see who they are, and leave", async ({ page }) => {
  await page.goto(`${product.home}/runs?status=stuck`);
  await expect(page).toHaveURL(/\/signin\?to=/);
  await people.signIn(page, "ada");
  await expect(page).toHaveURL(`${product.home}/runs?status=stuck`);
  const who = page.getByRole("button", { name: /Ada Lovelace/ });
  await who.click();
  const dialog = page.getByRole("dialog", { name: "Who you are" });
  await expect(dialog).toContainText("local|ada");
  await expect(dialog).toContainText("Role in this namespace: admin");
  await page.screenshot({ path: test.info().outputPath("who.png") });
  await dialog.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status")).toHaveText("You are signed out.");
  await page.goBack();
  await expect(page.getByLabel("Password")).toBeVisible();
});

test("people come in by the company's own sign-in, and leave it as well", async ({ page }) => {
  await page.goto(`${product.home}/attention`);
  await page.screenshot({ path: test.info().outputPath("both.png") });
  await page.getByRole("link", { name: "Sign in with Example Inc." }).click();
  await expect(page).toHaveURL(`${product.home}/attention`);
  await page.getByRole("button", { name: /Katherine Johnson/ }).click();
  const dialog = page.getByRole("dialog", { name: "Who you are" });
  await expect(dialog).toContainText("|00u1");
  await dialog.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status")).toHaveText("You are signed out here.");
  await page.getByRole("link", { name: "Sign out there, too" }).click();
  await expect(page).toHaveURL(`${product.url}/signin?why=out`);
});

test("a tab whose session has ended shows nothing of what it showed, and goes on when its owner is back", async ({
  page,
  context,
}) => {
  await page.goto(`${product.home}/runs`);
  await people.signIn(page, "ada");
  await expect(page.getByText("· admin")).toBeVisible();
  await expect(page.getByRole("status").getByText("live", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Start a run" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Start a run" });
  const runId = dialog.getByLabel("Run id");
  await runId.fill("a-telling-name");
  const kept = { title: await page.title(), path: new URL(page.url()).pathname };
  people.users(["sign-out", "ada"]);
  await expect(page.getByRole("heading", { name: "You are not signed in any more" })).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await expect(page).toHaveTitle("Signed out · Downbeat");
  expect(await page.locator("body").innerText()).not.toContain("Ada Lovelace");
  expect(await page.content()).not.toContain("a-telling-name");
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain("telling");
  expect(await axeViolations(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("signed-out.png") });
  await expect(page.getByRole("link", { name: "Sign in again" })).toHaveAttribute(
    "href",
    `/signin?${new URLSearchParams({ to: kept.path, why: "ended" })}`,
  );
  const other = await context.newPage();
  await other.goto(product.home);
  await people.signIn(other, "ada");
  await expect(other.getByText("· admin")).toBeVisible();
  await page.bringToFront();
  await expect(page.getByRole("status").getByText("live", { exact: true })).toBeVisible();
  await expect(page).toHaveTitle(kept.title);
  await page.getByRole("button", { name: "Start a run" }).first().click();
  await expect(runId).toHaveValue("a-telling-name");
});
