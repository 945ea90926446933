import { ReadModel, shownStatuses } from "@downbeat/read-model";
import {
  decisionsOf,
  dump,
  HistoryLog,
  openCache,
  Projection,
  randomRun,
  scratchDirectory,
} from "@downbeat/read-model/testing";
import type { RunFilter, RunSummary } from "@downbeat/read-model/views";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { RunLookups } from "../lookup/run-lookups.ts";
import { Midway } from "../test/midway.ts";
import type { ListedRuns } from "./earlier-runs.ts";

const drawnRuns = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
  minLength: 1,
  maxLength: 6,
});
const noise = fc.array(fc.record({ at: fc.nat(100), kind: fc.nat(2) }), { maxLength: 6 });
/** Where in the history the cache begins, of a thousand parts of its length. */
const cut = fc.nat(1_000);

type Tables = Record<string, Record<string, unknown>[]>;

/** Rows by the run's name instead of its number, without what a cache has that begins in the midst. */
function tablesOf(cache: ReturnType<typeof openCache>): Tables {
  const rows = Object.fromEntries(
    Object.entries(dump(cache.db)).map(([table, values]) => [
      table,
      values.map((value): Record<string, unknown> => JSON.parse(String(value))),
    ]),
  );
  const names = new Map((rows.runs ?? []).map(({ id, run_id }) => [id, run_id]));
  const named = Object.entries(rows).map(([table, values]) => [
    table,
    values
      .flatMap(({ id, run, json, ...row }) => {
        const name = names.get(id ?? run);
        const common = { ...row, ...(name !== undefined && { run_id: name }) };
        // Where the flushes fell makes no difference.
        if (table !== "steps") return [{ ...common, ...(json !== undefined && { json }) }];
        return JSON.parse(String(json)).map((step: unknown) => ({ step, run_id: name }));
      })
      .filter((row) => table !== "counters" || row.n !== 0)
      .map((row) => JSON.stringify(row, Object.keys(row).sort()))
      .sort()
      .map((row) => JSON.parse(row)),
  ]);
  const { partitions: _, filled_days: __, orphan_steps: ___, ...tables } = Object.fromEntries(named);
  // Cold history names them by their places.
  const ignored = (tables.ignored_records ?? []).map(({ position }: { position: string }) => ({ position }));
  return { ...tables, ignored_records: ignored };
}

interface History {
  readonly log: HistoryLog;
  readonly at: number;
  readonly ended: Set<string>;
}

function historyOf(
  choices: readonly (readonly number[])[],
  disturbances: readonly { at: number; kind: number }[],
  part: number,
): History {
  const runs = choices.map((drawn, index) => randomRun(`run-${index}`, 1_000 + index * 170, drawn));
  const log = new HistoryLog().claim();
  decisionsOf(runs).forEach(({ at, decision }, index) => {
    for (const disturbance of disturbances) {
      if (disturbance.at !== index) continue;
      if (disturbance.kind === 0) log.zombie([decision]);
      else if (disturbance.kind === 1) log.repeat(index);
      else log.claim("another engine");
    }
    log.decide(at, [decision]);
  });
  const last = log.messages.at(-1)?.publishTime ?? 0;
  const at = 1_000 + Math.floor(((last - 1_000) * part) / 1_000);
  const ended = runs.filter((run) =>
    run.steps.some(
      (step) =>
        step.at < at &&
        step.events.some(({ type }) => /^Run(Completed|Failed|Cancelled|Terminated)$/.test(type)),
    ),
  );
  return { log, at, ended: new Set(ended.map(({ runId }) => runId)) };
}

const asked = { who: "ada", signal: new AbortController().signal };
const day = { from: 0, to: 86_400_000 };

async function settled(midway: Midway, period = day): Promise<void> {
  const isSettled = (): boolean =>
    midway.earlier.state()?.openRunsKnown !== false &&
    midway.earlier.figures.want(period, "ada") === undefined;
  while (!isSettled()) await new Promise((resolve) => setImmediate(resolve));
}

