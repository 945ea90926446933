import { expect, it } from "vitest";
import { dispatchedAttempts, effectsOf } from "../../src/index.ts";
import { backingOff, begun, requested, started } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

it("A requested attempt is dispatched with the times that its worker must know", () => {
  expect(given(started, ...requested({ heartbeatMs: 5, startToCloseMs: 7 })).lastEffect).toEqual({
    type: "DispatchAttempt",
    runId,
    workflow: "order",
    jobId: "j1",
    jobType: "charge",
    attempt: 1,
    idempotencyKey: "order-1/j1",
    input: "1",
    heartbeatMs: 5,
    startToCloseMs: 7,
  });
});

it("A timer that is set is armed", () => {
  expect(
    given(started, { type: "TimerSet", timerId: "t1", generation: 1, dueAt: t0 + 5 }).lastEffect,
  ).toEqual({
    type: "ArmTimer",
    runId,
    timerId: "t1",
    generation: 1,
    dueAt: t0 + 5,
  });
});

it("Nothing else has an effect, and nor has an attempt of a job or a run that is over", () => {
  expect(given(started, ...requested(), begun()).lastEffect).toBeUndefined();
  const attempt = { type: "AttemptRequested", jobId: "j1", attempt: 1 } as const;
  expect(effectsOf(given(started).run, attempt)).toEqual([]);
  const { state } = given(started, ...requested(), { type: "RunCompleted", output: "1" });
  expect(state && effectsOf(state, attempt)).toEqual([]);
});

it("What workers have not answered yet is dispatched as it was, and nothing else", () => {
  const waiting = given(started, ...requested());
  expect(dispatchedAttempts(waiting.run)).toEqual([waiting.lastEffect]);
  expect(dispatchedAttempts(given(started, ...requested(), begun()).run)).toEqual([waiting.lastEffect]);
  expect(dispatchedAttempts(given(started, ...requested(), backingOff()).run)).toEqual([]);
  expect(dispatchedAttempts(given(started).run)).toEqual([]);
});
