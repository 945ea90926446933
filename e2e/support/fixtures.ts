import { test as base, expect } from "@playwright/test";
import { type FakeProduct, startFakeProduct } from "./fake-product.ts";
import { type Product, startProduct } from "./product.ts";

interface PerTest {
  /** Fails the test when a page says anything on its console. */
  readonly quietConsole: undefined;
}

interface PerWorker {
  /** The whole product, its services doing their work at once and without faults. */
  readonly product: Product;
  /** The pages in front of fixture data. */
  readonly fake: FakeProduct;
}

export const test = base.extend<PerTest, PerWorker>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      await using product = await startProduct({
        TRAVEL_FAILURE_RATE: "0",
        TRAVEL_REJECTION_RATE: "0",
        TRAVEL_OUTAGE_RATE: "0",
        TRAVEL_SLOWNESS_MS: "50",
      });
      await use(product);
    },
    { scope: "worker", timeout: 180_000 },
  ],
  fake: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      await using fake = await startFakeProduct({ history: 1_500, everyMs: 1_000, bigRunJobs: 3_400 });
      await use(fake);
    },
    { scope: "worker", timeout: 60_000 },
  ],
  quietConsole: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on("pageerror", (error) => said.push(error.message));
      page.on("console", (message) => {
        // A request that fails says so by itself; tests that make requests fail look at what the page makes of it.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
          said.push(message.text());
      });
      await use(undefined);
      expect(said).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
