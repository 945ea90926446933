import fc from "fast-check";
import { expect, test } from "vitest";
import { openCache, readMeta } from "../cache.ts";
import { outcomesFromKey } from "../job-outcome.ts";
import { decisionsOf, HistoryLog } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { dump, scratchFile } from "../test/scratch.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import { Projection } from "./projection.ts";
import { Retirement } from "./retirement.ts";

const drawnRuns = fc.array(fc.array(fc.nat(100_000), { minLength: 5, maxLength: 30 }), {
  minLength: 1,
  maxLength: 5,
});

/** The tables after every record, with the steps of what is over removed after some of them. */
function tablesOf(log: HistoryLog, retireEvery: number | undefined): Record<string, unknown[]> {
  const cache = openCache(scratchFile(), "test");
  const projection = new Projection(cache, { maxOpenRuns: 2 });
  const retirement = new Retirement(cache.db);
  log.messages.forEach((message, index) => {
    projection.take(0, message);
    if (index % 3 !== 0) return;
    projection.flush();
    if (retireEvery !== undefined && index % retireEvery === 0) {
      while (retirement.next(message.publishTime + 1)) {}
    }
  });
  projection.flush();
  // Since when the rows of what came of jobs are whole is noted, as they leave too; each cache has a name of its own.
  const meta = [...readMeta(cache.db)].filter(([key]) => key !== outcomesFromKey && key !== "generation");
  const tables = { ...dump(cache.db), meta: meta.sort() };
  cache.close();
  return tables;
}

test("that steps have left changes nothing else, whatever is still asked of a run that is over", () => {
  let late = 0;
  fc.assert(
    fc.property(drawnRuns, fc.integer({ min: 1, max: 9 }), (choices, retireEvery) => {
      const runs = choices.map((drawn, index) => randomRun(`run-${index}`, 1_000 + index * 17, drawn));
      const log = new HistoryLog().claim();
      for (const { at, decision } of decisionsOf(runs)) log.decide(at, [decision]);
      for (const run of runs) {
        if (run.state?.status === "running") continue;
        late++;
        run
          .wait(5_000)
          .do({ type: "TerminateRun", action: { actionId: `${run.runId}/late`, actor: "ada", reason: "" } });
        const { seq, at, inputId, events } = run.steps.at(-1) ?? { seq: 0, at: 0, inputId: "", events: [] };
        log.decide(at, [{ runId: run.runId, workflow: run.state?.workflow ?? "", inputId, seq, events }]);
      }
      const { steps: _, job_outcomes: __, ...whole } = tablesOf(log, undefined);
      const { steps: ___, job_outcomes: ____, ...retired } = tablesOf(log, retireEvery);
      expect(retired).toEqual(whole);
    }),
    { numRuns: 60 },
  );
  expect(late).toBeGreaterThan(20);
});

test("only what ended before goes, some runs at a time, and an open run keeps everything", () => {
  const cache = openCache(scratchFile(), "test");
  const projection = new Projection(cache);
  const stories = ["completed", "stuck"];
  const scenarioOf = (run: number): string => stories[run % 2] ?? "";
  for (const message of syntheticHistory({ runs: 900, from: 10_000, to: 100_000, scenarioOf })) {
    projection.take(0, message);
  }
  projection.flush();
  const withSteps = (where: string): number =>
    Number(
      cache.db
        .prepare(
          `SELECT count(*) AS n FROM runs r WHERE EXISTS (SELECT 1 FROM steps WHERE run = r.id) AND ${where}`,
        )
        .get()?.n,
    );
  const dueBefore = withSteps("ended_at < 60000");
  expect(dueBefore).toBeGreaterThan(200);
  const retirement = new Retirement(cache.db);
  expect(retirement.next(60_000)).toBe(true);
  expect(withSteps("ended_at < 60000")).toBeGreaterThan(dueBefore - 201);
  while (retirement.next(60_000)) {}
  expect(withSteps("ended_at < 60000")).toBe(0);
  expect(withSteps("ended_at >= 60000")).toBeGreaterThan(100);
  expect(withSteps("ended_at IS NULL")).toBe(450);
  cache.close();
});

test("a run's row says when the log took its first and its last record, also by a clock that goes back", () => {
  const cache = openCache(scratchFile(), "test");
  const projection = new Projection(cache);
  const run = randomRun("run", 1_000, [1, 2, 3, 4, 5]);
  const log = new HistoryLog().claim();
  for (const { at, decision } of decisionsOf([run])) log.decide(at, [decision]);
  const times = log.messages.map((_, index) => 50_000 + (index === 2 ? -300 : index * 10));
  log.messages.forEach((message, index) => {
    projection.take(0, { ...message, publishTime: times[index] ?? 0 });
    projection.flush();
  });
  expect(cache.db.prepare("SELECT first_published, last_published FROM run_details").get()).toEqual({
    first_published: 49_700,
    last_published: Math.max(...times.slice(1)),
  });
  cache.close();
});
