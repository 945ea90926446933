import { exactOf, exactSum, exactText, exactZero, fitsLabels, type LabelCondition } from "@downbeat/domain";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { manyRuns, type RunStory } from "../test/many-runs.ts";
import { scratchDirectory } from "../test/scratch.ts";
import type { BreakDownBy, GroupFilter, RunFilter } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { breakDown } from "./break-down.ts";
import { ReadDatabase } from "./database.ts";
import { listRuns } from "./list-runs.ts";
import { ReadModel } from "./read-model.ts";
import type { ListLimits } from "./run-scan.ts";

const minute = 60_000;
const hour = 60 * minute;
const from = Date.UTC(2026, 9, 24, 22);
const runs = 4_300;
const scratch = scratchDirectory();
const waiting = new AbortController().signal;
let readModel: ReadModel;
let db: ReadDatabase;
let stories: RunStory[];
/** So narrow that searches stop and go on. */
const narrow: ListLimits = {
  examined: 60,
  examinedToCount: 40,
  count: 50,
  sorted: 30,
  sortedThoroughly: 60,
};

const regions = ["eu", "EU", "us", "東京", "", "a=b", "100%", "__proto__x", undefined];
const amounts = ["0.1", "0.20", "12345678901234567890.5", "-3", "n/a", " 7 ", undefined];
const endings = ["completed", "completed", "failed", "cancelled", "terminated", "open"] as const;

beforeAll(() => {
  stories = Array.from({ length: runs }, (_, run): RunStory => {
    const startedAt = from + Math.floor(run / 3) * 1_500;
    const region = regions[(run * 7) % regions.length];
    const amount = amounts[(run * 5) % amounts.length];
    return {
      runId: `run-${run}`,
      workflow: `workflow-${run % 4}`,
      startedAt,
      endedAt: startedAt + ((run * 7_919) % 400_000),
      end: endings[(run * 31) % endings.length] ?? "completed",
      input: `{"seats":${run % 3},"price":{"total":"no number","net":${run % 2 === 0 ? "1.10" : "null"}}}`,
      labels: {
        order: `o-${run}`,
        ...(region !== undefined && { region }),
        ...(amount !== undefined && { amount }),
      },
    };
  });
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  let taken = 0;
  for (const message of manyRuns(stories)) {
    projection.take(0, message);
    if (taken++ % 300 === 0) projection.flush();
  }
  projection.flush();
  cache.close();
  db = new ReadDatabase(path);
  readModel = new ReadModel(path, () => from + 3 * hour);
}, 180_000);

afterAll(() => {
  readModel.close();
  db.close();
  scratch.remove();
});

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

/** What a group opens, beside what all of it was asked for. */
function within(filter: RunFilter, group: GroupFilter): RunFilter {
  const where = [...(filter.where ?? []), ...(group.where ?? [])];
  return { ...filter, ...group, ...(where.length > 0 && { where }) };
}

const storyOf = (runId: string): RunStory | undefined => stories[Number(runId.slice(4))];

function sumOf(runIds: readonly string[], number: string): { n: number; sum: string } {
  let [n, sum] = [0, exactZero];
  for (const runId of runIds) {
    const story = storyOf(runId);
    const text = number === "label.amount" ? story?.labels?.amount?.trim() : seatsOf(story);
    const exact = exactOf(text ?? "");
    if (exact === undefined) continue;
    n++;
    sum = exactSum(sum, exact);
  }
  return { n, sum: exactText(sum) };
}

function seatsOf(story: RunStory | undefined): string | undefined {
  const input: { seats?: number } = JSON.parse(story?.input ?? "{}");
  return input.seats === undefined ? undefined : String(input.seats);
}

