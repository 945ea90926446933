import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, type BrowserContext, chromium, type Page, type Route } from "@playwright/test";
import { chromiumOptions } from "../e2e/support/chromium.ts";
import { type Filled, fill, picturedProduct } from "./lib/pictured.ts";
import { sleep } from "./lib/processes.ts";

const help = `node scripts/screenshots.ts [--only <page>,<page>…]

Starts the product with accounts, builds it first if needed, books trips of which some fail, and takes pictures of every page into docs/screenshots:
filled at 390, 1,440 and 2,560 px, light and dark; empty, loading and failing at 1,440 px. With --only, those of other pages stay.`;

const { values } = parseArgs({
  options: { only: { type: "string" }, help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(help);
  process.exit();
}

const to = join(import.meta.dirname, "..", "docs", "screenshots");
const widths = [390, 1_440, 2_560];
const normal = 1_440;
const height = 900;
/** Of WebP, in per cent. */
const quality = 60;
const patience = { timeout: 90_000 };

const pages: Readonly<Record<string, string>> = {
  overview: "?range=1h",
  attention: "/attention",
  runs: "/runs",
  run: "/runs/trip-1",
  graph: "/runs/trip-1?view=graph",
  jobs: "/jobs?show=completed",
  timers: "/timers",
  owed: "/owed",
  case: "/case?run=trip-1",
  compare: "/compare?run=trip-1&with=trip-2",
  figures: "/figures",
  boards: "/boards",
  board: "/boards/:board",
  bulk: "/bulk",
  "bulk-action": "/bulk/:bulk",
  alerts: "/alerts",
  approvals: "/approvals",
  quarantine: "/quarantine",
  audit: "/audit",
  tokens: "/tokens",
  account: "/account",
  system: "/system",
  analytics: "/analytics",
};
const none: Filled = { boardId: "none-yet", bulkId: "none-yet" };
let filled = none;
let session: Awaited<ReturnType<BrowserContext["storageState"]>> | undefined;
const wanted = values.only?.split(",");
const asked = Object.entries(pages).filter(([name]) => wanted === undefined || wanted.includes(name));

if (values.only === undefined) rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });
await using product = await picturedProduct();
const browser = await chromium.launch(chromiumOptions);
try {
  const ada = await signIn(browser, "ada");
  session = await ada.storageState();
  await each("empty", [normal], ["light"]);
  filled = await fill(product, ada, await signIn(browser, "grace"));
  await each("filled", widths, ["light", "dark"]);
  await each("loading", [normal], ["light"], () => new Promise(() => {}));
  await each("failing", [normal], ["light"], (route) => route.abort());
} finally {
  await browser.close();
}
console.log(`${readdirSync(to).length} pictures in docs/screenshots`);

type Theme = "light" | "dark";

/** @param answer what becomes of everything that a page asks the server */
async function each(
  state: string,
  at: readonly number[],
  themes: readonly Theme[],
  answer?: (route: Route) => Promise<void>,
): Promise<void> {
  for (const theme of themes)
    for (const width of at) {
      await using opened = await newContext(browser, theme, width);
      const { context } = opened;
      if (answer !== undefined) await context.route("**/trpc/**", answer);
      for (const [name, path] of asked) {
        const page = await context.newPage();
        await page.goto(
          `${product.home}${path.replace(":board", filled.boardId).replace(":bulk", filled.bulkId)}`,
        );
        if (state === "loading") await page.locator("#content").waitFor(patience);
        else await settled(page);
        if (name === "analytics" && state === "filled") await runQuery(page);
        await picture(page, [name, state, theme, width].join("-"));
        await page.close();
      }
      console.log(`${state}, ${theme}, ${width} px`);
    }
}

async function signIn(from: Browser, person: "ada" | "grace"): Promise<BrowserContext> {
  const context = await from.newContext({ viewport: { width: normal, height } });
  const page = await context.newPage();
  await page.goto(product.home);
  await page.getByLabel("Name").waitFor(patience);
  if (person === "ada") await picture(page, `sign-in-light-${normal}`);
  await product.people.signIn(page, person);
  await page.locator("#content").waitFor(patience);
  await page.close();
  return context;
}

async function newContext(from: Browser, colorScheme: Theme, width: number) {
  const context: BrowserContext = await from.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
    ...(session !== undefined && { storageState: session }),
  });
  return { context, [Symbol.asyncDispose]: () => context.close() };
}

async function settled(page: Page): Promise<void> {
  await page.locator("#content").waitFor(patience);
  // What one answer shows may ask for the next.
  for (let looks = 0; looks < 2; looks++) {
    await sleep(500);
    await page.waitForFunction(() => document.querySelector("#content .skeleton, [aria-busy=true]") === null);
  }
}

/** The page shows nothing by itself. */
async function runQuery(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("table", { name: "Result" }).waitFor(patience);
  await settled(page);
}

async function picture(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality });
  await session.detach();
  writeFileSync(join(to, `${name}.webp`), Buffer.from(data, "base64"));
}
