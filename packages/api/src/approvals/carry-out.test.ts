import type { RunCommand } from "@downbeat/domain";
import { type ApprovalWord, type ApprovedCommand, bulkWorkflow } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { SentCommands } from "../commands/sent-commands.ts";
import type { Services } from "../context.ts";
import type { ActionView } from "../views.ts";
import { ApprovalFold } from "./approval-fold.ts";
import { carryOut } from "./carry-out.ts";

const minute = 60_000;
const ada = { id: "local|ada", actor: "Ada <local|ada>" };
const grace = { id: "local|grace", actor: "Grace <local|grace>" };
const terminate: ApprovedCommand = {
  type: "TerminateRun",
  commandId: "a1",
  runId: "trip-1",
  action: { actionId: "a1", actor: ada.actor, reason: "it hangs" },
};
const bulk: ApprovedCommand = {
  type: "StartRun",
  commandId: "a1",
  runId: "bulk-1",
  workflow: bulkWorkflow,
  input: "{}",
};
const done: ActionView = {
  actionId: "a1",
  verb: "terminateRun",
  actor: ada.actor,
  reason: "",
  at: 10,
  runId: "trip-1",
  outcome: { type: "accepted" },
};

/** A server at which a request was approved at the time 0; its time is over after an hour. */
function stage(command: ApprovedCommand) {
  const fold = new ApprovalFold();
  fold.take({ type: "requested", id: "ask-1", by: ada, at: 0, expiresAt: 60 * minute, command });
  const digest = fold.of("ask-1")?.approval.digest ?? "";
  fold.take({ type: "approved", id: "ask-1", by: grace, at: 0, reason: "", digest });
  const state = { now: 0, action: undefined as ActionView | undefined };
  const sent: RunCommand[] = [];
  const noted: object[] = [];
  const now = () => state.now;
  const feed = {
    freshness: () => ({ live: true }),
    status: () => ({ leftOut: 0 }),
    onFlushed: () => () => {},
  };
  const services = {
    now,
    outcomeTimeoutMs: 0,
    feed,
    approvals: { of: fold.of.bind(fold), append: async (word: ApprovalWord) => fold.take(word) },
    audit: { entryOf: (entry: object) => entry, note: (entry: object) => void noted.push(entry) },
    readModel: { exists: () => true, action: () => state.action },
    commands: { send: async (each: RunCommand) => void sent.push(each) },
    sent: new SentCommands({
      feed: feed as never,
      now,
      log: { partitionsOf: async () => 1, backlogOf: async () => ({ messages: 1, oldest: 0 }) },
    }),
  } as unknown as Services;
  return { services, fold, state, sent, noted };
}

const untilOf = (command: RunCommand | undefined) =>
  command !== undefined && "approval" in command ? command.approval?.until : undefined;

test("what the engine did in time counts as done, though nobody wrote so before the time was over", async () => {
  const { services, fold, state, sent, noted } = stage(terminate);
  Object.assign(state, { now: 90 * minute });
  await carryOut(services, "ask-1");
  expect(fold.of("ask-1")?.approval.execution).toBeUndefined();
  state.action = done;
  await carryOut(services, "ask-1");
  expect(fold.of("ask-1")?.approval).toMatchObject({
    status: "executed",
    execution: { outcome: { is: "done" } },
  });
  expect(sent).toEqual([]);
  expect(noted).toHaveLength(1);
});

test("what the engine refused in time is told so later, and another action by its id is none", async () => {
  const why = "The run is over.";
  for (const action of [
    { ...done, outcome: { type: "refused", code: "Unprocessable", message: why } } as const,
    { ...done, verb: "cancelRun" } as const,
  ]) {
    const { services, fold, state } = stage(terminate);
    Object.assign(state, { now: 90 * minute, action });
    await carryOut(services, "ask-1");
    expect(fold.of("ask-1")?.approval.execution?.outcome.is).toBe("refused");
  }
});

test("a command for one run is good for ten minutes from when it is sent, and never beyond its approval", async () => {
  for (const [now, until] of [
    [0, 10],
    [30, 40],
    [55, 60],
  ] as const) {
    const { services, fold, state, sent } = stage(terminate);
    state.now = now * minute;
    await carryOut(services, "ask-1");
    expect(untilOf(sent[0])).toBe(until * minute);
    state.now += 1_000;
    await carryOut(services, "ask-1");
    expect(sent).toHaveLength(1);
    expect(fold.of("ask-1")?.approval.execution).toBeUndefined();
  }
});

test("a bulk action may begin as long as its approval lasts: its id lets it begin once", async () => {
  const { services, sent } = stage(bulk);
  await carryOut(services, "ask-1");
  expect(untilOf(sent[0])).toBe(60 * minute);
});
