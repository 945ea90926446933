import { randomUUID } from "node:crypto";
import { client } from "@downbeat/sdk/client";
import type { BrowserContext } from "@playwright/test";
import { z } from "zod";
import { bookTrip } from "../../apps/travel/src/book-trip.ts";
import { exampleBoard } from "../../apps/web/features/boards/example-board.ts";
import { People } from "../../e2e/support/people.ts";
import { connectedTo, type Product, startProduct } from "../../e2e/support/product.ts";
import { sendBroken } from "../../e2e/support/send-broken.ts";
import { trip } from "../../e2e/support/trip.ts";

const trips = 120;
/** Asks for an approval, and would hold the flight for long. */
const waiting = { amountCents: 900_000, holdMs: 3_600_000 };

/** A product with accounts and a rule that needs two people: without them some pages have nothing to show. */
export async function picturedProduct(): Promise<Product & { readonly people: People }> {
  const people = new People();
  people.add("ada", "--full-name", "Ada Lovelace", "--group", "admins");
  people.add("grace", "--full-name", "Grace Hopper", "--group", "admins");
  people.configure({ secondPerson: [{ terminate: true }] });
  const product = await startProduct({
    DOWNBEAT_ACCESS_FILE: people.accessFile,
    TRAVEL_FAILURE_RATE: "0.1",
    TRAVEL_REJECTION_RATE: "0.15",
    TRAVEL_OUTAGE_RATE: "0.02",
    TRAVEL_SLOWNESS_MS: "300",
  });
  return {
    ...product,
    people,
    async [Symbol.asyncDispose]() {
      await product[Symbol.asyncDispose]();
      people[Symbol.dispose]();
    },
  };
}

/** Of what is shown once it is there. */
export interface Filled {
  readonly boardId: string;
  readonly bulkId: string;
}

/** Trips of which some fail and some wait, and something of all that people save, ask for and set. */
export async function fill(product: Product, ada: BrowserContext, grace: BrowserContext): Promise<Filled> {
  await book(product);
  const act = acting(product, ada);
  const board = await act("boards.save", { board: exampleBoard });
  await act("goals.save", { goal: { name: "Trips in time", percent: 95, withinMs: 10_000, days: 28 } });
  await act("goals.save", {
    goal: { name: "Nearly all complete", workflow: "bookTrip", percent: 80, days: 7 },
  });
  const stuck = { kind: "stuck", filter: {}, longerThanMs: 10_000, atLeast: 1 };
  await act("alerts.save", { rule: { name: "Stuck trips", condition: stuck, channels: [] } });
  const failing = { kind: "failureRate", filter: {}, above: 0.5, withinMs: 900_000, atLeast: 20 };
  await act("alerts.save", { rule: { name: "Every second trip fails", condition: failing, channels: [] } });
  const view = { name: "Needs someone", shared: true, list: "runs", query: "status=stuck" };
  await act("savedViews.save", view);
  const sql = "SELECT status, count(*) AS runs FROM runs GROUP BY status ORDER BY runs DESC";
  await act("savedQueries.save", { name: "Runs by status", sql, source: "readModel" });
  await act("tokens.add", { name: "billing", role: "operator", lastsMs: 90 * 86_400_000 });
  const { runs } = openRuns.parse(
    await asked(product, ada, "runs.list", { filter: { status: ["waiting"] } }),
  );
  const [cancelled, ...ended] = runs.slice(0, 4);
  for (const run of ended)
    await act("runs.terminate", { ...run, reason: "The hotel has closed.", actionId: randomUUID() });
  await act("runs.cancel", {
    ...cancelled,
    reason: "The customer called it off.",
    actionId: randomUUID(),
  });
  // One waits for another person, the others are done: what had been booked is owed.
  const { requests } = waitingRequests.parse(await asked(product, grace, "approvals.list", {}));
  for (const { id, digest } of requests.slice(1))
    await acting(product, grace)("approvals.approve", { id, digest });
  await sendBroken(product, "trip-unreadable");
  const order = {
    verb: "runAgain",
    selection: { type: "runs", filter: { status: ["failed"] } },
    reason: "The airline answers again.",
    canary: { size: 5, mostFailed: 0.2 },
  };
  const bulk = await act("bulk.start", { order });
  return {
    boardId: z.object({ board: z.object({ id: z.string() }) }).parse(board).board.id,
    bulkId: z.object({ runId: z.string() }).parse(bulk).runId,
  };
}

const openRuns = z.object({ runs: z.array(z.object({ runId: z.string() })) });
const waitingRequests = z.object({ requests: z.array(z.object({ id: z.string(), digest: z.string() })) });
const answered = z.object({ result: z.object({ data: z.unknown() }) });

/** As somebody who is signed in. */
function acting({ url, api }: Product, by: BrowserContext) {
  return async (procedure: string, data: object): Promise<unknown> => {
    const response = await by.request.post(api(procedure), { data, headers: { origin: url } });
    if (!response.ok()) throw new Error(`${procedure} was not done: ${await response.text()}`);
    return answered.parse(await response.json()).result.data;
  };
}

async function asked(
  { api }: Product,
  by: BrowserContext,
  procedure: string,
  input: object,
): Promise<unknown> {
  const response = await by.request.get(api(procedure), { params: { input: JSON.stringify(input) } });
  if (!response.ok()) throw new Error(`${procedure} was not answered: ${await response.text()}`);
  return answered.parse(await response.json()).result.data;
}

async function book(product: Product): Promise<void> {
  const connection = connectedTo(product);
  const travellers = client({ connection, actor: "shop" });
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