const ways = fc.constantFrom<BreakDownBy | undefined>(
  { by: "workflow" },
  { by: "error" },
  { by: "version" },
  { by: "label", key: "region" },
  { by: "label", key: "REGION" },
  { by: "label", key: "amount" },
  { by: "label", key: "nobody" },
  undefined,
);
const minutes = fc.tuple(fc.nat(35), fc.integer({ min: 1, max: 40 }));
const conditions = fc.constantFrom<LabelCondition>(
  { key: "region", test: "is", value: "us" },
  { key: "Region", test: "is", value: "eu", not: true },
  { key: "amount", test: "above", value: "0.1" },
  { key: "amount", test: "atMost", value: "7", not: true },
  { key: "region", test: "exists" },
  { key: "amount", test: "exists", not: true },
);
const filters = fc.record(
  {
    by: fc.constantFrom("started" as const, "ended" as const),
    workflow: fc.constantFrom("workflow-1", "unknown"),
    labels: fc.constantFrom({ region: "us" }, { region: "none" }),
    where: fc.array(fc.array(conditions, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

test("every group, the others, every bucket and every band open as many rows as they count, and sums are theirs to the last digit", async () => {
  await fc.assert(
    fc.asyncProperty(
      filters,
      minutes,
      ways,
      fc.constantFrom(undefined, "label.amount", "run.seats"),
      fc.integer({ min: 1, max: 4 }),
      async (own, [start, length], by, number, top) => {
        const filter = { ...own, from: from + start * minute, to: from + (start + length) * minute };
        const asked = { filter, by, number, top, bucketMs: 10 * minute, timeZone: "Asia/Kathmandu" };
        const { total, groups, others, buckets, bands, ...found } = await readModel.breakDown(asked, waiting);
        const whole = { ...filter, from: found.from, to: found.to };
        const all = listed(whole);
        expect(total.runs).toBe(all.length);
        for (const status of ["completed", "failed", "cancelled", "terminated"] as const)
          expect(listed({ ...whole, status: [status] }).length).toBe(total.byStatus[status] ?? 0);
        for (const runId of all)
          expect(fitsLabels(storyOf(runId)?.labels ?? {}, filter.where ?? [])).toBe(true);
        if (by !== undefined)
          expect(groups.reduce((sum, each) => sum + each.runs, others?.runs ?? 0)).toBe(total.runs);
        for (const each of [...groups, ...(others === undefined ? [] : [others])]) {
          const rows = listed(within(whole, each.filter));
          expect(rows.length).toBe(each.runs);
          if (number === undefined) continue;
          const { n, sum } = sumOf(rows, number);
          expect(each.number).toMatchObject({ runs: n, without: rows.length - n, sum });
        }
        expect(buckets.reduce((sum, bucket) => sum + bucket.runs, 0)).toBe(total.runs);
        for (const bucket of buckets.slice(0, 3)) {
          const then = { ...whole, from: bucket.at, to: bucket.to };
          const rows = listed(then);
          expect(rows.length).toBe(bucket.runs);
          if (number !== undefined) expect(bucket.sum).toBe(sumOf(rows, number).sum);
          const band = bucket.byDuration.findIndex((count) => count > 0);
          if (band === -1) continue;
          const end = bands[band + 1];
          const took = { from: bands[band] ?? 0, ...(end !== undefined && { to: end }) };
          expect(listed({ ...then, status: ["completed"], took }).length).toBe(bucket.byDuration[band]);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 180_000);

function listedNarrowly(filter: RunFilter): string[] {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = listRuns(db, { filter, limit: 500, cursor }, from + 3 * hour, narrow);
    found.push(...page.runs.map(({ runId }) => runId));
    // What was looked at in vain is never taken for all there is.
    if (page.runs.length < 500) expect(page.searchedTo === undefined).toBe(page.cursor === undefined);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

test("where searches stop early, they go on: the same figures, and all of their rows once", async () => {
  await fc.assert(
    fc.asyncProperty(
      filters,
      minutes,
      ways,
      fc.integer({ min: 1, max: 4 }),
      async (own, [start, length], by, top) => {
        const filter = { ...own, from: from + start * minute, to: from + (start + length) * minute };
        const asked = { filter, by, top, bucketMs: 10 * minute };
        const whole = await readModel.breakDown(asked, waiting);
        expect(await breakDown(db, asked, waiting, narrow)).toEqual(whole);
        for (const each of [...whole.groups, ...(whole.others === undefined ? [] : [whole.others])]) {
          const opened = within({ ...filter, from: whole.from, to: whole.to }, each.filter);
          const rows = listedNarrowly(opened);
          expect(new Set(rows).size).toBe(rows.length);
          expect(rows.toSorted()).toEqual(listed(opened).toSorted());
          expect(rows.length).toBe(each.runs);
        }
      },
    ),
    { numRuns: 40 },
  );
}, 180_000);

test("runs of one workflow, or of one of several, are found at once however many newer ones others have", () => {
  const facets = [{ by: "workflow", values: ["workflow-1", "workflow-2", "workflow-1"] }] as const;
  for (const by of ["started", "ended"] as const) {
    const filter: RunFilter = { by, from, to: from + hour, facets, status: ["failed"] };
    const page = listRuns(db, { filter, limit: 5 }, from + 3 * hour, { ...narrow, examined: 1 });
    const [one, two] = ["workflow-1", "workflow-2"].map((workflow) =>
      listed({ by, from, to: from + hour, workflow, status: ["failed"] }),
    );
    expect(page.runs).toHaveLength(5);
    expect(page.searchedTo).toBeUndefined();
    expect(listed(filter).toSorted()).toEqual([...(one ?? []), ...(two ?? [])].toSorted());
  }
  const asked = { filter: { workflow: "workflow-3", facets }, limit: 5 };
  expect(listRuns(db, asked, from + 3 * hour, narrow)).toMatchObject({ runs: [], count: 0 });
});

test("however many values there are, others of the server's work go on in between", async () => {
  let [turns, isOver] = [0, false];
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const by = { by: "label", key: "order" } as const;
  const { groups, others } = await readModel.breakDown(
    { filter: { from, to: from + hour }, by, top: 3 },
    waiting,
  );
  isOver = true;
  expect(groups.length + (others?.values ?? 0)).toBe(others === undefined ? 0 : others.runs + 3);
  // Pages of runs, and then of groups.
  const [ofRuns, ofGroups] = [Math.ceil(runs / 2_000), Math.floor((others?.values ?? 0) / 500)];
  expect(turns).toBeGreaterThanOrEqual(ofRuns + ofGroups - 1);
});

test("the slowest and the dearest are the first of all", async () => {
  const filter = { from, to: from + hour };
  const { slowest, dearest, total } = await readModel.breakDown(
    { filter, number: "label.amount", top: 3 },
    waiting,
  );
  const ended = stories.filter(({ end }) => end !== "open").map((story) => story.endedAt - story.startedAt);
  expect(slowest.map(({ durationMs }) => durationMs)).toEqual(ended.sort((a, b) => b - a).slice(0, 10));
  expect(dearest?.[0]?.number).toBe("12345678901234567890.5");
  expect(total.number).toMatchObject({ least: "-3", most: "12345678901234567890.5" });
});

test("runs with more numbers than are kept are told apart from those without one", async () => {
  const path = scratch.file("cut.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`n${i}`, 1])));
  const inputs = [many, '{"n49":1}', '{"other":1}'];
  const few = inputs.map((input, run): RunStory => {
    const startedAt = from + run * minute;
    return { runId: `cut-${run}`, workflow: "cut", startedAt, endedAt: startedAt, end: "completed", input };
  });
  for (const message of manyRuns(few)) projection.take(0, message);
  projection.flush();
  cache.close();
  const filter = { from, to: from + hour };
  const cut = new ReadModel(path, () => from + 3 * hour);
  const { total } = await cut.breakDown({ filter, number: "run.n49", top: 3 }, waiting);
  cut.close();
  expect(total.number).toMatchObject({ runs: 1, without: 1, cut: 1, sum: "1" });
});

test("what is given up is not counted on", async () => {
  const gone = AbortSignal.abort(new Error("nobody waits"));
  await expect(readModel.breakDown({ filter: { from, to: from + hour }, top: 3 }, gone)).rejects.toThrow(
    "nobody waits",
  );
});

test("what can be summed up and broken down by is offered", () => {
  expect(readModel.knownNumbers({})).toEqual({
    numbers: ["label.amount", "output", "run.price.net", "run.seats"],
    labels: ["amount", "order", "region"],
  });
  expect(readModel.knownNumbers({ workflow: "unknown" }).numbers).toEqual([]);
});
