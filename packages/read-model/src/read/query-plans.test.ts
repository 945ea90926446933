import type { SQLInputValue } from "node:sqlite";
import { parseLabels } from "@downbeat/domain";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { type Row, textOf } from "../rows.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import type { RunFilter } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { listAttention } from "./attention.ts";
import { runsCalledSo } from "./called-so.ts";
import { causeScope } from "./cause-scope.ts";
import { ReadDatabase } from "./database.ts";
import { listJobOutcomes } from "./job-outcomes.ts";
import { knownNumbers } from "./known-numbers.ts";
import { listRuns } from "./list-runs.ts";
import { listOpenJobs } from "./open-jobs.ts";
import { listOwed } from "./owed.ts";
import { listQuarantine } from "./quarantine.ts";
import { RunHistories } from "./run-history.ts";
import { countSetAsideRuns } from "./set-aside.ts";
import { listTimers } from "./timers.ts";

/** Remembers how SQLite answers what it is asked. */
class ExplainedDatabase extends ReadDatabase {
  readonly plans: string[] = [];

  override get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    if (sql.startsWith("WITH")) this.#explain(sql, values);
    return super.get(sql, ...values);
  }

  override all(sql: string, ...values: SQLInputValue[]): Row[] {
    if (sql.trimStart().startsWith("SELECT")) this.#explain(sql, values);
    return super.all(sql, ...values);
  }

  override iterate(sql: string, ...values: SQLInputValue[]): IterableIterator<Row> {
    if (sql.includes("open_rows")) this.#explain(sql, values);
    return super.iterate(sql, ...values);
  }

  #explain(sql: string, values: readonly SQLInputValue[]): void {
    const rows = super.all(`EXPLAIN QUERY PLAN ${sql}`, ...values);
    this.plans.push(...rows.map((row) => `${textOf(row, "detail")}  of  ${sql}`));
  }
}

const from = 1_700_000_000_000;
const scratch = scratchDirectory();
let db: ExplainedDatabase;

beforeAll(() => {
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  const scenarioOf = (run: number) => (run % 2 === 0 ? "stuck" : "completed");
  for (const message of syntheticHistory({ runs: 60, from, to: from + 1_000, scenarioOf }))
    projection.take(0, message);
  projection.flush();
  cache.close();
  db = new ExplainedDatabase(path);
});

afterAll(() => {
  db.close();
  scratch.remove();
});

/** Of the first page and the second. */
function plansOf(ask: (cursor: string | undefined) => { readonly cursor?: string }): string[] {
  db.plans.length = 0;
  ask(ask(undefined).cursor);
  expect(db.plans.length).toBeGreaterThan(0);
  return db.plans;
}

