import {
  deadlines,
  openJobs,
  openTimers,
  openWaits,
  orderedMap,
  question,
  type RunDecision,
} from "@downbeat/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isOpen } from "../derive/shown-status.ts";
import { randomRun } from "../test/random-run.ts";
import { by, RunDriver, schedule, technical } from "../test/run-driver.ts";
import { dropFinishedRows, emptyFold, foldStep, type RunFold } from "./run-fold.ts";

const choices = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 40 });

test("what is shown as open is what the engine holds open, after every history", () => {
  fc.assert(
    fc.property(choices, (drawn) => {
      const run = randomRun("r", 1_000, drawn);
      const fold = folded(run.steps);
      const state = run.state;
      expect(fold.status).toBe(state?.status);
      expect(fold.seq).toBe(state?.seq);
      const open = [...fold.rows.values()].filter(isOpen);
      if (state?.status !== "running") {
        expect(open).toEqual([]);
        return;
      }
      expect(fold.closing).toBe(state.closing?.outcome);
      expect(fold.stuck?.failure).toEqual(state.stuck);
      const jobs = open.flatMap((row) =>
        row.kind === "job" ? [[row.jobId, row.status, row.attempts.length]] : [],
      );
      expect(jobs).toEqual(openJobs(state).map(({ jobId, status, attempt }) => [jobId, status, attempt]));
      const waits = open.flatMap((row) => (row.kind === "signal" ? [row.rowId] : []));
      expect(waits).toEqual(openWaits(state).map(({ waitId }) => waitId));
      const timers = open.flatMap((row) => (row.kind === "timer" ? [[row.timerId, row.dueAt]] : []));
      const sleeps = openTimers(state).filter(({ waitId }) => waitId === undefined);
      expect(timers).toEqual(sleeps.map(({ timerId, dueAt }) => [timerId, dueAt]));
      const ends = open.flatMap((row) =>
        row.kind === "job" && row.dueAt !== undefined ? [[row.jobId, row.dueAt]] : [],
      );
      const timeOuts = deadlines(state).flatMap(({ dueAt, command }) =>
        command.type === "TimeOutAttempt" ? [[command.jobId, dueAt]] : [],
      );
      expect(ends).toEqual(expect.arrayContaining(timeOuts));
      expect(ends.length).toBe(timeOuts.length);
      const waitEnds = open.flatMap((row) =>
        row.kind === "signal" && row.dueAt !== undefined ? [[row.rowId, row.dueAt]] : [],
      );
      const timeouts = openTimers(state).filter(({ waitId }) => waitId !== undefined);
      expect(waitEnds.sort()).toEqual(timeouts.map(({ waitId, dueAt }) => [waitId, dueAt]).sort());
      const actions = [...fold.actions.keys()].filter((id) => id.includes("/a")).sort();
      expect(actions).toEqual(orderedMap.keys(state.actions).sort());
    }),
    { numRuns: 500 },
  );
});

test("an answer of code in workers is awaited as long as the engine asks for one", () => {
  fc.assert(
    fc.property(choices, (drawn) => {
      const run = new RunDriver("r", 1_000, "workers").do({ type: "StartRun", workflow: "w", input: "1" });
      const fold = emptyFold("r", 0);
      let folded = 0;
      const agree = (): void => {
        for (; folded < run.steps.length; folded++) foldStep(fold, run.steps[folded] ?? expect.fail());
        const asked = run.state === undefined ? [] : question(run.state);
        if (fold.status === "running") expect(fold.awaitedAnswer !== undefined).toBe(asked.length > 0);
      };
      agree();
      drawn.forEach((choice, index) => {
        if (run.state?.status !== "running") return;
        run.wait(1);
        const [asked] = question(run.state);
        const [job] = openJobs(run.state);
        if (choice % 11 === 0)
          run.do({ type: "SendSignal", signalId: `s${index}`, name: "go", payload: "1" });
        else if (choice % 29 === 0) run.do({ type: "CancelRun", ...by("ada", "", `a${index}`) });
        else if (asked !== undefined && choice % 3 !== 0) {
          const decisions: RunDecision[] =
            choice % 7 === 0
              ? [{ type: "GetStuck", failure: technical("TypeError", "bug") }]
              : [
                  schedule(`j${index}`, "bookHotel", 1),
                  { type: "AwaitSignal", waitId: `w${index}`, name: "go" },
                ];
          run.do({ type: "AnswerQuestion", upTo: asked.upTo, answerId: `answer-${index}`, decisions });
        } else if (job !== undefined && job.status !== "backingOff") run.complete(job.jobId, 1);
        agree();
      });
    }),
    { numRuns: 300 },
  );
});

test("forgetting what is over changes nothing of what is open later", () => {
  fc.assert(
    fc.property(choices, fc.nat(5), (drawn, every) => {
      const { steps } = randomRun("r", 1_000, drawn);
      const whole = folded(steps);
      const forgetful = emptyFold("r", 0);
      steps.forEach((step, index) => {
        foldStep(forgetful, step);
        if (index % (every + 1) === 0) dropFinishedRows(forgetful);
      });
      const open = (fold: RunFold) => [...fold.rows.values()].filter((row) => row.to === undefined);
      expect(open(forgetful)).toEqual(
        open(whole).map((row) => expect.objectContaining({ ...row, rowId: row.rowId })),
      );
      expect([...forgetful.actions.values()]).toEqual([...whole.actions.values()]);
      expect([...forgetful.compensations.values()]).toEqual([...whole.compensations.values()]);
    }),
    { numRuns: 500 },
  );
});

function folded(steps: Parameters<typeof foldStep>[1][]): RunFold {
  const fold = emptyFold("r", 0);
  for (const step of steps) foldStep(fold, step);
  return fold;
}
