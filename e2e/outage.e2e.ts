import { test } from "./support/fixtures.ts";
import { mendingAnOutage, mendOutage } from "./support/outage.ts";

test(mendingAnOutage, async ({ context, page, product }) => {
  test.setTimeout(240_000);
  await mendOutage(product, context, page);
});
