import { evolve, isLateRefusal, misfit, type RunState, setAside, standingOf } from "@downbeat/domain";
import type { Decision } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openCache } from "../cache.ts";
import type { Step } from "../fold/run-fold.ts";
import { ReadModel } from "../read/read-model.ts";
import { repairedTrip } from "../test/every-event.ts";
import { HistoryLog, historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { scratchFile } from "../test/scratch.ts";
import { Projection } from "./projection.ts";

/** Folds the log with a flush here and there, so that runs are read from the cache again. */
function project(log: HistoryLog, flushEvery = 3): ReadModel {
  const path = scratchFile();
  const cache = openCache(path, "test");
  const projection = new Projection(cache, { maxOpenRuns: 2 });
  log.messages.forEach((message, index) => {
    projection.take(0, message);
    if (index % flushEvery === 0) projection.flush();
  });
  projection.flush();
  cache.close();
  const readModel = new ReadModel(path);
  onTestFinished(() => readModel.close());
  return readModel;
}

/** As the engine follows history. */
function follow(state: RunState | undefined, step: Step, runId: string): RunState | undefined {
  if (isLateRefusal(standingOf(state), step, step.at)) return state;
  const found = misfit(standingOf(state), step);
  if (found !== undefined) return setAside(state, { runId, workflow: "", at: step.at }, found);
  let next = state;
  for (const [index, event] of step.events.entries())
    next = evolve(next, event, { runId, at: step.at, inputId: step.inputId, seq: step.seq + index });
  return next;
}

const mischief = fc.record({
  what: fc.constantFrom("drop", "double", "renumber", "swap", "none"),
  at: fc.nat(30),
});

test("the read model sets aside the same runs as the engine, with the same finding, after every history", () => {
  const story = fc.array(
    fc.record({
      drawn: fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }),
      done: fc.array(mischief, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(story, fc.integer({ min: 1, max: 4 }), (runs, flushEvery) => {
      const log = new HistoryLog().claim();
      const states = new Map<string, RunState | undefined>();
      for (const [number, { drawn, done }] of runs.entries()) {
        const runId = `r${number}`;
        const steps: Step[] = [...randomRun(runId, 1_000, drawn).steps];
        for (const { what, at } of done) {
          const place = at % Math.max(1, steps.length);
          const step = steps[place];
          if (step === undefined) continue;
          if (what === "drop") steps.splice(place, 1);
          if (what === "double") steps.splice(place, 0, step);
          if (what === "renumber") steps[place] = { ...step, seq: step.seq + 1 };
          if (what === "swap") steps.splice(place, 1, ...steps.splice(place + 1, 1, step));
        }
        let state: RunState | undefined;
        for (const step of steps) {
          const { seq, at, inputId, events } = step;
          log.decide(at, [{ runId, workflow: "w", inputId, seq, events }]);
          state = follow(state, step, runId);
        }
        states.set(runId, state);
      }
      const readModel = project(log, flushEvery);
      for (const [runId, state] of states) {
        const run = readModel.run(runId);
        expect(run?.damaged?.found).toBe(state?.status === "damaged" ? state.found : undefined);
        expect(run?.seq).toBe(state?.seq);
        if (state !== undefined && state.status !== "damaged") expect(run?.status).toBe(state.status);
        if (state?.status === "damaged") expect(run?.shown).toBe("stuck");
      }
    }),
    { numRuns: 60 },
  );
});

test("a run is repaired for the read model as it is for the engine", () => {
  const trip = repairedTrip();
  const readModel = project(historyOf([trip]));
  const run = readModel.run(trip.runId);
  expect(run).toMatchObject({ status: "completed", seq: trip.state?.seq });
  expect(run?.damaged).toBeUndefined();
});

test("a record that is damaged sets its runs aside, and the records after it still count", () => {
  const decision = (runId: string, seq: number): Decision => ({
    runId,
    workflow: "w",
    inputId: `${runId}/${seq}`,
    seq,
    events:
      seq === 1 ? [{ type: "RunStarted", workflow: "w", input: "1" }] : [{ type: "LabelsSet", labels: {} }],
  });
  const log = new HistoryLog()
    .claim()
    .decide(10, [decision("r1", 1), decision("r2", 1)])
    .decide(20, [decision("r1", 2)])
    .decide(30, [decision("r2", 2)])
    .decide(40, [decision("r1", 3)]);
  const damaged = log.messages[2];
  if (damaged === undefined) throw new Error("no message");
  log.messages[2] = { ...damaged, properties: { id: "record-2", crc: "00000000" } };
  const readModel = project(log);
  expect(readModel.run("r1")?.damaged?.found).toBe("a record with its events is damaged");
  expect(readModel.run("r2")).toMatchObject({ seq: 2 });
  expect(readModel.run("r2")?.damaged).toBeUndefined();
  expect(readModel.quarantine({ limit: 10 }).leftOut).toMatchObject([{ runIds: ["r1"] }]);
});

test("damage to history needs a person, as a cause of its own that nothing but its end takes away", () => {
  const started: Decision = {
    runId: "r1",
    workflow: "w",
    inputId: "start",
    seq: 1,
    events: [{ type: "RunStarted", workflow: "w", input: "1" }],
  };
  const failure = { kind: "code", name: "DamagedHistory", message: "event 3 is missing" } as const;
  const stuck: Decision = {
    ...started,
    runId: "r2",
    events: [...started.events, { type: "RunStuck", failure }],
  };
  const late: Decision = { ...started, inputId: "late", seq: 4, events: [{ type: "LabelsSet", labels: {} }] };
  const log = new HistoryLog().claim().decide(10, [started, stuck]).decide(20, [late]);
  const { items, groups } = project(log).attention({ limit: 10 });
  expect(items.map(({ kind, runId, since, failure: { message } }) => [kind, runId, since, message])).toEqual([
    ["code", "r2", 10, "event 3 is missing"],
    ["history", "r1", 20, "events 2 to 3 are missing"],
  ]);
  expect(groups.map(({ kind, count }) => [kind, count])).toEqual([
    ["code", 1],
    ["history", 1],
  ]);
  const action = { actionId: "a", actor: "ada", reason: "x" };
  const repaired: Decision = {
    ...started,
    inputId: "repair",
    seq: 2,
    events: [{ type: "RunRepaired", action, outcome: "cut", message: "x" }],
  };
  expect(project(log.decide(30, [repaired])).attention({ limit: 10 }).items).toMatchObject([{ runId: "r2" }]);
});
