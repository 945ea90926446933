import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Approval,
  type ApprovalEvent,
  approvalProblem,
  approvalStatus,
  carriedOutBefore,
  evolveApproval,
  type Person,
} from "../../src/index.ts";

const day = 86_400_000;
const ada = { id: "local|ada", actor: "Ada Lovelace <local|ada>" };
const grace = { id: "local|grace", actor: "Grace <local|grace>" };
/** Of the same name as Ada, and somebody else. */
const other = { id: "https://login.acme.example|7", actor: "Ada Lovelace <https://login.acme.example|7>" };

const requested = {
  type: "requested",
  id: "r",
  by: ada,
  at: 1_000,
  expiresAt: 1_000 + day,
  digest: "d",
} as const satisfies ApprovalEvent;

const approvedBy = (by: Person, at = 2_000, digest = "d"): ApprovalEvent => ({
  type: "approved",
  id: "r",
  by,
  at,
  reason: "right",
  digest,
});
const rejectedBy = (by: Person, at = 2_000): ApprovalEvent => ({
  type: "rejected",
  id: "r",
  by,
  at,
  reason: "no",
});
const withdrawnBy = (by: Person, at = 2_000): ApprovalEvent => ({ type: "withdrawn", id: "r", by, at });
const executed = (at = 3_000): ApprovalEvent => ({ type: "executed", id: "r", at, outcome: { is: "done" } });

function after(...events: readonly ApprovalEvent[]): Approval | undefined {
  return events.reduce<Approval | undefined>(evolveApproval, undefined);
}

function refused(event: ApprovalEvent, ...before: readonly ApprovalEvent[]): string | undefined {
  const approval = after(requested, ...before);
  const problem = approvalProblem(approval, event);
  expect(evolveApproval(approval, event)).toEqual(problem === undefined ? expect.anything() : approval);
  return problem;
}

test("what was asked for, and approved by somebody else, is carried out", () => {
  const approval = after(requested, approvedBy(grace), executed());
  expect(approval).toEqual({
    id: "r",
    requestedBy: ada,
    requestedAt: 1_000,
    expiresAt: 1_000 + day,
    digest: "d",
    status: "executed",
    decision: { by: grace, at: 2_000, reason: "right" },
    execution: { at: 3_000, outcome: { is: "done" } },
  });
});

test("who has the requester's name and not their id is another person", () => {
  expect(refused(approvedBy(other))).toBeUndefined();
  expect(after(requested, approvedBy({ ...grace, id: ada.id }))?.status).toBe("waiting");
});

describe("is refused with a sentence, and changes nothing:", () => {
  test("the requester's own word", () => {
    expect(refused(approvedBy(ada))).toBe("You asked for it yourself: another person has to approve it.");
    expect(refused(rejectedBy(ada))).toBe("You asked for it yourself: withdraw it instead.");
  });

  test("somebody else's withdrawal", () => {
    expect(refused(withdrawnBy(ada))).toBeUndefined();
    expect(refused(withdrawnBy(grace))).toBe(
      "Only who asked for it can withdraw it; another person can reject it.",
    );
  });

  test("a second decision", () => {
    expect(refused(rejectedBy(other), approvedBy(grace))).toBe("Nothing is left to decide: it was approved.");
    expect(refused(approvedBy(other), rejectedBy(grace))).toBe("Nothing is left to decide: it was rejected.");
    expect(refused(approvedBy(grace), withdrawnBy(ada))).toBe("Nothing is left to decide: it was withdrawn.");
    expect(refused(approvedBy(grace), approvedBy(grace), executed())).toBe(
      "Nothing is left to decide: it was carried out.",
    );
  });

  test("an approval of something else", () => {
    expect(refused(approvedBy(grace, 2_000, "e"))).toBe(
      "What you looked at is not what was asked for: look at it again.",
    );
  });

  test("what comes when its time is over", () => {
    const late = requested.expiresAt;
    expect(refused(approvedBy(grace, late - 1))).toBeUndefined();
    for (const event of [approvedBy(grace, late), rejectedBy(grace, late), withdrawnBy(ada, late)])
      expect(refused(event)).toBe("Nothing is left to decide: its time is over.");
  });

  test("what was carried out without an approval, or twice", () => {
    expect(refused(executed())).toBe("It can't be carried out: nobody has approved it.");
    expect(refused(executed(), rejectedBy(grace))).toBe("It can't be carried out: it was rejected.");
    expect(refused(executed(), approvedBy(grace), executed())).toBe(
      "It can't be carried out: it was carried out.",
    );
    expect(refused(requested)).toBe("It has been asked for already.");
    expect(approvalProblem(undefined, approvedBy(grace))).toBe("There is no such request.");
    expect(evolveApproval(undefined, approvedBy(grace))).toBeUndefined();
  });
});

