import fc from "fast-check";
import { expect, test } from "vitest";
import { isOpen } from "../derive/shown-status.ts";
import { emptyFold, foldStep } from "../fold/run-fold.ts";
import { delegatedTrip, everyEvent, repairedTrip } from "../test/every-event.ts";
import { randomRun } from "../test/random-run.ts";
import type { RunDriver } from "../test/run-driver.ts";
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
