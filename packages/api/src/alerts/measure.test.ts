import type { AlertCondition } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { type Measured, measure } from "./measure.ts";

const now = 1_700_000_000_000;
const minute = 60_000;

function parts(
  more: {
    readonly ended?: { completed?: number; failed?: number; cancelled?: number; since?: number };
    readonly stuck?: { readonly count: number; readonly isLowerBound: boolean };
    readonly live?: boolean;
    readonly writeSide?: readonly object[];
    readonly approvals?: Measured["approvals"];
  } = {},
): Measured {
  const { since = now - 60 * minute, ...counts } = more.ended ?? {};
  return {
    now: () => now,
    feed: {
      freshness: () => ({ live: more.live ?? true, behind: 7 }),
      status: () => ({
        connected: true,
        partitions: 2,
        writeSide: more.writeSide ?? [
          { partition: 1, waiting: 3, stalledMs: 70_000, unownedMs: 0, owner: "engine-1" },
        ],
      }),
    },
    readModel: {
      ended: () => ({ counts: { completed: 0, failed: 0, cancelled: 0, ...counts }, since }),
      stuckSince: () => more.stuck ?? { count: 0, isLowerBound: false },
      openWork: () => ({
        jobs: new Map([["bookHotel", { waitingSince: now - 20 * minute }]]),
        answers: new Map([["bookTrip", { runs: 1, oldest: now - 30 * minute }]]),
      }),
      quarantinedFrom: () => 2,
    },
    waits: { causes: async () => [{ kind: "noWorker", on: "job", name: "bookHotel" }] },
    approvals: more.approvals,
    causeMarks: { forLooking: async () => [] },
  } as unknown as Measured;
}

const rate: AlertCondition = {
  kind: "failureRate",
  filter: { workflow: "bookTrip", labels: { country: "JP" } },
  above: 0.05,
  withinMs: 60 * minute,
  atLeast: 20,
};

test("a share is wrong above its limit, of enough runs alone, and says of how many it speaks", async () => {
  expect(await measure(parts({ ended: { completed: 90, failed: 8, cancelled: 2 } }), rate)).toEqual({
    is: "wrong",
    sentence: "8.0 % of the runs of bookTrip with country=JP that ended in 1 h failed: 8 of 100.",
  });
  expect((await measure(parts({ ended: { completed: 95, failed: 5 } }), rate)).is).toBe("right");
  expect((await measure(parts({ ended: { completed: 1, failed: 18 } }), rate)).is).toBe("right");
  // Too many to look at all: it speaks of those that it has looked at.
  const some = parts({ ended: { completed: 50, failed: 50, since: now - 5 * minute } });
  expect((await measure(some, rate)).sentence).toContain("that ended in 5 min failed: 50 of 100");
});

test("that nothing completed is said of all that ended, or not known", async () => {
  const none: AlertCondition = { kind: "noCompletion", filter: {}, withinMs: 60 * minute };
  expect(await measure(parts(), none)).toEqual({
    is: "wrong",
    sentence: "No run has completed for 1 h.",
  });
  expect((await measure(parts({ ended: { completed: 1 } }), none)).is).toBe("right");
  expect((await measure(parts({ ended: { failed: 9, since: now - minute } }), none)).is).toBe("unknown");
});

test("so many stuck runs that they can't all be looked at are wrong where enough were, else not known", async () => {
  const stuck = { kind: "stuck", filter: {}, longerThanMs: minute, atLeast: 100 } as const;
  const of = (count: number, isLowerBound: boolean) =>
    measure(parts({ stuck: { count, isLowerBound } }), stuck).then(({ is }) => is);
  expect(await of(99, false)).toBe("right");
  expect(await of(100, false)).toBe("wrong");
  expect(await of(99, true)).toBe("unknown");
  expect(await of(100, true)).toBe("wrong");
});

test("what waits for a worker longest is named, a job type's alone where one is asked for", async () => {
  const any = { kind: "backlog", longerThanMs: 25 * minute } as const;
  expect(await measure(parts(), any)).toEqual({
    is: "wrong",
    sentence: "For 30 min the code of bookTrip has waited for a worker.",
  });
  expect((await measure(parts(), { ...any, jobType: "bookHotel" })).is).toBe("right");
  expect(await measure(parts(), { kind: "noWorker" })).toEqual({
    is: "wrong",
    sentence: "Runs wait, and there is no worker for bookHotel.",
  });
});