test("begun in the midst and backfilled with what was before, the tables are what they would be, but for runs that had ended", async () => {
  await fc.assert(
    fc.asyncProperty(
      drawnRuns,
      noise,
      cut,
      fc.nat(3),
      fc.nat(40),
      async (choices, disturbances, part, early, first) => {
        const { log, at, ended } = historyOf(choices, disturbances, part);
        const directory = scratchDirectory();
        const cache = openCache(directory.file("whole.sqlite"), "test");
        const whole = new Projection(cache);
        for (const message of log.messages) whole.take(0, message);
        whole.flush();
        const midway = new Midway(directory.file("midway.sqlite"), log.messages, at, early);
        // Some records come before it is known which runs were open, the rest after.
        midway.take(first);
        await settled(midway);
        midway.take();
        const [expected, found] = [tablesOf(cache), tablesOf(midway.cache)];
        for (const table of Object.keys(expected)) {
          const others = (expected[table] ?? []).filter(({ run_id }) => !ended.has(String(run_id)));
          if (table === "counters") continue;
          // Nor the ends of jobs from before its beginning, which leave with the hot window.
          if (table === "job_outcomes") {
            expect(expected[table]).toEqual(expect.arrayContaining(found[table] ?? []));
            expect(found[table]).toEqual(
              expect.arrayContaining(others.filter((row) => Number(row.at) >= at)),
            );
            continue;
          }
          // What stopped a run that had ended before is not known.
          if (table === "causes" || table === "cause_figures") {
            expectPartOf(found[table] ?? [], expected[table] ?? []);
            if (ended.size > 0) continue;
          }
          // Nor what it owed, which the rows say one by one.
          if (table === "owed_totals" && ended.size > 0) continue;
          expect({ [table]: found[table] }).toEqual({ [table]: others });
        }
        await midway.close();
        cache.close();
        directory.remove();
      },
    ),
    { numRuns: 40 },
  );
});

function expectPartOf(part: Tables[string], whole: Tables[string]): void {
  const keyOf = ({ fingerprint, span, at }: Tables[string][number]) => `${fingerprint} ${span} ${at}`;
  const known = new Map(whole.map((row) => [keyOf(row), Number(row.n)]));
  for (const row of part) expect(Number(row.n)).toBeLessThanOrEqual(known.get(keyOf(row)) ?? 0);
}

const filters: readonly RunFilter[] = [
  {},
  { by: "ended", status: ["completed", "failed", "cancelled", "terminated"] },
  { status: ["completed"] },
  { status: ["running", "waiting", "stuck"] },
  { workflow: "workflow1" },
  { from: 1_200, to: 1_900 },
  { text: "val" },
  { text: "value 1" },
  { text: "order r" },
];

test("a list goes back to the beginning of the log, page by page: each run once, in order, and counted once", async () => {
  await fc.assert(
    fc.asyncProperty(
      drawnRuns,
      cut,
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(...filters),
      async (choices, part, limit, filter) => {
        const { log, at } = historyOf(choices, [], part);
        const directory = scratchDirectory();
        const path = directory.file("whole.sqlite");
        const cache = openCache(path, "test");
        const whole = new Projection(cache);
        for (const message of log.messages) whole.take(0, message);
        whole.flush();
        const readModel = new ReadModel(path, () => 1_000_000);
        const midway = new Midway(directory.file("midway.sqlite"), log.messages, at);
        midway.take();
        await settled(midway);
        // Where labels are hidden, they are in both parts.
        for (const each of [readModel, midway.readModel]) each.hideLabels((name) => name === "workflow1");
        const expected = readModel.listRuns({ filter, limit: 100 });

        const runs: RunSummary[] = [];
        let pages = 0;
        let counted: Pick<ListedRuns, "count" | "countIsLowerBound" | "countsByStatus"> | undefined;
        for (let cursor: string | undefined; ; ) {
          const page = await midway.earlier.runs.list({ filter, limit, cursor }, asked);
          runs.push(...page.runs);
          counted = page;
          cursor = page.cursor;
          if (cursor === undefined) break;
          // Each page but those at the seams has a run.
          expect(runs.length + 3).toBeGreaterThanOrEqual(++pages);
        }
        const timeOf = (run: RunSummary): number =>
          (filter.by === "ended" ? run.endedAt : run.startedAt) ?? 0;
        const byTime = (list: readonly RunSummary[]) =>
          list.toSorted((a, b) => timeOf(b) - timeOf(a) || a.runId.localeCompare(b.runId));
        expect(runs.map(timeOf)).toEqual(expected.runs.map(timeOf));
        // A command that was refused after the end is told on the run's page.
        const shown = ({ updatedAt: _, seq: __, ...run }: RunSummary) => run;
        expect(byTime(runs).map(shown)).toEqual(byTime(expected.runs).map(shown));
        expect(counted?.count).toBe(expected.count);
        expect(counted?.countIsLowerBound).toBe(false);
        // Of open runs only, nobody has to be asked, so how many ended before the beginning is not counted.
        for (const status of filter.status ?? shownStatuses)
          expect(counted?.countsByStatus[status]).toBe(expected.countsByStatus[status]);

        readModel.close();
        await midway.close();
        cache.close();
        directory.remove();
      },
    ),
    { numRuns: 40, examples: [[[[0], [0], [36_380, 0], [0]], 669, 1, {}]] },
  );
});

