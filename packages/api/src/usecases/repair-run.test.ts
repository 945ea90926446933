import type { RunCommand, SecondPersonRule } from "@downbeat/domain";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { repairRun } from "./repair-run.ts";

function server(rule?: Partial<SecondPersonRule>) {
  const sent: RunCommand[] = [];
  const context = {
    actor: "ada",
    now: () => 1_000,
    newId: () => "new",
    outcomeTimeoutMs: 0,
    approvals: { rule: rule && { terminate: false, complete: false, expiresAfterMs: 60_000, ...rule } },
    readModel: { action: () => undefined, exists: () => true },
    commands: { send: async (command: RunCommand) => void sent.push(command) },
    sent: { stateOf: async () => undefined, add: () => {} },
  } as unknown as Context;
  return {
    sent,
    repair: (outcome: "cut" | "closed") => repairRun(context, { runId: "r", outcome, reason: "seen" }),
  };
}

test("a repair ends no run where terminating needs a second person, and says what can be asked for", async () => {
  const { sent, repair } = server({ terminate: true });
  await expect(repair("closed")).rejects.toThrow(/terminate it instead .* which is asked for/);
  expect(sent).toEqual([]);
  await repair("cut");
  expect(sent).toHaveLength(1);
});

test("a repair ends a run where one person may terminate it", async () => {
  for (const rule of [undefined, { complete: true }]) {
    const { sent, repair } = server(rule);
    await repair("closed");
    expect(sent).toHaveLength(1);
  }
});
