import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOpen } from "../derive/shown-status.ts";
import { emptyFold, foldStep } from "../fold/run-fold.ts";
import { delegatedTrip, everyEvent, repairedTrip } from "../test/every-event.ts";
import { randomRun } from "../test/random-run.ts";
import { RunDriver, schedule } from "../test/run-driver.ts";
import type { RunHistory } from "./run-history.ts";
import { runStateAt } from "./run-state.ts";

function historyOf({ runId, steps }: RunDriver): RunHistory {
  const fold = emptyFold(runId, 0);
  for (const step of steps) foldStep(fold, step);
  return { id: 1, fold, steps: [...steps], lastSeq: fold.seq };
}

test("the state after the last event is the run as it is, and before each event it is what it was after the one before", () => {
  const runs = fc.oneof(
    fc.constantFrom(...everyEvent(), delegatedTrip()),
    fc
      .array(fc.nat(100_000), { minLength: 1, maxLength: 30 })
      .map((choices) => randomRun("r", 1_000, choices)),
  );
  fc.assert(
    fc.property(runs, (run) => {
      const history = historyOf(run);
      let last = runStateAt(history, 1);
      expect(last?.before).toBeUndefined();
      for (let seq = 2; seq <= history.fold.seq; seq++) {
        const next = runStateAt(history, seq);
        expect(next?.event.seq).toBe(seq);
        const { rows: rowsBefore, why: _, whyTimes: __, ...before } = next?.before ?? expect.fail();
        const { rows: rowsAfter, why: ___, whyTimes: ____, ...after } = last?.after ?? expect.fail();
        expect(before).toEqual(after);
        for (const row of Object.values(rowsBefore).filter(isOpen)) expect(rowsAfter[row.rowId]).toEqual(row);
        last = next;
      }
      const { after } = last ?? expect.fail();
      const open = [...history.fold.rows.values()].filter(isOpen);
      expect(after.open).toBe(open.length);
      expect(after.open + after.ended).toBe(history.fold.rows.size);
      for (const row of open) expect(after.rows[row.rowId]).toEqual(row);
      expect(after.labels).toEqual(history.fold.labels);
      expect(after.output).toBe(history.fold.output);
    }),
    { numRuns: 60 },
  );
});

test("an event tells of the rows that it changed, on both sides", () => {
  const [failed] = everyEvent();
  const history = historyOf(failed ?? expect.fail());
  const place = history.steps
    .flatMap((step) => step.events.map((event, index) => ({ event, seq: step.seq + index })))
    .find(({ event }) => event.type === "JobCompleted");
  const state = runStateAt(history, place?.seq ?? 0);
  expect(state?.before?.rows.j1).toMatchObject({ status: "scheduled" });
  expect(state?.after.rows.j1).toMatchObject({ status: "completed", output: '{"receipt":1}' });
});

test("of an event that is not there, or whose past is not, there is no state", () => {
  const history = historyOf(repairedTrip());
  expect(runStateAt(history, history.fold.seq + 1)).toBeUndefined();
  expect(runStateAt(history, 0)).toBeUndefined();
  expect(runStateAt({ ...history, steps: history.steps.slice(1) }, 3)).toBeUndefined();
});

describe("What is told of a run that is large", () => {
  const jobs = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => schedule(`j${index + 1}`, "pay", "x".repeat(length)));
  const large = (count: number, length: number) =>
    new RunDriver("large", 1_000).do(
      { type: "StartRun", workflow: "pay", input: "1" },
      ...jobs(count, length),
    );
  const action = { actionId: "a", actor: "ada", reason: "enough" };
  /** As it was recorded before jobs had an event each for it: one that ends them all. */
  const terminated = (run: RunDriver): RunHistory => {
    const { runId, steps } = run.do({ type: "TerminateRun", action });
    const old = steps.map((step) => ({
      ...step,
      events: step.events.filter(({ type }) => type !== "JobAbandoned"),
    }));
    const fold = emptyFold(runId, 0);
    for (const step of old) foldStep(fold, step);
    return { id: 1, fold, steps: old, lastSeq: fold.seq };
  };

  test("has a bound, and says how much more an event changed", () => {
    const history = terminated(large(1_000, 1_000));
    const { before, after, moreChanged } = runStateAt(history, history.fold.seq) ?? expect.fail();
    expect(Object.keys(after.rows)).toHaveLength(200);
    expect(Object.keys(before?.rows ?? {})).toEqual(Object.keys(after.rows));
    expect(moreChanged).toBe(800);
    expect([before?.open, after.ended]).toEqual([1_000, 1_000]);
  });

  test("is no longer than a page can compare", () => {
    const history = terminated(large(150, 20_000));
    const state = runStateAt(history, history.fold.seq) ?? expect.fail();
    expect(JSON.stringify(state).length).toBeLessThan(1_100_000);
    expect((state.moreChanged ?? 0) + Object.keys(state.after.rows).length).toBe(150);
  });

  test("is of the same steps before and after, so that no other one seems to have come or gone", () => {
    const history = historyOf(large(300, 1).complete("j5", 1));
    const place = history.steps
      .flatMap((step) => step.events.map((event, index) => ({ event, seq: step.seq + index })))
      .find(({ event }) => event.type === "JobCompleted");
    const { before, after, moreChanged } = runStateAt(history, place?.seq ?? 0) ?? expect.fail();
    expect(Object.keys(after.rows)).toContain("j5");
    expect(Object.keys(before?.rows ?? {})).toEqual(Object.keys(after.rows));
    expect(moreChanged).toBeUndefined();
  });
});
