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
  const fold = new ApprovalFold({ now: () => 10 });
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

const list = (count: number, of = "run"): [string][][] => [
  Array.from({ length: count }, (_, index) => [`${of}-${index}`]),
];

/** A fold that has room for ten targets, at the time 10. */
function small() {
  const fold = new ApprovalFold({ now: () => 10, mostTargets: 10 });
  const ask = (id: string, parts: [string][][], more: object = {}) => {
    const targets = { count: parts.flat().length, parts: parts.length, sha: targetsDigest(parts) };
    for (const [part, some] of parts.entries())
      fold.take({ type: "targets", id, sha: targets.sha, part, targets: some });
    const isThere = fold.hasList(id, targets);
    if (isThere) fold.take(request(id, { targets, ...more }));
    return isThere;
  };
  const decide = (id: string, type: "approved" | "rejected") => {
    const digest = fold.of(id)?.approval.digest ?? "";
    fold.take({ id, by: grace, at: 8, reason: "no", ...(type === "approved" ? { type, digest } : { type }) });
  };
  return { fold, ask, decide };
}

test("targets that somebody waits for never give way to what is new", () => {
  for (const isApproved of [false, true]) {
    const { fold, ask, decide } = small();
    expect(ask("r1", list(6))).toBe(true);
    if (isApproved) decide("r1", "approved");
    expect(fold.hasRoomFor(4)).toBe(true);
    expect(fold.hasRoomFor(5)).toBe(false);
    expect(ask("r2", list(5))).toBe(false);
    expect(fold.targetsOf("r1")).toEqual(list(6));
    expect(ask("r2", list(4))).toBe(true);
    expect(fold.targetsOf("r1")).toEqual(list(6));
  }
});

test("what is over, and what was never asked for, makes room", () => {
  const { fold, ask, decide } = small();
  ask("rejected", list(6));
  decide("rejected", "rejected");
  ask("expired", list(4), { expiresAt: 9 });
  expect(ask("r1", list(6))).toBe(true);
  fold.take({ type: "targets", id: "broken-off", part: 0, targets: [["a"], ["b"], ["c"], ["d"]] });
  expect(ask("r2", list(4))).toBe(true);
  expect([fold.targetsOf("r1"), fold.targetsOf("r2")]).toEqual([list(6), list(4)]);
});

test("the list of a bulk action that was just begun stays until the action has listed it", () => {
  let now = 10;
  const fold = new ApprovalFold({ now: () => now, mostTargets: 10 });
  const parts = list(6);
  const targets = { count: 6, parts: 1, sha: targetsDigest(parts) };
  fold.take({ type: "targets", id: "r1", part: 0, targets: parts[0] ?? [] });
  fold.take(request("r1", { targets }));
  const digest = fold.of("r1")?.approval.digest ?? "";
  fold.take({ type: "approved", id: "r1", by: grace, at: 8, reason: "", digest });
  fold.take({ type: "executed", id: "r1", at: 9, outcome: { is: "done" } });
  expect(fold.hasRoomFor(5)).toBe(false);
  now = 3_600_010;
  expect(fold.hasRoomFor(10)).toBe(true);
});

test("what was asked for in part and then again with other targets counts as it was asked for again", () => {
  const { fold } = small();
  const [before, now] = [list(4, "old"), list(5, "new")];
  const sha = targetsDigest(now);
  fold.take({ type: "targets", id: "r1", sha: targetsDigest(before), part: 0, targets: before[0] ?? [] });
  fold.take({ type: "targets", id: "r1", sha, part: 0, targets: now[0] ?? [] });
  fold.take(request("r1", { targets: { count: 5, parts: 1, sha } }));
  expect(fold.targetsOf("r1")).toEqual(now);
  // What it was before has made room, and what others write of it is not kept.
  fold.take({ type: "targets", id: "r1", sha: "another", part: 0, targets: before[0] ?? [] });
  fold.take({ type: "targets", id: "r1", sha, part: 1, targets: before[0] ?? [] });
  fold.take({ type: "targets", id: "r2", part: 0, targets: list(5)[0] ?? [] });
  fold.take(request("r2", { targets: { count: 5, parts: 1, sha: targetsDigest(list(5)) } }));
  expect([fold.targetsOf("r1"), fold.targetsOf("r2")]).toEqual([now, list(5)]);
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
