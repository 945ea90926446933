import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { shownStatuses } from "../derive/shown-status.ts";
import { termsOf } from "../terms.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import type { RunFilter, RunSummary } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { ReadDatabase } from "./database.ts";
import { listRuns } from "./list-runs.ts";
import { defaultLimits, type ListLimits } from "./run-scan.ts";

const from = 1_700_000_000_000;
const to = from + 40_000;
const now = to + 1_000_000;
const runs = 400;
const scratch = scratchDirectory();
let db: ReadDatabase;
let all: RunSummary[];

beforeAll(() => {
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  const stories = [
    "completed",
    "completed",
    "stuck",
    "compensated",
    "awaitingApproval",
    "sleeping",
    "cancelled",
  ];
  for (const message of syntheticHistory({
    runs,
    from,
    to,
    scenarioOf: (run) => stories[(run * 31) % stories.length] ?? "completed",
    runIdOf: (run) => `Trip-${(run * 7) % 50}-${run}`,
  })) {
    projection.take(0, message);
  }
  projection.flush();
  cache.close();
  db = new ReadDatabase(path);
  all = [...listRuns(db, { filter: {}, limit: 1_000 }, now).runs];
});

afterAll(() => {
  db.close();
  scratch.remove();
});

/** What the filter means, said as plainly as possible. */
function matches(run: RunSummary, filter: RunFilter): boolean {
  const at = filter.by === "ended" ? run.endedAt : run.startedAt;
  if (at === undefined || at < (filter.from ?? 0) || at >= (filter.to ?? Number.POSITIVE_INFINITY))
    return false;
  if (filter.status !== undefined && !filter.status.includes(run.shown)) return false;
  if (filter.workflow !== undefined && run.workflow !== filter.workflow) return false;
  for (const [key, value] of Object.entries(filter.labels ?? {})) if (run.labels[key] !== value) return false;
  const text = filter.text?.trim().toLowerCase() ?? "";
  return [run.workflow.toLowerCase(), ...termsOf(run.runId, run.labels)].some((term) =>
    term.startsWith(text),
  );
}

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const filters = fc
  .record({
    status: optional(fc.uniqueArray(fc.constantFrom(...shownStatuses), { minLength: 1, maxLength: 4 })),
    workflow: optional(fc.constantFrom("bookTrip", "bookGroup", "rebookTrip", "unknown")),
    labels: optional(
      fc.oneof(
        fc.record({ region: fc.constantFrom("eu", "us", "nowhere") }),
        fc.nat(runs).map((run) => ({ order: `order-${500_000 + run}` })),
        fc.nat(runs).map((run) => ({ region: "eu", order: `order-${500_000 + run}` })),
      ),
    ),
    text: optional(
      fc.constantFrom(
        "",
        " ",
        "t",
        "TRIP",
        "trip-7",
        "Trip-14-2",
        "order-5001",
        "50013",
        "eu",
        "book",
        "re",
        "b",
        "%",
        '"',
        "7",
      ),
    ),
    from: optional(fc.integer({ min: from - 10, max: to })),
    to: optional(fc.integer({ min: from, max: to + 10 })),
    by: optional(fc.constantFrom("started" as const, "ended" as const)),
  })
  .map((filter): RunFilter => JSON.parse(JSON.stringify(filter)));

/** From ample to so little that nearly every scan has to stop early. */
const limits = fc.constantFrom<ListLimits>(
  defaultLimits,
  { examined: 30, examinedToCount: 20, count: 15, sorted: 10, sortedThoroughly: 100 },
  { examined: 3, examinedToCount: 3, count: 5, sorted: 1, sortedThoroughly: 2 },
);

test("the pages of every list hold exactly the runs that match, in order, whatever the limits", () => {
  fc.assert(
    fc.property(filters, fc.integer({ min: 1, max: 60 }), limits, (filter, limit, given) => {
      const listed: string[] = [];
      let cursor: string | undefined;
      for (let pages = 0; ; pages++) {
        expect(pages).toBeLessThan(1_000);
        const page = listRuns(db, { filter, cursor, limit }, now, given);
        expect(page.runs.length).toBeLessThanOrEqual(limit);
        listed.push(...page.runs.map(({ runId }) => runId));
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
      const by = (run: RunSummary) => (filter.by === "ended" ? (run.endedAt ?? 0) : run.startedAt);
      const expected = all.filter((run) => matches(run, filter)).toSorted((a, b) => by(b) - by(a));
      expect(listed.toSorted()).toEqual(expected.map(({ runId }) => runId).toSorted());
      const times = new Map(all.map((run) => [run.runId, by(run)]));
      const sorted = listed.map((runId) => times.get(runId) ?? 0);
      expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
    }),
    { numRuns: 400 },
  );
});

test("counts are exact, or say that they are not and are not too high", () => {
  fc.assert(
    fc.property(filters, limits, (filter, given) => {
      const list = listRuns(db, { filter, limit: 1 }, now, given);
      const { status: _, ...others } = filter;
      for (const status of shownStatuses) {
        const exact = all.filter((run) => run.shown === status && matches(run, others)).length;
        if (list.countIsLowerBound) expect(list.countsByStatus[status]).toBeLessThanOrEqual(exact);
        else expect(list.countsByStatus[status]).toBe(exact);
      }
      const statuses = filter.status ?? shownStatuses;
      expect(list.count).toBe(statuses.reduce((sum, status) => sum + list.countsByStatus[status], 0));
      if (given === defaultLimits) expect(list.countIsLowerBound).toBe(false);
    }),
    { numRuns: 400 },
  );
});
