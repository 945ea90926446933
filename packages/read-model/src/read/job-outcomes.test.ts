import type { RunEvent } from "@downbeat/domain";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { openCache } from "../cache.ts";
import { decisionsOf, HistoryLog, historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { RunDriver, schedule } from "../test/run-driver.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { withReadModel } from "../test/with-read-model.ts";
import type { JobOutcome, JobOutcomeView } from "../views.ts";
import { OutcomeRetirement } from "../write/job-outcomes.ts";
import { Projection } from "../write/projection.ts";
import { Retirement } from "../write/retirement.ts";
import type { JobOutcomesQuery } from "./job-outcomes.ts";
import { ReadModel } from "./read-model.ts";

const minute = 60_000;
const from = 1_700_000_040_000;
const later = from + 30 * minute;

const histories = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
  minLength: 1,
  maxLength: 20,
});

/** What other owners, replaced ones among them, write between. */
const takeOvers = fc.array(
  fc.record({ at: fc.nat(400), what: fc.constantFrom("zombie", "claim", "lateClaim", "repeat") }),
  { maxLength: 12 },
);

function runsOf(drawn: readonly (readonly number[])[]): RunDriver[] {
  // Some in the minutes after, so that periods cut through.
  return drawn.map((choices, index) => randomRun(`run-${index}`, from + index * 23_000, choices));
}

function logOf(
  runs: readonly RunDriver[],
  others: readonly { readonly at: number; readonly what: string }[],
): HistoryLog {
  const log = new HistoryLog().claim();
  const decisions = decisionsOf(runs);
  for (const [index, { at, decision }] of decisions.entries()) {
    for (const { what } of others.filter((other) => other.at % decisions.length === index)) {
      if (what === "claim") log.claim(`engine-${index}`);
      else if (what === "lateClaim") log.lateClaim();
      else if (what === "repeat") log.repeat(index);
      else log.zombie([decision, ...decisions.slice(index + 1, index + 4).map((next) => next.decision)]);
    }
    log.decide(at, [decision]);
  }
  return log;
}

