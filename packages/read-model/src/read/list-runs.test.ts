import { DatabaseSync } from "node:sqlite";
import { fitsLabels, type LabelCondition, parseLabels } from "@downbeat/domain";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { shownStatuses } from "../derive/shown-status.ts";
import type { Step } from "../fold/run-fold.ts";
import { stepsOf, textOf } from "../rows.ts";
import { isFoundWithoutLabels, termsOf } from "../terms.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import type { RunFilter, RunSummary } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { runsCalledSo } from "./called-so.ts";
import { holdsContent } from "./content.ts";
import { ReadDatabase } from "./database.ts";
import { listRuns } from "./list-runs.ts";
import { defaultLimits, type ListLimits } from "./run-scan.ts";
import { suggestLabels } from "./suggest-labels.ts";

const from = 1_700_000_000_000;
const to = from + 40_000;
const now = to + 1_000_000;
const runs = 400;
const scratch = scratchDirectory();
let db: ReadDatabase;
let all: RunSummary[];
/** By run id. */
const steps = new Map<string, Step[]>();
/** Their steps have left. */
const retired = new Set<string>();

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
    labelsOf: (run) => ({
      amount: run % 9 === 0 ? "on request" : String(((run * 37) % 200) / 2),
      ...(run % 3 === 0 && { due: new Date(from + run * 86_400_000).toISOString() }),
      ...(run % 10 === 0 && { Region: "Nordic" }),
      ...(run % 8 === 0 && { coupon: run % 16 === 0 ? "" : "Summer" }),
    }),
  })) {
    projection.take(0, message);
  }
  projection.flush();
  for (let run = 0; run < runs; run += 11) retired.add(`Trip-${(run * 7) % 50}-${run}`);
  cache.close();
  retire(path);
  db = new ReadDatabase(path);
  for (const row of db.all("SELECT r.run_id, s.json FROM steps s JOIN runs r ON r.id = s.run")) {
    const runId = textOf(row, "run_id");
    steps.set(runId, [...(steps.get(runId) ?? []), ...stepsOf(row)]);
  }
  all = [...listRuns(db, { filter: {}, limit: 1_000 }, now).runs];
});

function retire(path: string): void {
  const tables = new DatabaseSync(path);
  const remove = tables.prepare("DELETE FROM steps WHERE run = (SELECT id FROM runs WHERE run_id = ?)");
  for (const runId of retired) remove.run(runId);
  tables.close();
}

afterAll(() => {
  db.close();
  scratch.remove();
});

/** What the filter means, said as plainly as possible. */
function matches(run: RunSummary, filter: RunFilter, hidden?: string): boolean {
  const at = filter.by === "ended" ? run.endedAt : run.startedAt;
  if (at === undefined || at < (filter.from ?? 0) || at >= (filter.to ?? Number.POSITIVE_INFINITY))
    return false;
  if (filter.status !== undefined && !filter.status.includes(run.shown)) return false;
  if (filter.workflow !== undefined && run.workflow !== filter.workflow) return false;
  const values = Object.entries(filter.labels ?? {}).map(([key, value]) => [
    { key, test: "is" as const, value },
  ]);
  if (!fitsLabels(run.labels, [...values, ...(filter.where ?? [])])) return false;
  if (filter.content !== undefined && !holdsContent(steps.get(run.runId) ?? [], filter.content)) return false;
  const text = filter.text?.trim().toLowerCase() ?? "";
  if (run.workflow === hidden && Object.values(run.labels).some((value) => value.toLowerCase() === text))
    return true;
  const shown = run.workflow === hidden ? {} : run.labels;
  return [run.workflow.toLowerCase(), ...termsOf(run.runId, shown)].some((term) => term.startsWith(text));
}

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const conditions = fc
  .tuple(
    fc.constantFrom(
      "region=EU",
      "Region=us",
      "region=nordic",
      "order=order-500123",
      "coupon=",
      "coupon=summer",
      "coupon=*",
      "due=*",
      "nothing=*",
      "amount>=40",
      "amount<45.5",
      "amount>99",
      "amount<=0",
      "due>=2023-12-01",
      "due<2024-03-01T09:00Z",
      "region>5",
    ),
    fc.boolean(),
  )
  .map(([text, isNot]): LabelCondition => {
    const parsed = parseLabels(isNot ? `NOT ${text}` : text);
    const condition = "clauses" in parsed ? parsed.clauses[0]?.[0] : undefined;
    if (condition === undefined) throw new Error(`${text} is no condition.`);
    return condition;
  });