function whereOf(text: string): RunFilter {
  const parsed = parseLabels(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return { where: parsed.clauses };
}

const lists: Readonly<Record<string, (cursor: string | undefined) => { readonly cursor?: string }>> = {
  "runs of a workflow by their end": (cursor) =>
    listRuns(
      db,
      { filter: { workflow: "bookTrip", by: "ended", to: from + 10_000 }, cursor, limit: 3 },
      from,
    ),
  "runs by their end": (cursor) => listRuns(db, { filter: { by: "ended", from: 1 }, cursor, limit: 3 }, from),
  "runs of two values of a label": (cursor) =>
    listRuns(db, { filter: whereOf("order=order-500001 OR order=order-500002"), cursor, limit: 1 }, from),
  "runs without a value of a label": (cursor) =>
    listRuns(db, { filter: whereOf("region!=eu AND coupon!=*"), cursor, limit: 3 }, from),
  "runs that are called so": () => {
    runsCalledSo(db, { value: "order-500001", limit: 3, mostKeys: 20 }, from);
    return {};
  },
  "runs of a version": (cursor) =>
    listRuns(db, { filter: { facets: [{ by: "version", values: ["b2", "b3"] }] }, cursor, limit: 1 }, from),
  "runs with an error": (cursor) =>
    listRuns(
      db,
      { filter: { facets: [{ by: "error", values: ["ServiceUnavailable"] }] }, cursor, limit: 3 },
      from,
    ),
  "stuck jobs": (cursor) => listOpenJobs(db, { status: ["stuck"], cursor, limit: 3 }),
  "jobs of a type": (cursor) => listOpenJobs(db, { jobType: "bookHotel", cursor, limit: 3 }),
  "jobs of a workflow": (cursor) => listOpenJobs(db, { workflow: "bookTrip", cursor, limit: 3 }),
  "jobs of a type in a workflow": (cursor) =>
    listOpenJobs(db, { workflow: "bookTrip", jobType: "bookHotel", cursor, limit: 3 }),
  "what is due": (cursor) => listTimers(db, { cursor, limit: 3 }),
  "what is due in a period": (cursor) => listTimers(db, { from: 1, to: from * 2, cursor, limit: 3 }),
  "what is due of a workflow": (cursor) => listTimers(db, { workflow: "bookTrip", cursor, limit: 3 }),
  "what is due of a job type": (cursor) => listTimers(db, { jobType: "bookHotel", cursor, limit: 3 }),
  "what is due of a job type in a workflow": (cursor) =>
    listTimers(db, { workflow: "bookTrip", jobType: "bookHotel", cursor, limit: 3 }),
  "what is owed": (cursor) => listOwed(db, { cursor, limit: 3 }),
  "what is owed of a workflow": (cursor) => listOwed(db, { workflow: "bookTrip", cursor, limit: 3 }),
  "what is owed that a job would undo": (cursor) =>
    listOwed(db, { jobType: "refundPayment", cursor, limit: 3 }),
  "completed jobs of a type": (cursor) =>
    listJobOutcomes(db, { of: { what: "completed", jobType: "processPayment" }, from, cursor, limit: 3 }),
  "completed jobs of all types": (cursor) =>
    listJobOutcomes(db, { of: { what: "completed" }, cursor, limit: 3 }),
  "failed attempts of a type in a workflow": (cursor) =>
    listJobOutcomes(db, {
      of: { what: "failedAttempts", jobType: "bookHotel" },
      workflow: "bookTrip",
      cursor,
      limit: 3,
    }),
  "attempts that ended with an error": (cursor) =>
    listJobOutcomes(db, {
      of: { error: "ServiceUnavailable", kind: "technical", jobType: "bookHotel" },
      to: from * 2,
      cursor,
      limit: 3,
    }),
  "attempts of any job type that ended with an error": (cursor) =>
    listJobOutcomes(db, { of: { error: "ServiceUnavailable", kind: "technical" }, cursor, limit: 3 }),
  quarantine: (cursor) => listQuarantine(db, { limit: 3, cursor }),
};

test.each(Object.keys(lists))("%s are read along an index: nothing is scanned, nothing sorted", (name) => {
  for (const plan of plansOf(lists[name] ?? (() => ({})))) {
    // A count is bounded, and has as many groups as there are statuses.
    expect(plan).not.toMatch(/TEMP B-TREE (?!FOR GROUP BY)/);
    if (!/ USING .*INDEX |CO-ROUTINE|counters/.test(plan))
      expect(plan).not.toMatch(/^SCAN (?!c\b|\(subquery)/);
  }
});

test("runs of a version or with an error are found along their index, in the order of their starts, and of their ends where they are few", () => {
  const facets = [
    { by: "version", values: ["b2"] },
    { by: "error", values: ["NoRoom"] },
  ] as const;
  for (const facet of facets)
    for (const by of ["started", "ended"] as const) {
      db.plans.length = 0;
      listRuns(db, { filter: { facets: [facet], by }, limit: 3 }, from);

      const along = new RegExp(
        `^SEARCH d USING (?:COVERING )?INDEX run_details_by_${facet.by} \\(<expr>=\\?`,
      );
      expect(db.plans.some((plan) => along.test(plan))).toBe(true);
      for (const plan of db.plans) expect(plan).not.toMatch(/^SCAN (?:r|runs|d)\b/);
    }
});

test("what can be summed up is looked for in a workflow's newest runs, which are not sorted out of all", () => {
  db.plans.length = 0;
  expect(knownNumbers(db, { workflow: "bookTrip" }).numbers.length).toBeGreaterThan(0);
  expect(knownNumbers(db, { workflow: "bookTrip" })).toEqual(knownNumbers(db, {}));
  expect(db.plans.some((plan) => plan.includes("runs_by_workflow (workflow=? AND shown=? AND rowid"))).toBe(
    true,
  );
  for (const plan of db.plans) expect(plan).not.toMatch(/TEMP B-TREE|^SCAN (?!c\b|json_each\b)/);
});

test("what needs a person is read along an index, by age and by cause", () => {
  const histories = new RunHistories(db);
  const ask = (fingerprint?: string) => (cursor: string | undefined) =>
    listAttention(
      db,
      histories,
      {
        limit: 3,
        cursor,
        waits: [{ kind: "noWorker", on: "job", name: "bookHotel" }],
        ...(fingerprint !== undefined && { fingerprint }),
      },
      from,
    );
  const fingerprint = ask()(undefined).groups[0]?.fingerprint;
  for (const plan of [...plansOf(ask()), ...plansOf(ask(fingerprint))].filter((one) =>
    one.includes("r.run_id"),
  ))
    expect(plan).not.toMatch(/TEMP B-TREE|^SCAN r/);
});

test("what is set aside is counted along what falls under it: of all else only what is open in the same runs is looked at", () => {
  db.plans.length = 0;
  countSetAsideRuns(db, [{ kind: "noWorker", on: "job", name: "bookHotel" }], new Set(["abc"]), from);
  const steps = db.plans.map((plan) => plan.split("  of  ")[0] ?? "");
  expect(steps.filter((step) => /^(SEARCH|SCAN) [sw] /.test(step))).toEqual([
    "SEARCH s USING PRIMARY KEY (run=?)",
    "SEARCH w USING PRIMARY KEY (run=?)",
  ]);
  expect(steps.filter((step) => /^(SEARCH|SCAN) o /.test(step))).toEqual([
    "SEARCH o USING COVERING INDEX attention (fingerprint=?)",
    "SEARCH o USING COVERING INDEX open_rows_by_name (kind=? AND name=? AND status=? AND since<?)",
  ]);
});

test("what the newest runs of a cause have in common is read along an index, and not sorted out of all of them", () => {
  const wait = { kind: "noWorker", on: "job", name: "bookHotel" } as const;
  for (const fingerprint of ["abc", "noWorker:job:bookHotel"]) {
    db.plans.length = 0;
    causeScope(db, fingerprint, [wait], from);
    const steps = db.plans.filter((plan) => plan.includes("o.build"));
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatch(/^SEARCH o USING INDEX /);
  }
});
