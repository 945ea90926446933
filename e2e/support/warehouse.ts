import { job, workflow } from "@downbeat/sdk";
import { type Client, client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { expect } from "@playwright/test";
import { connectedTo, type Product } from "./product.ts";

const pack = job<string, string>("pack", { retry: { maxAttempts: 1 } });
const unpack = job<string, string>("unpack", { retry: { maxAttempts: 1 } });

const parcel = workflow("parcel", async (run, order: string) => {
  run.setLabels({ order });
  run.compensate(unpack, order);
  const packed = await run.job(pack, order);
  await run.signal("picked-up", { timeout: "2 days" });
  return packed;
});

/** Does what a service does, unless its machine is out of order. */
export class Warehouse implements AsyncDisposable {
  isUp = true;
  readonly #product: Product;
  readonly #shop: Client;
  readonly #close: () => Promise<void>;

  private constructor(product: Product, shop: Client, close: () => Promise<void>) {
    this.#product = product;
    this.#shop = shop;
    this.#close = close;
  }

  static async open(product: Product): Promise<Warehouse> {
    const connection = connectedTo(product);
    const warehouse: Warehouse = new Warehouse(product, client({ connection, actor: "shop" }), async () => {
      await staff.stop({ graceMs: 100 });
      await connection.close();
    });
    const staff = worker({
      connection,
      workflows: [parcel],
      isolation: "none",
      onProblem: () => {},
      jobs: {
        pack: (order: string) => {
          if (!warehouse.isUp) throw new TypeError("the packing machine does not answer");
          return `parcel of ${order}`;
        },
        unpack: (order: string) => order,
      },
    });
    await staff.ready;
    return warehouse;
  }

  /** They are where no worker is needed to go on when it ends, so that a test meets no run of another one. */
  async order(...orders: string[]): Promise<void> {
    const ids = orders.map((order) => `run-of-${order}`);
    await Promise.all(
      orders.map((order, index) => this.#shop.start(parcel, order, { runId: ids[index] ?? "" })),
    );
    const rests = this.isUp ? "waiting" : "stuck";
    await expect
      .poll(async () => {
        const there = await this.#runsThat(rests);
        return ids.every((id) => there.includes(id));
      })
      .toBe(true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  async #runsThat(status: "stuck" | "waiting"): Promise<string[]> {
    const query = encodeURIComponent(JSON.stringify({ limit: 100, filter: { status: [status] } }));
    const answer = await (await fetch(`${this.#product.api("runs.list")}?input=${query}`)).json();
    return answer.result.data.runs.map(({ runId }: { runId: string }) => runId);
  }
}
