import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { manyRuns, type RunStory } from "../test/many-runs.ts";
import { scratchDirectory } from "../test/scratch.ts";
import type { RunFilter, RunList } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { ReadModel } from "./read-model.ts";

const minute = 60_000;
const hour = 60 * minute;
const from = Date.UTC(2026, 9, 24, 22);
const soft = 1_476;
const newer = 101_000;
const scratch = scratchDirectory();
let readModel: ReadModel;
let stories: RunStory[];

/** A hundred times a second, at whole tens of ms, so that many things happen in one moment. */
const moment = (run: number): number => from + Math.floor(run / 4) * 20;
const endings = [
  "completed",
  "completed",
  "failed",
  "completed",
  "cancelled",
  "completed",
  "terminated",
  "open",
] as const;

beforeAll(() => {
  stories = Array.from({ length: soft + newer }, (_, run): RunStory => {
    const isSoft = run < soft;
    const startedAt = moment(run);
    return {
      runId: `run-${run}`,
      workflow: isSoft ? "soft" : run % 5 === 0 ? "rare" : "busy",
      startedAt,
      endedAt: startedAt + 20 * ((run * 7_919) % 3_000),
      end: isSoft ? "completed" : (endings[(run * 31) % endings.length] ?? "completed"),
      labels: { region: run % 3 === 0 ? "eu" : "us" },
    };
  });
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  let taken = 0;
  for (const message of manyRuns(stories)) {
    projection.take(0, message);
    if (taken++ % 2_000 === 0) projection.flush();
  }
  projection.flush();
  cache.close();
  readModel = new ReadModel(path, () => moment(soft + newer) + hour);
}, 180_000);

afterAll(() => {
  readModel.close();
  scratch.remove();
});

type Page = Omit<RunList, "freshness">;

function pagesOf(filter: RunFilter, limit = 500): Page[] {
  const pages: Page[] = [];
  for (let cursor: string | undefined; pages.length === 0 || cursor !== undefined; ) {
    const page = readModel.listRuns({ filter, limit, cursor });
    pages.push(page);
    cursor = page.cursor;
  }
  return pages;
}

const rowsOf = (pages: readonly Page[]): number => pages.reduce((sum, { runs }) => sum + runs.length, 0);

test("what ended in a workflow is found behind a hundred thousand newer runs, at once and counted", () => {
  const first = readModel.listRuns({
    filter: { workflow: "soft", by: "ended", status: ["completed"] },
    limit: 100,
  });
  expect(first).toMatchObject({ count: soft, countIsLowerBound: false });
  expect(first.runs).toHaveLength(100);
  expect(first.searchedTo).toBeUndefined();
  const { totals } = readModel.overview({ from, to: from + hour, workflow: "soft" });
  expect(totals.completed).toBe(soft);
  expect(rowsOf(pagesOf({ workflow: "soft", by: "ended", status: ["completed"] }))).toBe(soft);
});

test("where no index leads to what is asked for, a page is short and says how far it looked, and the next goes on", () => {
  const filter = { by: "ended", workflow: "busy", labels: { region: "none" } } as const;
  const pages = pagesOf(filter);
  expect(rowsOf(pages)).toBe(0);
  expect(pages.length).toBeGreaterThan(1);
  const places = pages.slice(0, -1).map(({ searchedTo }) => searchedTo ?? Number.NaN);
  expect(places).toEqual(places.toSorted((a, b) => b - a));
  for (const { searchedTo, cursor } of pages) expect(searchedTo === undefined).toBe(cursor === undefined);
});

test("a list that is whole in its first page is not said to be more", () => {
  const filter = { workflow: "soft", labels: { region: "eu" } };
  const pages = pagesOf(filter);
  const exact = stories.filter((run) => run.workflow === "soft" && run.labels?.region === "eu").length;
  expect(rowsOf(pages)).toBe(exact);
  expect(pages[0]).toMatchObject({ count: exact, countIsLowerBound: false });
});

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const lastMinute = Math.floor((moment(soft + newer) - from) / minute) + 2;

test("every figure, of any workflow and period, is the number of rows that it opens", () => {
  const figures = fc.constantFrom(
    "started" as const,
    "completed" as const,
    "failed" as const,
    "cancelled" as const,
  );
  const minutes = fc.tuple(fc.nat(lastMinute), fc.integer({ min: 1, max: 12 }));
  const workflows = optional(fc.constantFrom("soft", "busy", "rare", "unknown"));
  fc.assert(
    fc.property(figures, minutes, workflows, (figure, [start, length], workflow) => {
      const only = workflow === undefined ? {} : { workflow };
      const asked = { from: from + start * minute, to: from + (start + length) * minute, bucketMs: minute };
      const { totals, buckets, byWorkflow } = readModel.overview({ ...asked, ...only });
      const filter: RunFilter = {
        ...only,
        from: asked.from,
        to: asked.to,
        ...(figure !== "started" && { by: "ended" }),
        ...(figure === "completed" && { status: ["completed"] }),
        ...(figure === "failed" && { status: ["failed"] }),
        ...(figure === "cancelled" && { status: ["cancelled", "terminated"] }),
      };
      const page = readModel.listRuns({ filter, limit: 1 });
      if (page.countIsLowerBound) expect(totals[figure]).toBeGreaterThanOrEqual(page.count);
      else expect(page.count).toBe(totals[figure]);
      if (totals[figure] <= 4_000) expect(rowsOf(pagesOf(filter))).toBe(totals[figure]);
      expect(buckets.reduce((sum, bucket) => sum + bucket[figure], 0)).toBe(totals[figure]);
      expect(byWorkflow.reduce((sum, row) => sum + row[figure], 0)).toBe(totals[figure]);
    }),
    { numRuns: 150 },
  );
});
