import type { RunCommand } from "@downbeat/domain";
import { expect, test } from "vitest";
import { bulkInput, bulkOrder } from "../bulk/order.ts";
import type { Context } from "../context.ts";
import { startBulk } from "./start-bulk.ts";

const order = bulkOrder.parse({
  verb: "cancelRun",
  reason: "they hang",
  selection: { type: "runs", filter: { workflow: "trip" } },
});

/** A server that knows two runs, and lets one person cancel as many. */
function server(live = true) {
  const sent: RunCommand[] = [];
  const context = {
    actor: "ada",
    role: "admin",
    now: () => 1_000,
    newId: () => "new",
    outcomeTimeoutMs: 0,
    feed: { freshness: () => ({ live }) },
    masking: { restored: () => {} },
    approvals: { rule: { terminate: false, complete: false, bulkAbove: 2, expiresAfterMs: 60_000 } },
    readModel: {
      action: () => undefined,
      exists: () => false,
      listRuns: () => ({ runs: ["trip-1", "trip-2"].map((runId) => ({ runId, workflow: "trip" })) }),
    },
    commands: { send: async (command: RunCommand) => void sent.push(command) },
    sent: { stateOf: async () => undefined, add: () => {} },
  } as unknown as Context;
  const begun = () => {
    const [command] = sent;
    return command?.type === "StartRun" ? bulkInput.parse(JSON.parse(command.input)) : undefined;
  };
  return { context, sent, begun };
}

test("what one person may do is let through for so many, and for what was there when they asked", async () => {
  const { context, begun } = server();
  await startBulk(context, { order, asOf: 999_999 });
  expect(begun()).toMatchObject({ atMost: 2, asOf: 1_000 });
  expect(bulkInput.parse({ order, asOf: 5 })).not.toHaveProperty("atMost");
});

test("nothing is let through while nobody can count, and whoever asks hears why", async () => {
  const { context, sent } = server(false);
  await expect(startBulk(context, { order })).rejects.toThrow("whether it needs a second person");
  expect(sent).toEqual([]);
});
