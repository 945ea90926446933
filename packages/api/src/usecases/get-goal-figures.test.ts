import { Slots } from "@downbeat/analytics";
import { ReadModel } from "@downbeat/read-model";
import {
  manyRuns,
  openCache,
  Projection,
  type RunStory,
  scratchDirectory,
} from "@downbeat/read-model/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Context } from "../context.ts";
import { runFilter } from "../inputs.ts";
import { SharedAnswers } from "../shared/shared-answers.ts";
import type { RunFilter } from "../views.ts";
import { GetGoalFigures, getGoalFigures } from "./get-goal-figures.ts";

const minute = 60_000;
const day = 1_440 * minute;
const now = Date.UTC(2026, 10, 28, 12, 0, 30, 500);
const scratch = scratchDirectory();
const endings = ["completed", "completed", "failed", "cancelled", "completed", "terminated", "open"] as const;
let readModel: ReadModel;

beforeAll(() => {
  const stories = Array.from({ length: 900 }, (_, run): RunStory => {
    // Most of them in the last hours, down to a quarter of a year ago.
    const endedAt = now - Math.floor((run / 900) ** 4 * 95 * day);
    return {
      runId: `run-${run}`,
      workflow: run % 3 === 0 ? "rare" : "busy",
      startedAt: endedAt - ((run * 7_919) % 20) * 1_000,
      endedAt,
      end: endings[(run * 31) % endings.length] ?? "completed",
      labels: { region: run % 2 === 0 ? "eu" : "東京" },
    };
  });
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of manyRuns(stories)) projection.take(0, message);
  projection.flush();
  cache.close();
  readModel = new ReadModel(path, () => now);
}, 180_000);

afterAll(() => {
  readModel.close();
  scratch.remove();
});

function contextOf(freshness: object = {}): Context {
  const feed = { freshness: () => ({ completeTo: now, ...freshness }), status: () => ({ partitions: 1 }) };
  return {
    readModel,
    feed,
    now: () => now,
    breakDowns: new Slots(1, 30),
    sharedGoalFigures: new SharedAnswers({ now: () => 0 }),
  } as unknown as Context;
}

function listed(filter: RunFilter): number {
  let rows = 0;
  let cursor: string | undefined;
  do {
    const page = readModel.listRuns({ filter: runFilter.parse(filter), limit: 500, cursor });
    rows += page.runs.length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return rows;
}

const goals = fc.record(
  {
    workflow: fc.constantFrom("rare", "busy", "unknown"),
    labels: fc.constantFrom({ region: "eu" }, { region: "EU" }, { region: "東京" }, { region: "none" }),
    withinMs: fc.constantFrom(1, 5_000, 10_000, 60_000),
    countsCancelled: fc.constant(true as const),
    percent: fc.constantFrom(50, 95, 99.9),
    days: fc.constantFrom(1, 7, 28, 90),
  },
  { requiredKeys: ["percent", "days"] },
);

test("every figure of a goal opens as many runs as it counts", async () => {
  await fc.assert(
    fc.asyncProperty(goals, async (goal) => {
      const { opens, good, bad, ends, from, to, standing, ...found } = await getGoalFigures(contextOf(), {
        goal,
      });
      expect([from, to]).toEqual([now - 500 - goal.days * day, now - 500]);
      expect(listed(opens.counted)).toBe(good + bad);
      expect(listed(opens.bad)).toBe(bad);
      expect(listed(opens.failed)).toBe(ends.failed);
      expect(listed(opens.cancelled)).toBe(ends.cancelled);
      expect(opens.late === undefined ? 0 : listed(opens.late)).toBe(ends.completedLate);
      const attained = (good * 100) / (good + bad);
      if (good + bad === 0) expect(standing).toBe("unknown");
      else expect(standing).toBe(attained >= goal.percent ? "reached" : "missed");
      expect(found.recent.from).toBe(to - (goal.days === 1 ? 1 : goal.days === 7 ? 6 : 24) * 60 * minute);
      const lately = { ...opens.bad, from: found.recent.from };
      expect(listed(lately)).toBe(found.recent.bad);
    }),
    { numRuns: 80 },
  );
}, 180_000);

test("a window ends where the read model does, and says from when on it is whole", async () => {
  const goal = { percent: 95, days: 1 };
  const behind = await getGoalFigures(contextOf({ completeTo: now - 10 * minute }), { goal });
  expect(behind.to).toBe(now - 500 - 10 * minute);
  expect(behind.wholeSince).toBeUndefined();
  const removedUpTo = now - 60 * minute;
  expect((await getGoalFigures(contextOf({ removedUpTo }), { goal })).wholeSince).toBe(removedUpTo);
  const longAgo = now - 2 * day;
  expect((await getGoalFigures(contextOf({ removedUpTo: longAgo }), { goal })).wholeSince).toBeUndefined();
});

test("two who ask of one goal are answered by one look", async () => {
  const context = contextOf();
  const counts = vi.spyOn(readModel, "goalCounts");
  const goal = { percent: 95, days: 1 };
  await Promise.all([getGoalFigures(context, { goal }), getGoalFigures(context, { goal })]);
  expect(counts).toHaveBeenCalledTimes(1);
  counts.mockRestore();
});

test("what no goal has is refused before anything is counted", () => {
  expect(GetGoalFigures.safeParse({ goal: { percent: 100, days: 1 } }).success).toBe(false);
  expect(GetGoalFigures.safeParse({ goal: { percent: 95, days: 91 } }).success).toBe(false);
});
