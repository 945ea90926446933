import { describe, expect, it } from "vitest";
import {
  dispatchedAttempts,
  effectsOf,
  type RepairOutcome,
  type RunEvent,
  waitingAttempt,
  waitingAttempts,
} from "../../src/index.ts";
import { action, backingOff, begun, requested, started } from "../samples.ts";
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

it("A requested attempt says until when it is worth beginning, counted from its own request", () => {
  const waiting = given(started, ...requested({ scheduleToStartMs: 50 }));
  expect(waiting.lastEffect).toMatchObject({ startBy: t0 + 50 });
  const again = waiting
    .and(backingOff())
    .after(1_000)
    .and({ type: "AttemptRequested", jobId: "j1", attempt: 2 });
  expect(again.lastEffect).toMatchObject({ attempt: 2, startBy: t0 + 1_050 });
  // One that is begun is handed over again without, by whom it may concern.
  expect(dispatchedAttempts(waiting.and(begun()).run)[0]).not.toHaveProperty("startBy");
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
  expect(effectsOf(given(started).run, attempt, given(started).run)).toEqual([]);
  const { state } = given(started, ...requested(), { type: "RunCompleted", output: "1" });
  expect(state && effectsOf(state, attempt, state)).toEqual([]);
});

it("What workers have not answered yet is dispatched as it was, and nothing else", () => {
  const waiting = given(started, ...requested());
  expect(dispatchedAttempts(waiting.run)).toEqual([waiting.lastEffect]);
  expect(dispatchedAttempts(given(started, ...requested(), begun()).run)).toEqual([waiting.lastEffect]);
  expect(dispatchedAttempts(given(started, ...requested(), backingOff()).run)).toEqual([]);
  expect(dispatchedAttempts(given(started).run)).toEqual([]);
});

describe("What no worker has begun with", () => {
  const waiting = given(started, ...requested(), ...requested({}, "j2"), begun("j2"), ...requested({}, "j3"));

  it("is handed over again as it was, the oldest job first", () => {
    expect(waitingAttempts(waiting.run)).toMatchObject([{ jobId: "j1" }, { jobId: "j3" }]);
    expect(waitingAttempts(given(started, ...requested()).run)).toEqual([
      given(started, ...requested()).lastEffect,
    ]);
  });

  it("is no job whose first attempt is yet to be decided, and none that backs off", () => {
    const [scheduled] = requested();
    expect(waitingAttempts(given(started, scheduled as RunEvent).run)).toEqual([]);
    expect(dispatchedAttempts(given(started, scheduled as RunEvent).run)).toEqual([]);
    expect(waitingAttempts(given(started, ...requested(), backingOff()).run)).toEqual([]);
  });

  it("is found by its job and number, for as long as it waits", () => {
    expect(waitingAttempt(waiting.run, "j3", 1)).toEqual(waiting.lastEffect);
    expect(waitingAttempt(waiting.run, "j3", 2)).toBeUndefined();
    expect(waitingAttempt(waiting.run, "j2", 1)).toBeUndefined();
    expect(waitingAttempt(waiting.run, "j4", 1)).toBeUndefined();
  });
});

it("A repaired run that goes on asks again for what workers may have answered; one that is closed asks nobody", () => {
  const open = given(started, ...requested()).run;
  const repaired = (outcome: RepairOutcome): RunEvent => ({
    type: "RunRepaired",
    action: action(),
    outcome,
    message: "x",
  });
  expect(effectsOf(open, repaired("cut"), open)).toEqual(dispatchedAttempts(open));
  const { state } = given(started, ...requested(), { type: "RunCompleted", output: "1" });
  expect(state && effectsOf(state, repaired("closed"), state)).toEqual([]);
});
