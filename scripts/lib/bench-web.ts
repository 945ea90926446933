/// <reference lib="dom" />
import { client } from "@downbeat/sdk/client";
import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { bookTrip } from "../../apps/travel/src/book-trip.ts";
import { chromiumOptions } from "../../e2e/support/chromium.ts";
import { connectedTo, type Product, startProduct } from "../../e2e/support/product.ts";
import { trip } from "../../e2e/support/trip.ts";
import { sleep } from "./processes.ts";

export interface WebOptions {
  /** Bookings before anything is opened. */
  readonly bookings: number;
  /** How long a tab is looked at while nothing happens, and again while bookings run. */
  readonly seconds: number;
}

/** Each as people first open it, with nothing in the browser's cache. `booking-0` is a run. */
const pages = {
  overview: "",
  attention: "/attention",
  runs: "/runs",
  run: "/runs/booking-0",
  jobs: "/jobs",
  timers: "/timers",
  owed: "/owed",
  case: "/case?run=booking-0",
  compare: "/compare?run=booking-0&with=booking-1",
  figures: "/figures",
  boards: "/boards",
  audit: "/audit",
  bulk: "/bulk",
  alerts: "/alerts",
  approvals: "/approvals",
  quarantine: "/quarantine",
  tokens: "/tokens",
  system: "/system",
  analytics: "/analytics",
};

const atOnce = 10;

const kilobytes = (bytes: number) => Math.round(bytes / 1_000);

/**
 * What the dashboard costs a browser: bytes of a first load and when its largest part is painted, for each page; requests, processor time of the page's
 * main thread and its heap, for a tab that is left open while nothing happens and while bookings run.
 */
export async function webBench({ bookings, seconds }: WebOptions): Promise<object> {
  await using product = await startProduct({
    TRAVEL_FAILURE_RATE: "0",
    TRAVEL_REJECTION_RATE: "0",
    TRAVEL_OUTAGE_RATE: "0",
    TRAVEL_SLOWNESS_MS: "1",
  });
  await book(product, bookings, 0);
  const browser = await chromium.launch(chromiumOptions);
  try {
    const firstLoads: Record<string, object> = {};
    for (const [name, path] of Object.entries(pages))
      firstLoads[name] = await firstLoad(browser, `${product.home}${path}`);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(product.home);
    await page.getByText("live", { exact: true }).waitFor();
    const idle = await leftOpen(page, seconds, async () => {});
    const busy = await leftOpen(page, seconds, () => book(product, seconds * 20, seconds));
    return { bookings, firstLoads, overviewLeftOpen: { seconds, idle, busy } };
  } finally {
    await browser.close();
  }
}

async function firstLoad(browser: Browser, url: string): Promise<object> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const scripts = new Set<string>();
    const sum = { script: 0, unpacked: 0, all: 0, requests: 0 };
    session.on("Network.responseReceived", ({ requestId, type }) => {
      if (type === "Script") scripts.add(requestId);
    });
    session.on("Network.dataReceived", ({ requestId, dataLength }) => {
      if (scripts.has(requestId)) sum.unpacked += dataLength;
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      sum.requests += 1;
      sum.all += encodedDataLength;
      if (scripts.has(requestId)) sum.script += encodedDataLength;
    });
    await page.goto(url);
    await page.getByText("live", { exact: true }).waitFor();
    await page.waitForLoadState("load");
    await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
    return {
      scriptKb: kilobytes(sum.script),
      scriptUnpackedKb: kilobytes(sum.unpacked),
      allKb: kilobytes(sum.all),
      requests: sum.requests,
      largestPaintMs: await page.evaluate(largestPaint),
    };
  } finally {
    await context.close();
  }
}

function largestPaint(): Promise<number> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(Math.round(list.getEntries().at(-1)?.startTime ?? -1))).observe(
      { type: "largest-contentful-paint", buffered: true },
    );
  });
}

async function leftOpen(page: Page, seconds: number, meanwhile: () => Promise<void>): Promise<object> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  let requests = 0;
  const count = () => {
    requests += 1;
  };
  page.on("request", count);
  const before = await metrics(session);
  await Promise.all([sleep(seconds * 1_000), meanwhile()]);
  const after = await metrics(session);
  page.off("request", count);
  await session.send("HeapProfiler.collectGarbage");
  const { JSHeapUsedSize = 0 } = await metrics(session);
  await session.detach();
  const lasted = (after.Timestamp ?? 0) - (before.Timestamp ?? 0);
  return {
    requestsAMinute: Math.round((requests * 60) / lasted),
    mainThreadShare: Number((((after.TaskDuration ?? 0) - (before.TaskDuration ?? 0)) / lasted).toFixed(3)),
    heapKb: kilobytes(JSHeapUsedSize),
  };
}

async function metrics(session: CDPSession): Promise<Record<string, number>> {
  const { metrics: all } = await session.send("Performance.getMetrics");
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

/** @param overSeconds spread over this time; 0: as fast as they are taken, and until they have ended */
async function book(product: Product, bookings: number, overSeconds: number): Promise<void> {
  const connection = connectedTo(product);
  try {
    const travellers = client({ connection, actor: "bench" });
    const began = Date.now();
    const ends: Promise<unknown>[] = [];
    for (let index = 0; index < bookings; index += atOnce) {
      const ids = Array.from({ length: Math.min(atOnce, bookings - index) }, (_, at) =>
        overSeconds === 0 ? `booking-${index + at}` : `later-${began}-${index + at}`,
      );
      const started = await Promise.all(
        ids.map((runId) => travellers.start(bookTrip, trip(runId), { runId })),
      );
      if (overSeconds === 0) ends.push(...started.map((run) => run.result()));
      await sleep(Math.max(0, began + (index / bookings) * overSeconds * 1_000 - Date.now()));
    }
    await Promise.all(ends);
  } finally {
    await connection.close();
  }
}