function outcomesOf(readModel: ReadModel, query: Omit<JobOutcomesQuery, "limit" | "cursor">, limit: number) {
  const outcomes: JobOutcomeView[] = [];
  let cursor: string | undefined;
  do {
    const page = readModel.jobOutcomes({ ...query, limit, cursor });
    outcomes.push(...page.outcomes);
    expect(page).toMatchObject({ countIsLowerBound: false });
    if (page.cursor === undefined) expect(page.count).toBe(outcomes.length);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return outcomes;
}

const named: Readonly<Partial<Record<RunEvent["type"], JobOutcome>>> = {
  JobCompleted: "completed",
  AttemptFailed: "failedAttempts",
  JobRejected: "rejected",
  JobStuck: "stuck",
  RunStuck: "code",
};

/** As the log has it: in a period, and of a workflow. */
function inLog(
  runs: readonly RunDriver[],
  start: number,
  end: number,
  workflow: string | undefined,
): string[] {
  return decisionsOf(runs)
    .filter(
      ({ at, decision }) => at >= start && at < end && (workflow ?? decision.workflow) === decision.workflow,
    )
    .flatMap(({ decision }) =>
      decision.events.flatMap((event, index) => {
        const what = named[event.type];
        return what === undefined ? [] : [`${decision.runId} ${decision.seq + index} ${what}`];
      }),
    )
    .sort();
}

const nameOf = ({ runId, seq, what }: JobOutcomeView): string => `${runId} ${seq} ${what}`;

test("each number in the tables of jobs and of errors is that of the rows it opens, and these are those of the log, whoever took over", () => {
  const workflows = fc.constantFrom(undefined, "workflow0", "workflow1", "never");
  const periods = fc.tuple(fc.nat(8), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(
      histories,
      takeOvers,
      workflows,
      periods,
      fc.constantFrom(1, 2, 500),
      (drawn, others, workflow, [skipped, length], limit) => {
        const runs = runsOf(drawn);
        withReadModel(logOf(runs, others).messages, later, (readModel) => {
          const [start, end] = [from + skipped * minute, from + (skipped + length) * minute];
          const only = { from: start, to: end, ...(workflow !== undefined && { workflow }) };
          const { byJobType, topErrors } = readModel.overview({ ...only, bucketMs: minute });
          const listed: JobOutcomeView[] = [];
          for (const { jobType, ...counts } of byJobType)
            for (const what of ["completed", "failedAttempts", "rejected", "stuck"] as const) {
              const outcomes = outcomesOf(readModel, { ...only, of: { what, jobType } }, limit);
              expect(outcomes).toHaveLength(counts[what]);
              listed.push(...outcomes);
            }
          listed.push(...outcomesOf(readModel, { ...only, of: { what: "code", jobType: "" } }, limit));
          expect(listed.map(nameOf).sort()).toEqual(inLog(runs, start, end, workflow));
          for (const { jobType, name, kind, count } of topErrors) {
            const of = { error: name, kind, jobType };
            const failed = outcomesOf(readModel, { ...only, of }, limit);
            expect(failed).toHaveLength(count);
            for (const { failure } of failed) expect(failure).toMatchObject({ name, kind });
            const ofAnyType = topErrors.filter((other) => other.name === name && other.kind === kind);
            expect(outcomesOf(readModel, { ...only, of: { error: name, kind } }, limit)).toHaveLength(
              ofAnyType.reduce((sum, other) => sum + other.count, 0),
            );
          }
          // What each of them was is told with it, and the newest comes first.
          for (const { what, jobId } of listed) expect(jobId === undefined).toBe(what === "code");
          const newest = outcomesOf(readModel, { of: { what: "failedAttempts" } }, limit);
          expect(newest.map(({ at }) => at)).toEqual(newest.map(({ at }) => at).toSorted((a, b) => b - a));
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("an error whose name was one too many in its hour is listed as it is counted, among the others", () => {
  const runs = Array.from({ length: 510 }, (_, index) => {
    const run = randomRun(`run-${index}`, from, [0]);
    run.do({ type: "TerminateRun", action: { actionId: `a-${index}`, actor: "ada", reason: "" } });
    return run;
  });
  const log = new HistoryLog().claim();
  for (const [index, run] of runs.entries()) {
    const started = run.written[0];
    if (started === undefined) continue;
    const failure = { kind: "code", name: `Error${index}`, message: "" } as const;
    const events = [...started.events.slice(0, 1), { type: "RunStuck", failure } as const];
    log.decide(from, [{ runId: run.runId, workflow: "w", inputId: `i-${index}`, seq: 1, events }]);
  }
  withReadModel(log.messages, later, (readModel) => {
    const { topErrors } = readModel.overview({ from, to: from + minute, bucketMs: minute });
    expect(topErrors[0]).toMatchObject({ name: "(other)", count: 10 });
    const of = { error: "(other)", kind: "code", jobType: "" } as const;
    const others = outcomesOf(readModel, { of }, 3);
    expect(others.map(({ failure }) => failure?.name).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, index) => `Error${index + 500}`),
    );
  });
});

test("what a wide run wrote at once is parsed once for a page, not for each of its lines", () => {
  const run = new RunDriver("wide", from);
  run.do(
    { type: "StartRun", workflow: "w", input: "1", labels: {} },
    ...Array.from({ length: 200 }, (_, index) => schedule(`j${index}`, "pack", index)),
  );
  for (let index = 0; index < 200; index++) run.complete(`j${index}`, 1);
  withReadModel(historyOf([run]).messages, later, (readModel) => {
    const parse = vi.spyOn(JSON, "parse");
    const { outcomes } = readModel.jobOutcomes({ of: { what: "completed", jobType: "pack" }, limit: 200 });
    const parsed = parse.mock.calls.length;
    parse.mockRestore();
    expect(new Set(outcomes.map(({ jobId }) => jobId)).size).toBe(200);
    expect(parsed).toBe(1);
  });
});

test("rows leave with the hot window, and the list says since when it is whole", () => {
  const scratch = scratchDirectory();
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  const runs = runsOf(Array.from({ length: 20 }, () => [0, 1, 2, 3, 4, 5, 6, 7, 8]));
  for (const message of logOf(runs, []).messages) projection.take(0, message);
  projection.flush();
  const count = () => Number(cache.db.prepare("SELECT count(*) AS n FROM job_outcomes").get()?.n);
  const all = count();
  const before = from + 4 * minute;
  const retirement = new Retirement(cache.db);
  while (retirement.next(before)) {}
  // The window of whole runs is wider, and has its round after the other's: nothing comes back by it.
  const wider = new OutcomeRetirement(cache.db);
  cache.db
    .prepare(
      "INSERT INTO job_outcomes SELECT what, job_type, workflow, 1, run, 0, took, error, kind FROM job_outcomes LIMIT 1",
    )
    .run();
  expect(wider.next(from - minute)).toBe(true);
  expect(count()).toBeGreaterThan(0);
  expect(count()).toBeLessThan(all);
  expect(cache.db.prepare("SELECT 1 FROM job_outcomes WHERE at < ?").get(before)).toBeUndefined();
  const readModel = new ReadModel(path, () => later);
  const asked = { of: { what: "completed", jobType: "processPayment" }, limit: 5 } as const;
  expect(readModel.jobOutcomes(asked).wholeFrom).toBe(before);
  expect(readModel.jobOutcomes({ ...asked, from: before }).wholeFrom).toBeUndefined();
  readModel.close();
  cache.close();
  scratch.remove();
});
