import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { manyRuns, type RunStory } from "../test/many-runs.ts";
import { scratchDirectory } from "../test/scratch.ts";
import type { GoalEnds, RunFilter, ShownStatus } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { ReadDatabase } from "./database.ts";
import { countForGoal } from "./goal-counts.ts";
import { ReadModel } from "./read-model.ts";

const minute = 60_000;
const from = Date.UTC(2026, 9, 24, 22);
const scratch = scratchDirectory();
const waiting = new AbortController().signal;
let readModel: ReadModel;
let db: ReadDatabase;
let stories: RunStory[];

const regions = ["eu", "EU", "us", "東京", "", "a=b", undefined];
const endings = ["completed", "completed", "failed", "cancelled", "terminated", "completed", "open"] as const;

beforeAll(() => {
  stories = Array.from({ length: 1_500 }, (_, run): RunStory => {
    const region = regions[(run * 7) % regions.length];
    // Many end in the same ms, and some in the ms in which they start.
    const startedAt = from + Math.floor(run / 3) * 4_000;
    return {
      runId: `run-${run}`,
      workflow: `workflow-${run % 3}`,
      startedAt,
      endedAt: startedAt + ((run * 7_919) % 20) * 1_000,
      end: endings[(run * 31) % endings.length] ?? "completed",
      ...(region !== undefined && { labels: { region } }),
    };
  });
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of manyRuns(stories)) projection.take(0, message);
  projection.flush();
  cache.close();
  db = new ReadDatabase(path);
  readModel = new ReadModel(path, () => from + 180 * minute);
}, 180_000);

afterAll(() => {
  readModel.close();
  db.close();
  scratch.remove();
});

const asks = fc.record({
  workflow: fc.constantFrom(undefined, "workflow-1", "unknown"),
  region: fc.constantFrom(undefined, "eu", "us", "東京", "", "none"),
  withinMs: fc.constantFrom(undefined, 0, 1, 5_000, 9_999, 10_000, 60_000, Number.MAX_SAFE_INTEGER),
  start: fc.integer({ min: -minute, max: 40 * minute }),
  length: fc.integer({ min: 1, max: 60 * minute }),
  recent: fc.integer({ min: 0, max: 60 * minute }),
  atOnce: fc.constantFrom(undefined, 1, 2, 7, 100),
});

test("a goal counts what one by one would be counted, part by part or at once", async () => {
  await fc.assert(
    fc.asyncProperty(asks, async ({ workflow, region, withinMs, start, length, recent, atOnce }) => {
      const period = { from: from + start, to: from + start + length };
      const recentFrom = period.from + recent;
      const filter = {
        ...(workflow !== undefined && { workflow }),
        ...(region !== undefined && { labels: { region } }),
      };
      const meant = stories.filter(
        (run) =>
          run.end !== "open" &&
          run.endedAt >= period.from &&
          run.endedAt < period.to &&
          (workflow === undefined || run.workflow === workflow) &&
          (region === undefined || run.labels?.region?.toLowerCase() === region),
      );
      const naive = (runs: readonly RunStory[]): GoalEnds => {
        const isLate = (run: RunStory) =>
          run.endedAt - run.startedAt > (withinMs ?? Number.POSITIVE_INFINITY);
        const of = (...ends: RunStory["end"][]) => runs.filter(({ end }) => ends.includes(end));
        return {
          completedInTime: of("completed").filter((run) => !isLate(run)).length,
          completedLate: of("completed").filter(isLate).length,
          failed: of("failed").length,
          cancelled: of("cancelled", "terminated").length,
        };
      };
      const counted = await countForGoal(db, { filter, withinMs, ...period, recentFrom }, waiting, atOnce);
      expect(counted).toEqual({
        whole: naive(meant),
        recent: naive(meant.filter(({ endedAt }) => endedAt >= recentFrom)),
      });
    }),
    { numRuns: 150 },
  );
}, 180_000);

function listed(filter: RunFilter): string[] {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = readModel.listRuns({ filter, limit: 500, cursor });
    found.push(...page.runs.map(({ runId }) => runId));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

test("what missed the goal is listed run by run, and counted by the list", () => {
  const statuses: ShownStatus[] = ["completed", "failed", "cancelled", "terminated"];
  for (const status of [statuses, ["completed", "failed"] as ShownStatus[]])
    for (const missed of [0, 5_000, 19_000]) {
      const filter: RunFilter = { by: "ended", status, missed, from, to: from + 20 * minute };
      const expected = stories.filter(
        ({ end, startedAt, endedAt }) =>
          status.some((each) => each === end) &&
          endedAt < from + 20 * minute &&
          (end !== "completed" || endedAt - startedAt > missed),
      );
      expect(new Set(listed(filter))).toEqual(new Set(expected.map(({ runId }) => runId)));
      expect(readModel.listRuns({ filter, limit: 1 }).count).toBe(expected.length);
    }
  // Of runs by start those that go on have missed nothing yet.
  const open = new Set(stories.filter(({ end }) => end === "open").map(({ runId }) => runId));
  expect(listed({ missed: 0 }).some((runId) => open.has(runId))).toBe(false);
});

test("who waits no longer ends it", async () => {
  const ending = new AbortController();
  ending.abort(new Error("gone"));
  const asked = { filter: {}, from, to: from + minute, recentFrom: from };
  await expect(countForGoal(db, asked, ending.signal)).rejects.toThrow("gone");
});
