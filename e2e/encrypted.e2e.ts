import { aesCodec, job, keysFromEnvironment, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { expect, test } from "./support/fixtures.ts";
import { connectedTo, type Product, startProduct } from "./support/product.ts";

const post = job<{ to: string }, string>("post", { retry: { maxAttempts: 1 } });
const letter = workflow("letter", async (run, sent: { to: string }) => run.job(post, sent));

let product: Product;
let close: () => Promise<void>;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  process.env.DOWNBEAT_PAYLOAD_KEYS = JSON.stringify({
    keys: [{ id: "acme-2", secret: Buffer.alloc(32, 1).toString("base64") }],
  });
  const codec = aesCodec({ keys: keysFromEnvironment() });
  product = await startProduct({ DOWNBEAT_ACTOR_ROLE: "operator" });
  const connection = connectedTo(product);
  const staff = worker({
    connection,
    codec,
    workflows: [letter],
    isolation: "none",
    onProblem: () => {},
    jobs: {
      post: () => {
        throw new TypeError("no stamps");
      },
    },
  });
  await staff.ready;
  const shop = client({ connection, codec, actor: "shop" });
  await shop.start(letter, { to: "Ada" }, { runId: "L-1" });
  close = async () => {
    await shop.close();
    await staff.stop({ graceMs: 100 });
    await connection.close();
  };
});

test.afterAll(async () => {
  await close?.();
  await product?.[Symbol.asyncDispose]();
});

test("what is encrypted is said to be, with its key, and is tried again as it is", async ({ page }) => {
  await page.goto(`${product.home}/runs/L-1`);
  await expect(page.getByRole("group", { name: "input" }).first()).toHaveText(
    /Encrypted with key acme-2\. The server doesn’t have it, or it was erased\./,
    { timeout: 60_000 },
  );
  await expect(page.getByText("Ada", { exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: /Retry/ }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Its input is encrypted, and is sent as it is.");
  await expect(dialog.getByText("With another input")).toHaveCount(0);
});
