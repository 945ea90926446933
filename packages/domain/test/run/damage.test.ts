import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decide,
  effectsOf,
  evolve,
  isLateRefusal,
  misfit,
  openJob,
  type RunEvent,
  type RunState,
  type Step,
  setAside,
  shortestKnownMs,
  standingOf,
  startsAnew,
} from "../../src/index.ts";
import { action, begun, requested, started } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const completed: RunEvent = { type: "RunCompleted", output: "1" };
const jobCompleted: RunEvent = { type: "JobCompleted", jobId: "j1", output: "1", attempt: 1 };

/** As every reader follows history: what does not fit sets the run aside, and nothing throws. */
function follow(state: RunState | undefined, step: Step): RunState {
  const context = { runId, workflow: "order", at: t0 };
  const found = misfit(standingOf(state), step);
  if (found !== undefined) return setAside(state, context, found);
  let next = state;
  for (const [index, event] of step.events.entries()) {
    next = evolve(next, event, { runId, seq: step.seq + index, at: t0, inputId: "i" });
  }
  if (next === undefined) throw new Error("nothing followed");
  return next;
}

function run(...steps: Step[]): RunState {
  const last = steps.reduce<RunState | undefined>(follow, undefined);
  if (last === undefined) throw new Error("no steps");
  return last;
}

describe("A run is set aside, with what was found,", () => {
  const beginning: Step = { seq: 1, events: [started, ...requested()] };
  it.each<[string, Step[], string]>([
    [
      "when a job completes after the run's end",
      [
        { seq: 1, events: [started, completed] },
        { seq: 3, events: [jobCompleted] },
      ],
      "event 3: JobCompleted can't follow the run's end",
    ],
    ["when events are missing", [beginning, { seq: 6, events: [jobCompleted] }], "events 4 to 5 are missing"],
    [
      "when an event is there twice",
      [beginning, { seq: 3, events: [jobCompleted] }],
      "event 3 is there twice: JobCompleted comes after event 3",
    ],
    [
      "when its beginning is missing",
      [{ seq: 4, events: [jobCompleted] }],
      "its beginning is not in the log: the first event there is number 4",
    ],
    [
      "when it starts twice",
      [beginning, { seq: 4, events: [started] }],
      "event 4: the run starts a second time",
    ],
    [
      "when a job is not open",
      [beginning, { seq: 4, events: [jobCompleted, jobCompleted] }],
      "event 5: JobCompleted speaks of job j1, which is not open",
    ],
    [
      "when a job has the name of what every object has",
      [beginning, { seq: 4, events: [{ ...jobCompleted, jobId: "constructor" } as RunEvent] }],
      "event 4: JobCompleted speaks of job constructor, which is not open",
    ],
    [
      "when an event can't be read",
      [beginning, { seq: 4, events: [], flaw: "event 4 can't be read" }],
      "event 4 can't be read",
    ],
    ["when a part holds nothing", [beginning, { seq: 4, events: [] }], "a part of a record holds no events"],
    [
      "when it is repaired without damage",
      [
        beginning,
        { seq: 4, events: [{ type: "RunRepaired", action: action(), outcome: "cut", message: "" }] },
      ],
      "RunRepaired can follow only damage",
    ],
  ])("%s", (_, steps, found) => {
    expect(run(...steps)).toMatchObject({ status: "damaged", found });
  });
});

