import type { RunCommand } from "@downbeat/domain";
import { bulkWorkflow, targetsDigest } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { ApprovalFold } from "../approvals/approval-fold.ts";
import { SentCommands } from "../commands/sent-commands.ts";
import type { Services } from "../context.ts";
import { bulkJobs } from "./built-in.ts";
import { bulkHands } from "./hands.ts";
import type { BulkTarget, PartInput } from "./order.ts";

const approved: [string][][] = [[["trip-1"], ["trip-2"]], [["trip-3"]]];
const order = {
  verb: "terminateRun",
  reason: "they hang",
  selection: { type: "runs", filter: { workflow: "trip" } },
} as const;
const part: PartInput = {
  order: { verb: "terminateRun", reason: "they hang" },
  from: 0,
  targets: [["trip-1"], ["trip-2"], ["trip-3"]],
  waitMs: 0,
};
const attempt = { runId: "bulk-1", signal: new AbortController().signal, heartbeat: () => {} };
const ada = { id: "local|ada", actor: "Ada <local|ada>" };
const grace = { id: "local|grace", actor: "Grace <local|grace>" };

interface Stage {
  /** What its run began with, besides. */
  readonly input?: object;
  readonly workflow?: string;
  readonly isApproved?: boolean;
  /** Whether the list of the request is still there. */
  readonly isKept?: boolean;
  /** What the run has listed. */
  readonly listed?: readonly (readonly BulkTarget[])[];
}

/** A server with the bulk action `bulk-1`, as it was asked for. */
function stage({
  input = { request: "ask-1" },
  workflow = bulkWorkflow,
  isApproved = true,
  isKept = true,
  listed = [],
}: Stage = {}) {
  const json = JSON.stringify({ order, asOf: 5, ...input });
  const fold = new ApprovalFold();
  const targets = { count: 3, parts: 2, sha: targetsDigest(approved) };
  if (isKept)
    for (const [number, some] of approved.entries())
      fold.take({ type: "targets", id: "ask-1", part: number, targets: some });
  fold.take({
    type: "requested",
    id: "ask-1",
    by: ada,
    at: 5,
    expiresAt: 1_000,
    command: { type: "StartRun", commandId: "a", runId: "bulk-1", workflow: bulkWorkflow, input: json },
    targets,
  });
  const digest = fold.of("ask-1")?.approval.digest ?? "";
  if (isApproved) fold.take({ type: "approved", id: "ask-1", by: grace, at: 6, reason: "", digest });
  const sent: RunCommand[] = [];
  const feed = {
    freshness: () => ({ live: true }),
    status: () => ({ leftOut: 0 }),
    onFlushed: () => () => {},
  };
  const rows = listed.map((some) => ({
    kind: "job",
    jobType: bulkJobs.list,
    output: JSON.stringify({ targets: some }),
  }));
  const services = {
    now: () => 10,
    outcomeTimeoutMs: 0,
    feed,
    masking: { ready: async () => {} },
    approvals: {
      all: async () => fold.all,
      of: fold.of.bind(fold),
      targetsOf: fold.targetsOf.bind(fold),
    },
    readModel: {
      action: () => undefined,
      exists: () => true,
      missing: () => undefined,
      summaries: () => [],
      listRuns: () => ({ runs: [{ runId: "trip-9", workflow: "trip" }] }),
      run: (runId: string) => ({ runId, workflow, input: json, startedBy: ada.actor, rows }),
    },
    commands: { send: async (command: RunCommand) => void sent.push(command) },
    sent: new SentCommands({
      feed: feed as never,
      now: () => 10,
      log: { partitionsOf: async () => 1, backlogOf: async () => ({ messages: 1, oldest: 0 }) },
    }),
  } as unknown as Services;
  return { hands: bulkHands(services), sent };
}

test("a part of what was approved is done, by what was approved", async () => {
  const { hands, sent } = stage();
  await hands.act({ ...part, from: 1, targets: [["trip-2"], ["trip-3"]] }, attempt);
  expect(sent.map(({ runId, commandId }) => [runId, commandId])).toEqual([
    ["trip-2", "bulk-1-1"],
    ["trip-3", "bulk-1-2"],
  ]);
  expect(sent[0]).toMatchObject({ approval: { requestId: "ask-1", by: grace.actor } });
});

