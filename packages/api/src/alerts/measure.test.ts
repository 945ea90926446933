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
        writeSide: [{ partition: 1, waiting: 3, stalledMs: 70_000, unownedMs: 0, owner: "engine-1" }],
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
