import { type ApprovalWord, requestDigest, targetsDigest } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { ApprovalFold } from "./approval-fold.ts";

const ada = { id: "local|ada", actor: "Ada <local|ada>" };
const grace = { id: "local|grace", actor: "Grace <local|grace>" };

function request(id: string, more: object = {}): Extract<ApprovalWord, { type: "requested" }> {
  return {
    type: "requested",
    id,
    by: ada,
    at: 5,
    expiresAt: 1_000,
    command: {
      type: "TerminateRun",
      commandId: id,
      runId: "trip-1",
      action: { actionId: id, actor: ada.actor, reason: "it hangs" },
    },
    ...more,
  };
}

test("of two decisions the first in the log counts, and each change is told once", () => {
  const fold = new ApprovalFold();
  fold.take(request("r1"));
  const { revision } = fold;
  const digest = requestDigest(request("r1"));
  fold.take({ type: "approved", id: "r1", by: ada, at: 6, reason: "", digest });
  expect(fold.revision).toBe(revision);
  fold.take({ type: "rejected", id: "r1", by: grace, at: 7, reason: "no" });
  fold.take({ type: "approved", id: "r1", by: grace, at: 8, reason: "", digest });
  expect(fold.of("r1")?.approval).toMatchObject({ status: "rejected", decision: { by: grace, at: 7 } });
  expect(fold.revision).toBe(revision + 1);
});

test("targets count only as they were when they were asked for, and whole", () => {
  const parts: [string][][] = [[["a"], ["b"]], [["c"]]];
  const targets = { count: 3, parts: 2, sha: targetsDigest(parts) };
  const fold = new ApprovalFold();
  fold.take({ type: "targets", id: "r1", part: 0, targets: parts[0] ?? [] });
  fold.take(request("r1", { targets }));
  expect(fold.targetsOf("r1")).toBeUndefined();
  fold.take({ type: "targets", id: "r1", part: 1, targets: parts[1] ?? [] });
  // Said again, otherwise, by whoever can write there.
  fold.take({ type: "targets", id: "r1", part: 1, targets: [["d"]] });
  expect(fold.targetsOf("r1")).toEqual(parts);
  const forged = new ApprovalFold();
  forged.take({ type: "targets", id: "r1", part: 0, targets: [["z"]] });
  forged.take({ type: "targets", id: "r1", part: 1, targets: [["c"]] });
  forged.take(request("r1", { targets }));
  expect(forged.targetsOf("r1")).toBeUndefined();
});

test("what is over gives way to what is new, and what is open never does", () => {
  const fold = new ApprovalFold();
  fold.take(request("open", { expiresAt: Number.MAX_SAFE_INTEGER }));
  for (let number = 0; number < 5_010; number++) {
    fold.take(request(`r${number}`));
    fold.take({ type: "withdrawn", id: `r${number}`, by: ada, at: 6 });
  }
  expect(fold.all.length).toBeLessThanOrEqual(5_001);
  expect(fold.of("open")).toBeDefined();
  expect(fold.of("r5009")).toBeDefined();
  expect(fold.of("r0")).toBeUndefined();
});
