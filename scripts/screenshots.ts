import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { client } from "@downbeat/sdk/client";
import { type Browser, type BrowserContext, chromium, type Page, type Route } from "@playwright/test";
import { z } from "zod";
import { bookTrip } from "../apps/travel/src/book-trip.ts";
import { exampleBoard } from "../apps/web/features/boards/example-board.ts";
import { chromiumOptions } from "../e2e/support/chromium.ts";
import { connectedTo, type Product, startProduct } from "../e2e/support/product.ts";
import { trip } from "../e2e/support/trip.ts";
import { sleep } from "./lib/processes.ts";

const help = `node scripts/screenshots.ts [--only <page>]

Starts the product, which must be built (npm run build), books trips of which some fail, and takes pictures of every page into docs/screenshots:
filled at 390, 1,440 and 2,560 px, light and dark; empty, loading and failing at 1,440 px.`;

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
const trips = 120;
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
  alerts: "/alerts",
  approvals: "/approvals",
  quarantine: "/quarantine",
  audit: "/audit",
  tokens: "/tokens",
  account: "/account",
  system: "/system",
  analytics: "/analytics",
};
const boardList = z.object({
  result: z.object({ data: z.object({ boards: z.array(z.object({ id: z.string() })) }) }),
});
/** Of the board that is shown, once it is there. */
let boardId = "none-yet";
/** Asks for an approval, and would hold the flight for long. */
const waiting = { amountCents: 900_000, holdMs: 3_600_000 };
const asked = Object.entries(pages).filter(([name]) => values.only === undefined || values.only === name);

if (values.only === undefined) rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });
await using product = await startProduct({
  TRAVEL_FAILURE_RATE: "0.1",
  TRAVEL_REJECTION_RATE: "0.15",
  TRAVEL_OUTAGE_RATE: "0.02",
  TRAVEL_SLOWNESS_MS: "300",
});
const browser = await chromium.launch(chromiumOptions);
try {
  await each("empty", [normal], ["light"]);
  await book(product);
  boardId = await saveBoard(product);
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
        await page.goto(`${product.home}${path.replace(":board", boardId)}`);
        if (state === "loading") await page.locator("#content").waitFor(patience);
        else await settled(page);
        await picture(page, [name, state, theme, width].join("-"));
        await page.close();
      }
      console.log(`${state}, ${theme}, ${width} px`);
    }
}

async function newContext(from: Browser, colorScheme: Theme, width: number) {
  const context: BrowserContext = await from.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
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

async function picture(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality });
  await session.detach();
  writeFileSync(join(to, `${name}.webp`), Buffer.from(data, "base64"));
}

async function saveBoard({ act, api }: Product): Promise<string> {
  await act("boards.save", { board: exampleBoard });
  const answer = boardList.parse(await (await fetch(api("boards.list"))).json());
  return answer.result.data.boards[0]?.id ?? "";
}

async function book(booked: Product): Promise<void> {
  const connection = connectedTo(booked);
  const travellers = client({ connection, actor: "screenshots" });
  try {
    const runs = await Promise.all(
      Array.from({ length: trips }, (_, index) =>
        travellers.start(bookTrip, trip(`trip-${index}`, index < 100 ? {} : waiting), {
          runId: `trip-${index}`,
          labels: { customer: `customer-${index % 7}` },
        }),
      ),
    );
    // Those that are stuck stay so.
    const ends = runs.slice(0, 40).map((run) => run.result({ onStuck: "throw" }));
    await Promise.allSettled(ends);
  } finally {
    await travellers.close();
    await connection.close();
  }
}
