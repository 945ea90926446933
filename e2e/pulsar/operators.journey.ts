import { test } from "@playwright/test";
import { newNamespace } from "../../scripts/lib/pulsar-namespace.ts";
import { serversOf } from "../../scripts/pulsar/suite/servers.ts";
import { mendingAnOutage, mendOutage } from "../support/outage.ts";
import { type Product, startProduct } from "../support/product.ts";
import { setCauseAside, settingAside } from "../support/set-aside.ts";
import { steering, steerTimers } from "../support/steering.ts";

/** What operators do to many runs, to timers and to causes, as on the embedded log. */

let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const servers = serversOf(process.env);
  if (servers === undefined)
    throw new Error("Run `npm run test:pulsar`, which starts Pulsar and Pulsar SQL.");
  const { pulsar } = servers;
  product = await startProduct({}, { pulsar, namespace: await newNamespace(pulsar, "operators") });
});

test.afterAll(() => product?.[Symbol.asyncDispose]());

test(steering, ({ page }) => steerTimers(product, page));

test(settingAside, async ({ browser }) => {
  test.setTimeout(300_000);
  await setCauseAside(product, browser);
});

test(mendingAnOutage, async ({ context, page }) => {
  test.setTimeout(480_000);
  await mendOutage(product, context, page);
});