test("while the read model is behind nobody can say anything but whether engines decide", async () => {
  const behind = parts({ live: false });
  expect(await measure(behind, rate)).toMatchObject({
    is: "unknown",
    sentence: expect.stringContaining("7 records are still to be read"),
  });
  expect((await measure(behind, { kind: "notDeciding", longerThanMs: minute })).is).toBe("wrong");
  expect((await measure(behind, { kind: "notDeciding", longerThanMs: 2 * minute })).is).toBe("right");
});

const hour = 60 * minute;
const waits: AlertCondition = { kind: "approvalWaits", longerThanMs: hour };
const asked = { requestedBy: { id: "local|ada", actor: "Ada <local|ada>" }, digest: "d" };

function requests(
  rule: { readonly expiresAfterMs: number } | undefined,
  ...all: readonly { readonly agoMs: number; readonly status?: string }[]
): Measured["approvals"] {
  const known = all.map(({ agoMs, status = "waiting" }) => ({
    approval: { ...asked, id: "ask-1", status, requestedAt: now - agoMs, expiresAt: now - agoMs + 24 * hour },
  }));
  return {
    all: async () => known,
    rule: rule && { terminate: true, complete: false, ...rule },
  } as unknown as Measured["approvals"];
}

const day = { expiresAfterMs: 24 * hour };

test("requests that wait too long are counted, with the oldest and when the next one expires, and nobody is named", async () => {
  const approvals = requests(day, { agoMs: 3 * hour }, { agoMs: 2 * hour }, { agoMs: minute });
  const { is, sentence } = await measure(parts({ approvals, live: false }), waits);
  expect(is).toBe("wrong");
  expect(sentence).toBe(
    "2 requests have waited for a second person for more than 1 h, the oldest for 3 h. The next of them expires in 21 h.",
  );
  const one = await measure(parts({ approvals: requests(day, { agoMs: hour + 1 }) }), waits);
  expect(one.sentence).toMatch(/^1 request has waited .* It expires in /);
});

test("what somebody decided, what expired and what waits a moment is no trouble", async () => {
  const approvals = requests(
    day,
    { agoMs: hour },
    { agoMs: 3 * hour, status: "approved" },
    { agoMs: 3 * hour, status: "rejected" },
    { agoMs: 25 * hour },
  );
  expect(await measure(parts({ approvals }), waits)).toEqual({
    is: "right",
    sentence: "No request has waited for a second person for more than 1 h; 1 waits.",
  });
  expect((await measure(parts({ approvals: requests(day) }), waits)).sentence).toBe(
    "No request waits for a second person.",
  );
});

test("a rule that can never hold says so, and what the log doesn't tell is not known", async () => {
  const never = await measure(parts({ approvals: requests({ expiresAfterMs: hour }) }), waits);
  expect(never).toMatchObject({ is: "right", sentence: expect.stringContaining("they expire after 1 h") });
  const none = await measure(parts({ approvals: requests(undefined) }), waits);
  expect(none).toMatchObject({ is: "right", sentence: expect.stringContaining("Nothing needs one here.") });
  const approvals: Measured["approvals"] = {
    all: () => Promise.reject(new Error("The log does not answer.")),
    rule: undefined,
  };
  expect(await measure(parts({ approvals }), waits)).toEqual({
    is: "unknown",
    sentence: "What waits for a second person can't be told: The log does not answer.",
  });
});

test("engines of which the log says nothing are neither right nor wrong, unless another one is known to be wrong", async () => {
  const undecided: AlertCondition = { kind: "notDeciding", longerThanMs: minute };
  const missed = { partition: 0, unknown: { forMs: 2 * minute, why: "503" } };
  expect(await measure(parts({ writeSide: [missed] }), undecided)).toEqual({
    is: "unknown",
    sentence: "Whether commands are decided in partition 0 can't be told, for 2 min now: 503.",
  });
  expect((await measure(parts({ writeSide: [{ partition: 0 }] }), undecided)).is).toBe("unknown");
  const stalled = { partition: 1, waiting: 3, stalledMs: 70_000, unownedMs: 0 };
  expect((await measure(parts({ writeSide: [missed, stalled] }), undecided)).is).toBe("wrong");
});
