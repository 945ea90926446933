import type { ApprovalView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { carefulWords, standingOf, whatWords } from "./approval-words.ts";

const view: ApprovalView = {
  id: "ask-1",
  digest: "d",
  verb: "terminateRun",
  runId: "trip-1",
  reason: "it hangs",
  requestedBy: "Ada <local|ada>",
  requestedAt: 0,
  expiresAt: 1,
  status: "waiting",
  isOwn: false,
};
const decision = { by: "Grace <local|grace>", at: 1, reason: "right" };

test("what is asked for is named with what it is done to", () => {
  expect(whatWords(view)).toBe("Terminate trip-1");
  expect(whatWords({ ...view, verb: "completeJob", jobId: "j2" })).toBe("Complete j2 of trip-1 with a value");
  expect(whatWords({ ...view, verb: "cancelRun", targets: 1_200 })).toContain("1,200 runs");
});

test("how carefully a bulk action would be carried out is told with it", () => {
  expect(carefulWords(view)).toBe("");
  const bulk = { ...view, verb: "cancelRun", targets: 1_200 } as const;
  expect(carefulWords(bulk)).toBe("No canary · as fast as possible");
  const startAt = Date.parse("2026-11-23T14:00:00Z");
  const careful = carefulWords({ ...bulk, canary: { size: 5, mostFailed: 0.2 }, perMinute: 1_000, startAt });
  expect(careful).toMatch(
    /^The first 5 will be tried before the others; at most 20 % are allowed to fail · at most 1,000 a minute · no earlier than .+$/,
  );
});

test("each state has a word, and its reason where somebody gave one", () => {
  const { reason, ...silent } = decision;
  expect(standingOf(view)).toEqual({ tone: "waiting", word: "Waiting" });
  expect(standingOf({ ...view, status: "approved", decision })).toMatchObject({ why: reason });
  expect(standingOf({ ...view, status: "rejected", decision: { ...silent, reason: "" } })).toEqual({
    tone: "failed",
    word: "Rejected",
  });
  expect(standingOf({ ...view, status: "executed", decision })).toMatchObject({ word: "Approved and done" });
  const refused = { at: 2, outcome: { is: "refused" as const, why: "The run is over." } };
  expect(standingOf({ ...view, status: "executed", decision, execution: refused })).toMatchObject({
    word: "Approved, but refused",
    why: "The run is over.",
  });
  expect(standingOf({ ...view, status: "withdrawn" }).word).toBe("Withdrawn");
  expect(standingOf({ ...view, status: "expired" }).why).toMatch(/Nobody approved it/);
  expect(standingOf({ ...view, status: "expired", decision }).why).toMatch(/could not be done/);
});
