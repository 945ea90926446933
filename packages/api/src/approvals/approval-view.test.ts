import { bulkWorkflow } from "@downbeat/protocol";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { maskedAnswer } from "../masking/mask-answer.ts";
import { notShown, shownTo } from "../permissions/without-payloads.ts";
import { ApprovalFold } from "./approval-fold.ts";
import { approvalView } from "./approval-view.ts";

const order = {
  verb: "sendSignal",
  reason: "they have paid",
  selection: { type: "runs", filter: { workflow: "trip" } },
  signal: { name: "paid", payload: '{"email":"ada@example.org"}' },
  startAt: 9_000,
  canary: { size: 5, mostFailed: 0.2 },
  perMinute: 60,
};

function shown(given: object = order) {
  const fold = new ApprovalFold();
  fold.take({
    type: "requested",
    id: "ask-1",
    by: { id: "local|ada", actor: "Ada <local|ada>" },
    at: 5,
    expiresAt: 1_000,
    command: {
      type: "StartRun",
      commandId: "a",
      runId: "bulk-1",
      workflow: bulkWorkflow,
      input: JSON.stringify({ order: given, asOf: 5, request: "ask-1" }),
    },
    targets: { count: 3, parts: 1, sha: "s" },
  });
  const [known] = fold.all;
  if (known === undefined) throw new Error("nothing was asked for");
  return approvalView({ actor: "grace", role: "operator", now: () => 10 } as Context, known);
}

test("who approves a bulk action sees all of what it does, and how", () => {
  const { signal, startAt, canary, perMinute } = order;
  expect(shown()).toMatchObject({ verb: "sendSignal", targets: 3, signal, startAt, canary, perMinute });
  const { signal: _, startAt: __, canary: ___, perMinute: ____, ...plain } = { ...order, verb: "cancelRun" };
  for (const name of ["signal", "startAt", "canary", "perMinute"])
    expect(shown(plain)).not.toHaveProperty(name);
});

test("what its signal carries is masked, and left out for who may see no payloads", () => {
  const masks = {
    of: () => undefined,
    ofCause: () => ({ hide: (text: string) => text }) as never,
    payload: () => '"masked"',
    readable: (json: string) => json,
  };
  expect(maskedAnswer(shown(), masks).signal).toEqual({ name: "paid", payload: '"masked"' });
  expect(shownTo("viewer", shown()).signal).toEqual({ name: "paid", payload: JSON.stringify(notShown) });
});