test("an approval of the last moment can be carried out for ten minutes more, and then no more", () => {
  const last = requested.expiresAt - 1;
  const approval = after(requested, approvedBy(grace, last));
  if (approval === undefined) throw new Error("nothing was asked for");
  expect(carriedOutBefore(approval)).toBe(last + 600_000);
  expect(approvalStatus(approval, last + 599_999)).toBe("approved");
  expect(approvalStatus(approval, last + 600_000)).toBe("expired");
  expect(approvalStatus({ ...approval, status: "executed" }, last + day)).toBe("executed");
});

const people = fc.constantFrom(ada, grace, other, { id: "", actor: "" }, { id: "local|艾达", actor: "艾达" });
const time = fc.oneof(
  fc.integer({ min: 0, max: 3 * day }),
  fc.constantFrom(0, requested.expiresAt - 1, requested.expiresAt, Number.MAX_SAFE_INTEGER),
);
const digests = fc.constantFrom("d", "", "e".repeat(1_000));
const event: fc.Arbitrary<ApprovalEvent> = fc.oneof(
  fc.record({
    type: fc.constant("requested" as const),
    id: fc.constant("r"),
    by: people,
    at: time,
    expiresAt: time,
    digest: digests,
  }),
  fc.record({
    type: fc.constant("approved" as const),
    id: fc.constant("r"),
    by: people,
    at: time,
    reason: fc.string(),
    digest: digests,
  }),
  fc.record({
    type: fc.constant("rejected" as const),
    id: fc.constant("r"),
    by: people,
    at: time,
    reason: fc.string(),
  }),
  fc.record({ type: fc.constant("withdrawn" as const), id: fc.constant("r"), by: people, at: time }),
  fc.record({
    type: fc.constant("executed" as const),
    id: fc.constant("r"),
    at: time,
    outcome: fc.constant({ is: "done" as const }),
  }),
);

test("whatever comes in whatever order, nothing is carried out that another person did not approve in time", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let approval: Approval | undefined;
      for (const each of events) {
        const before = approval;
        approval = evolveApproval(approval, each);
        // What is decided stays so, and what was asked for is what it was.
        if (before?.decision !== undefined) expect(approval?.decision).toBe(before.decision);
        if (before !== undefined) {
          expect(approval?.digest).toBe(before.digest);
          expect(approval?.requestedBy).toBe(before.requestedBy);
        }
        if (approval?.status !== "approved" && approval?.status !== "executed") continue;
        expect(approval.decision?.by.id).not.toBe(approval.requestedBy.id);
        expect(approval.decision?.at).toBeLessThan(approval.expiresAt);
      }
    }),
  );
});

test("two who read the log agree, however often they read it", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const once = events.reduce<Approval | undefined>(evolveApproval, undefined);
      // Delivered again, nothing of it counts: but for what came before its beginning.
      const begun = events.slice(events.findIndex(({ type }) => type === "requested"));
      const again = begun.filter(({ type }) => type !== "requested").reduce(evolveApproval, once);
      if (once?.status !== "waiting" && once?.status !== "approved") expect(again).toEqual(once);
    }),
  );
});