const filters = fc
  .record({
    status: optional(fc.uniqueArray(fc.constantFrom(...shownStatuses), { minLength: 1, maxLength: 4 })),
    workflow: optional(fc.constantFrom("bookTrip", "bookGroup", "rebookTrip", "unknown")),
    labels: optional(
      fc.oneof(
        fc.record({ region: fc.constantFrom("eu", "US", "nowhere", "nordic") }),
        fc.nat(runs).map((run) => ({ order: `order-${500_000 + run}` })),
        fc.nat(runs).map((run) => ({ region: "eu", order: `order-${500_000 + run}` })),
      ),
    ),
    where: optional(
      fc.array(fc.array(conditions, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
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
    content: fc.option(
      fc.constantFrom("flightBooking", "MIRADOURO", '"', "order-50", "nowhere said", "9", "left in"),
      {
        nil: undefined,
        freq: 3,
      },
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

test("where labels are hidden, no beginning of one finds a run, nor tells of one by a count or a page", () => {
  const workflows = [...new Set(all.map(({ workflow }) => workflow))];
  fc.assert(
    fc.property(
      filters,
      fc.constantFrom(...workflows),
      fc.constantFrom(...all.flatMap(({ labels }) => Object.values(labels))),
      fc.nat(12),
      fc.integer({ min: 1, max: 60 }),
      (filter, hidden, value, length, limit) => {
        const { content: _, ...others } = filter;
        const asked = { ...others, text: length > 10 ? value.toUpperCase() : value.slice(0, length) };
        db.hidesLabels = (workflow) => workflow === hidden;
        try {
          const expected = all.filter((run) => matches(run, asked, hidden));
          const page = listRuns(db, { filter: asked, limit }, now);
          expect(page.count).toBe(expected.length);
          expect(page.runs).toHaveLength(Math.min(limit, expected.length));
          expect(page.cursor !== undefined).toBe(expected.length > limit);
          const text = asked.text.trim();
          for (const run of all)
            if (run.workflow === hidden && text !== "")
              expect(isFoundWithoutLabels(run, text)).toBe(matches(run, { text }, hidden));
          const { status: __, ...ofAnyStatus } = asked;
          const counted = all.filter((run) => matches(run, ofAnyStatus, hidden)).length;
          expect(Object.values(page.countsByStatus).reduce((sum, n) => sum + n, 0)).toBe(counted);
        } finally {
          db.hidesLabels = () => false;
        }
      },
    ),
    { numRuns: 400 },
  );
});

test("a search in what runs say tells of each run once whose events are not here any more", () => {
  fc.assert(
    fc.property(filters, fc.integer({ min: 1, max: 60 }), limits, (filter, limit, given) => {
      let unsearched = 0;
      let cursor: string | undefined;
      do {
        const page = listRuns(db, { filter: { ...filter, content: "card" }, cursor, limit }, now, given);
        unsearched += page.unsearched ?? 0;
        cursor = page.cursor;
      } while (cursor !== undefined);
      const { content: _, ...others } = filter;
      const meant = all.filter((run) => retired.has(run.runId) && matches(run, others));
      expect(unsearched).toBe(meant.length);
      expect(listRuns(db, { filter: others, limit }, now, given)).not.toHaveProperty("unsearched");
    }),
    {
      numRuns: 200,
      examples: [
        [{}, 1, { examined: 30, examinedToCount: 20, count: 15, sorted: 10, sortedThoroughly: 100 }],
        [
          { text: "7" },
          1,
          { examined: 30, examinedToCount: 20, count: 15, sorted: 10, sortedThoroughly: 100 },
        ],
      ],
    },
  );
});

test("labels are suggested as they are written, with their values, by how they begin", () => {
  expect(suggestLabels(db, {})).toEqual(["amount", "coupon", "due", "order", "region", "Region"]);
  expect(suggestLabels(db, { beginning: "REG" })).toEqual(["region", "Region"]);
  expect(suggestLabels(db, { key: "region", beginning: "" })).toEqual([
    "apac",
    "eu",
    "latam",
    "Nordic",
    "us",
  ]);
  expect(suggestLabels(db, { key: "coupon", beginning: "" })).toEqual(["", "Summer"]);
  expect(suggestLabels(db, { key: "order", beginning: "ORDER-5003", limit: 3 })).toEqual([
    "order-500300",
    "order-500301",
    "order-500302",
  ]);
  expect(suggestLabels(db, { key: "nothing" })).toEqual([]);
});

test("what is called so is found by the value of any label, case ignored, the newest first", () => {
  const values = all.flatMap(({ labels }) => Object.values(labels));
  const mostKeys = 6;
  for (const value of new Set(["NORDIC", "50", "nobody", "%", ...values])) {
    const called = all.filter(({ labels }) =>
      Object.values(labels).some((own) => own.toLowerCase() === value.toLowerCase()),
    );
    for (const limit of [1, 20, 1_000])
      expect(runsCalledSo(db, { value, limit, mostKeys }, now)).toEqual({
        runs: called.slice(0, limit),
        keysLeftOut: false,
      });
  }
  const some = runsCalledSo(db, { value: "eu", limit: 20, mostKeys: 2 }, now);
  expect(some.keysLeftOut).toBe(true);
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
      if (given === defaultLimits && filter.content === undefined) expect(list.countIsLowerBound).toBe(false);
    }),
    { numRuns: 400 },
  );
});