describe("A damaged run", () => {
  const good = run({ seq: 1, events: [started, ...requested(), begun()] });
  const damaged = follow(good, { seq: 9, events: [jobCompleted] });

  it("keeps the first finding and its last good event, whatever comes after", () => {
    const later = follow(damaged, { seq: 10, events: [completed] });
    expect(later).toEqual(damaged);
    expect(damaged).toMatchObject({ seq: 4, good: { status: "running" } });
  });

  it.each(["CancelRun", "ResumeRun"] as const)("refuses %s with what was found", (type) => {
    const answer = decide(damaged, { type, commandId: "c", runId, action: action() }, t0);
    expect(answer).toMatchObject({
      type: "rejected",
      code: "RunDamaged",
      message: expect.stringMatching(/events 5 to 8 are missing/),
    });
  });

  it("goes on at its last good event, and asks workers again for what they may have answered", () => {
    const answer = decide(
      damaged,
      { type: "RepairRun", commandId: "c", runId, action: action(), outcome: "cut" },
      t0,
    );
    if (answer.type !== "accepted") throw new Error(answer.type);
    const next = follow(damaged, { seq: 5, events: answer.events });
    expect(next).toMatchObject({ status: "running", seq: 5 });
    expect(next.status === "running" && openJob(next, "j1")).toMatchObject({ attempt: 1 });
    const [event] = answer.events;
    expect(event && effectsOf(next, event, damaged)).toMatchObject([
      { type: "DispatchAttempt", jobId: "j1", attempt: 1 },
    ]);
    expect(follow(next, { seq: 6, events: [jobCompleted] })).toMatchObject({ status: "running", seq: 6 });
  });

  it.each([{ type: "RepairRun", outcome: "closed" }, { type: "TerminateRun" }] as const)(
    "ends by %o",
    (asked) => {
      const answer = decide(damaged, { ...asked, commandId: "c", runId, action: action() }, t0);
      if (answer.type !== "accepted") throw new Error(answer.type);
      expect(follow(damaged, { seq: 5, events: answer.events })).toMatchObject({
        status: "terminated",
        seq: 5,
      });
    },
  );

  it("knows the input that it was started with, set aside and closed: another start with its id is told apart", () => {
    const closed = follow(damaged, {
      seq: 5,
      events: [{ type: "RunRepaired", action: action(), outcome: "closed", message: "x" }],
    });
    const start = { type: "StartRun", commandId: "c", runId, workflow: "order" } as const;
    for (const state of [damaged, closed]) {
      expect(decide(state, { ...start, input: "{}" }, t0)).toMatchObject({ code: "RunExists" });
      expect(decide(state, { ...start, input: "[]" }, t0)).toMatchObject({ code: "RunIdTaken" });
      expect(decide(state, { ...start, input: "{}", workflow: "refund" }, t0)).toMatchObject({
        code: "RunIdTaken",
      });
    }
  });

  it("without a beginning is any start's run, as nobody knows its workflow or its input", () => {
    const headless = setAside(undefined, { runId, workflow: "", at: t0 }, "x");
    const start = { type: "StartRun", commandId: "c", runId, workflow: "order", input: "1" } as const;
    expect(decide(headless, start, t0)).toMatchObject({ type: "rejected", code: "RunExists" });
  });

  it("that was over stays what it was when it is closed", () => {
    const over = run({ seq: 1, events: [started, completed] }, { seq: 3, events: [jobCompleted] });
    const answer = decide(
      over,
      { type: "RepairRun", commandId: "c", runId, action: action(), outcome: "closed" },
      t0,
    );
    if (answer.type !== "accepted") throw new Error(answer.type);
    expect(follow(over, { seq: 3, events: answer.events })).toMatchObject({ status: "completed" });
  });

  it("without a beginning can only be closed", () => {
    const headless = run({ seq: 7, events: [jobCompleted] });
    const command = { type: "RepairRun", commandId: "c", runId, action: action() } as const;
    expect(decide(headless, { ...command, outcome: "cut" }, t0)).toMatchObject({ code: "InvalidInput" });
    expect(decide(headless, { ...command, outcome: "closed" }, t0)).toMatchObject({ type: "accepted" });
  });
});

it("A whole run is not repaired", () => {
  given(started).when({ type: "RepairRun", action: action(), outcome: "cut" }).rejectedAs("RunNotDamaged");
});

