import type { SecondPersonRule } from "@downbeat/domain";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import type { WorkerView } from "../views.ts";
import { getSystem } from "./get-system.ts";

const worker = (name: string, concurrency: number): WorkerView => ({
  ...{ id: name, name, host: "h", build: "b", sdk: "1", startedAt: 1, heardAt: 2 },
  jobs: [{ type: "bookHotel", concurrency }],
  workflows: ["bookTrip"],
});

/** Of two partitions, the log doesn't say what waits in the second. */
function contextOf(isThere: boolean, rule?: SecondPersonRule): Context {
  const jobs = new Map([["bookHotel", { waiting: 3, waitingSince: 5, running: 2, backingOff: 0, stuck: 1 }]]);
  const about = {
    ...{ version: "1.0.0", node: "v24", host: "h", startedAt: 1, log: "ws://log", settings: [] },
    disk: async () => (isThere ? { used: 1, free: 2, total: 3 } : Promise.reject(new Error("no statfs"))),
  };
  return {
    about,
    approvals: { rule },
    freshnessParts: () => [{ part: "log", isLive: true, words: "connected" }],
    feed: {
      status: () => ({
        ...{ partitions: 2, records: 7, events: 9, flushMs: 1.4 },
        writeSide: [
          { partition: 0, owner: "engine-1", waiting: 4, stalledMs: 0, unownedMs: 0 },
          { partition: 1, unknown: { forMs: 3_000, why: "503" } },
        ],
      }),
      freshness: () => ({ behind: 6 }),
    },
    readModel: {
      partitions: () => [{ partition: 0, owner: "engine-0", epoch: 3, position: "1:2", publishedAt: 8 }],
      openWork: () => ({ jobs, answers: new Map([["payOut", { runs: 2, oldest: 4 }]]) }),
      quarantine: () => ({ counts: { messages: 1, refused: 2, leftOut: 3 } }),
    },
    announcements: {
      workers: async () =>
        isThere ? [worker("a", 4), worker("b", 1)] : Promise.reject(new Error("the log is away")),
    },
    jobTopics: { figures: async () => (isThere ? { backlog: 5, workers: 2 } : undefined) },
  } as unknown as Context;
}

test("each part is told as whoever watches it knows it", async () => {
  expect(await getSystem(contextOf(true))).toMatchObject({
    partitions: [
      { partition: 0, owner: "engine-1", epoch: 3, waiting: 4, stalledMs: 0, position: "1:2", completeTo: 8 },
      { partition: 1 },
    ],
    readModel: { behind: 6, records: 7, events: 9, flushMs: 1, disk: { used: 1, free: 2, total: 3 } },
    jobTopics: [
      {
        topic: "jobs-bookHotel",
        waiting: 3,
        waitingSince: 5,
        running: 2,
        capacity: 5,
        backlog: 5,
        consumers: 2,
      },
    ],
    questionTopics: [
      { workflow: "bookTrip", waiting: 0, workers: 2 },
      { workflow: "payOut", waiting: 2, waitingSince: 4, workers: 0 },
    ],
    quarantine: { messages: 1, refused: 2, leftOut: 3 },
  });
});

test("what can't be told is absent and said, never a nought in its place", async () => {
  const { partitions, jobTopics, readModel, unknown } = await getSystem(contextOf(false));
  expect(partitions[1]).toEqual({ partition: 1 });
  expect(jobTopics[0]).toMatchObject({ waiting: 3 });
  expect(jobTopics[0]).not.toHaveProperty("consumers");
  expect(readModel).not.toHaveProperty("disk");
  expect(unknown.join(" ")).toMatch(
    /workers are there can’t be told.*some partitions.*Of some topics.*disk is can’t be told.*log itself/,
  );
});

test("where something needs a second person, it is said what engines have to be told, and that it isn't seen", async () => {
  const rule = { terminate: true, complete: false, expiresAfterMs: 1 };
  expect((await getSystem(contextOf(true, rule))).unknown.join(" ")).toContain(
    "each needs DOWNBEAT_SECOND_PERSON=terminate,bulk, and says in its /readyz",
  );
  expect((await getSystem(contextOf(true))).unknown.join(" ")).not.toContain("second person");
});