async function midwayThrough(
  part: number,
  trouble?: string,
): Promise<{ midway: Midway; ended: readonly string[] }> {
  const { log, at, ended } = historyOf(
    [[0], [7, 7], [36_380, 0], [5, 10, 3_112, 7], [0, 0, 0]],
    [{ at: 2, kind: 0 }],
    part,
  );
  const directory = scratchDirectory();
  const midway = new Midway(directory.file("midway.sqlite"), log.messages, at, 0, trouble);
  onTestFinished(async () => {
    await midway.close();
    directory.remove();
  });
  return { midway, ended: [...ended] };
}

test("while cold history does not answer, it is said why, and nothing is taken for known", async () => {
  const trouble = "Nobody answers at http://sql:8081.";
  const { midway } = await midwayThrough(600, trouble);
  midway.take();
  await vi.waitFor(() => expect(midway.earlier.state()?.trouble).toBe(trouble));
  expect(midway.earlier.state()).toMatchObject({ openRunsKnown: false, source: "Cold history" });
  expect(midway.readModel.knownLog(1).ignored).toBeUndefined();
  const list = await midway.earlier.runs.list({ filter: {}, limit: 10 }, asked);
  expect(list.earlier).toMatchObject({ isNext: true, isCounted: false });
  const next = await midway.earlier.runs.list({ filter: {}, limit: 10, cursor: list.cursor }, asked);
  expect(next).toMatchObject({ runs: [], cursor: list.cursor, earlier: { trouble } });

  midway.cold.trouble = undefined;
  const again = await midway.earlier.runs.list({ filter: {}, limit: 10, cursor: list.cursor }, asked);
  expect(again.runs.length).toBeGreaterThan(0);
  expect(again.earlier?.trouble).toBeUndefined();
  await vi.waitFor(() => expect(midway.earlier.state()?.openRunsKnown).toBe(true), { timeout: 10_000 });
  expect(midway.earlier.state()?.trouble).toBeUndefined();
});

test("figures are not filled in before it is known which records count, and nobody's days are asked for twice", async () => {
  const { midway } = await midwayThrough(600);
  expect(midway.earlier.figures.want(day, "ada")).toMatchObject({ days: 1, source: "Cold history" });
  await settled(midway);
  expect(midway.cold.asked.indexOf("ignored")).toBeLessThan(midway.cold.asked.indexOf("series"));
  expect(midway.earlier.figures.want(day, "ada")).toBeUndefined();
  expect(midway.cold.asked.filter((question) => question === "series")).toHaveLength(1);
});

test("a run that ended before the beginning is shown with all of its events, from where they were found", async () => {
  const { midway, ended } = await midwayThrough(900);
  midway.take();
  const [runId = ""] = ended;
  const lookups = new RunLookups({ source: midway.cold, readModel: midway.readModel, partitions: () => 1 });
  expect(midway.readModel.run(runId)).toBeUndefined();
  expect(await lookups.find(runId, { who: "ada", signal: undefined })).toBeUndefined();
  const run = midway.readModel.run(runId);
  expect(run?.endedAt).toBeDefined();
  expect(midway.readModel.events(runId, { afterSeq: 0, limit: 1_000 })?.events).toHaveLength(
    run?.eventCount ?? -1,
  );
  expect(midway.readModel.origin(runId)?.source).toBe("Cold history");
  // And one that never was is none.
  expect(await lookups.find("nobody", { who: "ada", signal: undefined })).toBeUndefined();
  expect(midway.readModel.exists("nobody")).toBe(false);
});
