import { startFakeProduct } from "./support/fake-product.ts";
import { expect, test } from "./support/fixtures.ts";

test("a partition in which nothing is decided is told above every page, and no page says that all is well", async ({
  page,
}) => {
  await using product = await startFakeProduct({ history: 0, everyMs: 0, bigRunJobs: 0 });
  const stalled = { partition: 3, kind: "stalled", waiting: 12, forMs: 40_000, owner: "engine-a" } as const;
  const sentence = "Partition 3: 12 commands wait, nothing was decided for 40 s (owner engine-a).";
  product.haveTrouble({ undecided: [stalled] });
  for (const path of ["", "/runs", "/attention", "/quarantine"]) {
    await page.goto(`${product.home}${path}`);
    await expect(page.getByRole("status").getByText(sentence)).toBeVisible();
  }
  await page.goto(`${product.home}/attention`);
  await expect(page.getByText("No run needs you, but not all of them go on")).toBeVisible();
  product.haveTrouble({});
  await expect(page.getByText(sentence).first()).toBeHidden();
});

test("a partition of which the log says nothing is told above every page, and is not shown as well", async ({
  page,
}) => {
  await using product = await startFakeProduct({ history: 0, everyMs: 0, bigRunJobs: 0 });
  const why = "the log doesn't say what waits: 503 (The disk that holds the log is full)";
  product.haveTrouble({
    undecided: [{ partition: 3, kind: "unknown", waiting: 0, forMs: 40_000, why }],
  });
  const sentence = `Whether commands are decided in partition 3 can't be told, for 40 s now: ${why}.`;
  await page.goto(`${product.home}/attention`);
  await expect(page.getByRole("status").getByText(sentence)).toBeVisible();
  await expect(page.getByText("Nothing is known to need you")).toBeVisible();
  product.haveTrouble({});
  await expect(page.getByText(sentence).first()).toBeHidden();
});
