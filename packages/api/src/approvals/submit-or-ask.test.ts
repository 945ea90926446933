import { systemClock } from "@downbeat/message-log";
import { MemoryLog } from "@downbeat/message-log/memory";
import { bulkWorkflow } from "@downbeat/protocol";
import { expect, onTestFinished, test, vi } from "vitest";
import type { BulkTarget } from "../bulk/order.ts";
import type { Context } from "../context.ts";
import { Approvals } from "./approvals.ts";
import { submitOrAsk } from "./submit-or-ask.ts";

vi.setConfig({ testTimeout: 60_000 });

function stage() {
  const rule = { terminate: true, complete: true, bulkAbove: 0, expiresAfterMs: 60_000 };
  const approvals = new Approvals({ log: new MemoryLog({ clock: systemClock }), rule });
  onTestFinished(() => approvals.close());
  const context = {
    actor: "ada",
    now: () => Date.now(),
    approvals,
    readModel: { action: () => undefined },
  } as unknown as Context;
  const terminate = (actionId: string, actor = "ada") => {
    const action = { actionId, actor, reason: "it hangs" };
    const command = { type: "TerminateRun", commandId: actionId, runId: "trip-1", action } as const;
    const asking = { command, actionId, verb: "terminateRun", intent: "terminateRun", reason: "" } as const;
    return submitOrAsk({ ...context, actor }, asking);
  };
  const bulk = (actionId: string, targets: readonly BulkTarget[]) => {
    const runId = `bulk-${actionId}`;
    const command = {
      type: "StartRun",
      commandId: actionId,
      runId,
      workflow: bulkWorkflow,
      input: "{}",
    } as const;
    const asking = { command, actionId, verb: "startRun", intent: "cancelRun", reason: "", targets } as const;
    return submitOrAsk(context, asking);
  };
  return { approvals, terminate, bulk };
}

const many = (count: number, of: string) =>
  Array.from({ length: count }, (_, index): BulkTarget => [`${of}-${index}`]);

test("who has a hundred requests waiting keeps nobody else from asking", async () => {
  const { terminate } = stage();
  for (let number = 0; number < 100; number++) await terminate(`a${number}`);
  await expect(terminate("a100")).rejects.toThrow("100 requests of yours wait for a second person");
  expect((await terminate("a7")).outcome.type).toBe("requested");
  expect((await terminate("b1", "grace")).outcome.type).toBe("requested");
});

test("what was asked for in part, and then again when more matched, can be approved", async () => {
  const { approvals, bulk } = stage();
  const append = approvals.append.bind(approvals);
  let left = 1;
  const breaking = vi.spyOn(approvals, "append").mockImplementation(async (word) => {
    if (left-- <= 0) throw new Error("the server ends");
    return append(word);
  });
  await expect(bulk("a1", many(500, "old"))).rejects.toThrow("the server ends");
  breaking.mockRestore();
  const { outcome } = await bulk("a1", many(600, "new"));
  if (outcome.type !== "requested") throw new Error(`It was ${outcome.type}.`);
  expect(approvals.targetsOf(outcome.requestId)?.flat()).toEqual(many(600, "new"));
});

test("a list that there is no room for is refused in a sentence, and those that wait stay", async () => {
  const { approvals, bulk } = stage();
  const hasRoomFor = vi.spyOn(approvals, "hasRoomFor").mockReturnValue(false);
  await expect(bulk("a1", many(3, "run"))).rejects.toThrow("400,000 targets in all");
  hasRoomFor.mockRestore();
  vi.spyOn(approvals, "hasList").mockReturnValueOnce(false);
  await expect(bulk("a2", many(3, "run"))).rejects.toThrow("have some of them decided, or act on fewer");
  expect(await approvals.all()).toEqual([]);
  expect((await bulk("a2", many(3, "run"))).outcome.type).toBe("requested");
});