it("Whatever an accepted record says of a run, following it never throws", () => {
  const jobId = fc.constantFrom("j1", "j2", "constructor", "__proto__", "");
  const failure = fc.constant({ kind: "technical", name: "No", message: "no" } as const);
  const id = fc.constantFrom("t1", "w1", "s1", "__proto__");
  const event: fc.Arbitrary<RunEvent> = fc.oneof(
    fc.constantFrom<RunEvent>(started, completed, {
      type: "RunStuck",
      failure: { kind: "code", name: "E", message: "" },
    }),
    fc.record({ type: fc.constantFrom("RunFailing" as const, "RunFailed" as const), failure }),
    fc.record({
      type: fc.constantFrom("RunCancelRequested" as const, "RunTerminated" as const, "RunResumed" as const),
      action: fc.constant(action()),
    }),
    fc.record({
      type: fc.constant("RunRepaired" as const),
      action: fc.constant(action()),
      outcome: fc.constantFrom("cut" as const, "closed" as const),
      message: fc.constant(""),
    }),
    fc.record({
      type: fc.constant("JobScheduled" as const),
      jobId,
      jobType: fc.constant("x"),
      input: fc.constant("1"),
    }),
    fc.record({
      type: fc.constantFrom("AttemptRequested" as const, "AttemptHeartbeat" as const),
      jobId,
      attempt: fc.nat(3),
    }),
    fc.record({
      type: fc.constant("AttemptStarted" as const),
      jobId,
      attempt: fc.nat(3),
      worker: fc.constant("w"),
      startedAt: fc.constant(t0),
    }),
    fc.record({
      type: fc.constantFrom("AttemptFailed" as const, "JobRejected" as const),
      jobId,
      attempt: fc.nat(3),
      failure,
    }),
    fc.record({ type: fc.constant("JobCompleted" as const), jobId, output: fc.constant("1") }),
    fc.record({ type: fc.constantFrom("JobStuck" as const, "JobFailed" as const), jobId, failure }),
    fc.record({ type: fc.constant("JobCancelled" as const), jobId }),
    fc.record({
      type: fc.constantFrom("JobRetried" as const, "BackOffSkipped" as const),
      jobId,
      action: fc.constant(action()),
    }),
    fc.record({
      type: fc.constant("TimerSet" as const),
      timerId: id,
      generation: fc.nat(2),
      dueAt: fc.nat(),
    }),
    fc.record({
      type: fc.constantFrom("TimerFired" as const, "TimerCancelled" as const),
      timerId: id,
      generation: fc.nat(2),
    }),
    fc.record({ type: fc.constant("SignalAwaited" as const), waitId: id, name: id }),
    fc.record({ type: fc.constant("CodeAnswered" as const), upTo: fc.nat(9), answerId: id }),
    fc.record({
      type: fc.constant("CodeAskedAgain" as const),
      attempt: fc.nat(3),
      because: fc.constantFrom(...(["history", "notMine", "noAnswer", "unfinished", "workerEnded"] as const)),
    }),
    fc.record({ type: fc.constant("SignalDelivered" as const), waitId: id, signalId: id }),
  );
  const steps = fc.array(
    fc.record({ seq: fc.oneof(fc.constant(-1), fc.nat(9)), events: fc.array(event, { maxLength: 4 }) }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(steps, (shapes) => {
      let state: RunState | undefined;
      // -1: where it fits, so that more than the first step is reached.
      for (const { seq, events } of shapes) {
        const before = state;
        state = follow(before, { seq: seq < 0 ? (before?.seq ?? 0) + 1 : seq, events });
        if (before?.status === "damaged" && state.status === "damaged") expect(state).toBe(before);
      }
    }),
    { numRuns: 2_000 },
  );
});

describe("What is refused long after a run's end", () => {
  const refusal: Step = {
    seq: 7,
    events: [{ type: "CommandRefused", command: "SendSignal", code: "RunOver", message: "It is over." }],
  };
  const closed = { seq: 4, isOpen: false, isSetAside: false, closedAt: t0, hasOpenJob: () => false };
  const later = t0 + shortestKnownMs;

  it("says nothing where the run is not known any more, or where less of it is known", () => {
    expect(isLateRefusal(undefined, refusal, t0)).toBe(true);
    expect(isLateRefusal(closed, refusal, later)).toBe(true);
    expect(isLateRefusal(closed, { ...refusal, seq: 3 }, later)).toBe(true);
  });

  it("is as any other event where it follows, or soon after the end, or of a run that is open or set aside", () => {
    expect(isLateRefusal(closed, { ...refusal, seq: 5 }, later)).toBe(false);
    expect(isLateRefusal(closed, refusal, later - 1)).toBe(false);
    expect(isLateRefusal({ ...closed, closedAt: undefined, isOpen: true }, refusal, later)).toBe(false);
    expect(isLateRefusal({ ...closed, closedAt: undefined, isSetAside: true }, refusal, later)).toBe(false);
  });

  it("is nothing of the kind when it is the first event, can't be read, or says more", () => {
    expect(isLateRefusal(undefined, { ...refusal, seq: 1 }, t0)).toBe(false);
    expect(isLateRefusal(undefined, { ...refusal, flaw: "it can't be read" }, t0)).toBe(false);
    expect(isLateRefusal(undefined, { ...refusal, events: [] }, t0)).toBe(false);
    expect(isLateRefusal(undefined, { ...refusal, events: [...refusal.events, completed] }, t0)).toBe(false);
  });

  it("is followed by a run that begins again under the id, but not sooner than a day after the end", () => {
    const start: Step = { seq: 1, events: [started] };
    expect(startsAnew(closed, start, later)).toBe(true);
    expect(startsAnew(closed, start, later - 1)).toBe(false);
    expect(startsAnew(closed, { ...start, seq: 5 }, later)).toBe(false);
    expect(startsAnew(closed, { seq: 1, events: [completed] }, later)).toBe(false);
    expect(startsAnew({ ...closed, closedAt: undefined }, start, later)).toBe(false);
    expect(startsAnew(undefined, start, later)).toBe(false);
  });
});

it("Closing a run whose beginning is missing calls nobody off: who was at work for it is not known", () => {
  const headless = run({ seq: 7, events: [jobCompleted] });
  const closing: RunEvent = { type: "RunRepaired", action: action(), outcome: "closed", message: "x" };
  expect(effectsOf(follow(headless, { seq: 1, events: [closing] }), closing, headless)).toEqual([]);
});