test.each<[string, Partial<PartInput>]>([
  ["another run", { targets: [["trip-1"], ["trip-9"]] }],
  ["a run more", { targets: [["trip-1"], ["trip-2"], ["trip-3"], ["trip-9"]] }],
  ["a job of a run", { targets: [["trip-1", "j1"]] }],
  ["another number, by which it would be done twice", { from: 1 }],
  ["what is far behind the end", { from: 1_000_000 }],
])("%s, which nobody approved, is not acted on, and nothing else of its part is", async (_, more) => {
  const { hands, sent } = stage();
  await expect(hands.act({ ...part, ...more }, attempt)).rejects.toThrow("targets that nobody approved");
  expect(sent).toEqual([]);
});

test.each<[string, PartInput["order"]]>([
  ["another verb", { verb: "cancelRun", reason: "they hang" }],
  ["another reason", { verb: "terminateRun", reason: "because" }],
  ["a value", { verb: "terminateRun", reason: "they hang", output: "1" }],
  ["a signal", { verb: "terminateRun", reason: "they hang", signal: { name: "paid", payload: "1" } }],
])("%s than a bulk action began with does nothing", async (_, otherOrder) => {
  for (const input of [{ request: "ask-1" }, {}]) {
    const { hands, sent } = stage({ input });
    await expect(hands.act({ ...part, order: otherOrder }, attempt)).rejects.toThrow(
      "not what the bulk action began with",
    );
    expect(sent).toEqual([]);
  }
});

test("what was let through for a few is not done to more", async () => {
  const { hands, sent } = stage({ input: { atMost: 3 } });
  await hands.act(part, attempt);
  expect(sent).toHaveLength(3);
  const more = [
    { ...part, from: 1 },
    { ...part, targets: [...part.targets, ["trip-4"] satisfies BulkTarget] },
  ];
  for (const each of more)
    await expect(hands.act(each, attempt)).rejects.toThrow("let through for at most 3 targets");
  expect(sent).toHaveLength(3);
});

test("what was approved outlives a day without engines", async () => {
  const { hands, sent } = stage();
  await hands.act(part, attempt);
  const [first] = sent;
  const until = first?.type === "TerminateRun" ? (first.approval?.until ?? 0) : 0;
  expect(until).toBeGreaterThan(25 * 3_600_000);
  expect(until).toBeLessThan(48 * 3_600_000);
});

test("a run of other code does nothing by the hands of bulk actions", async () => {
  const { hands, sent } = stage({ workflow: "trip", input: {} });
  await expect(hands.act(part, attempt)).rejects.toThrow("bulk-1 is no bulk action");
  await expect(hands.list({ order, asOf: 5 }, attempt)).rejects.toThrow("bulk-1 is no bulk action");
  expect(sent).toEqual([]);
});

test("nothing is done by a request that nobody approved, or that is not found", async () => {
  for (const { hands, sent } of [stage({ isApproved: false }), stage({ input: { request: "ask-2" } })]) {
    await expect(hands.act(part, attempt)).rejects.toThrow("is not found in the log's topic of approvals");
    expect(sent).toEqual([]);
  }
});

test("once the list of the request has given way, the run's own list counts where it is what was approved", async () => {
  const { hands, sent } = stage({ isKept: false, listed: approved });
  await hands.act(part, attempt);
  expect(sent).toHaveLength(3);
  const forged = stage({ isKept: false, listed: [[["trip-1"], ["trip-2"]], [["trip-9"]]] });
  await expect(forged.hands.act(part, attempt)).rejects.toThrow("is not found");
  expect(forged.sent).toEqual([]);
});

test("what is listed is what the bulk action began with, whatever the attempt is given", async () => {
  const asked = { order: { ...order, verb: "cancelRun" }, asOf: 9_999 };
  expect(await stage().hands.list(asked, attempt)).toEqual({ targets: approved[0], cursor: "1" });
  expect(await stage().hands.list({ ...asked, after: "1" }, attempt)).toEqual({ targets: approved[1] });
});
