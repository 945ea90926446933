import { describe, expect, test } from "vitest";
import {
  type Effect,
  effectsOf,
  evolve,
  type RunDecision,
  type RunEvent,
  type RunState,
  setAside,
} from "../../src/index.ts";
import { action, begun, by, completes, declined, outage, requested, started, stuck } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const abandoned = (jobId: string): RunEvent => ({ type: "JobAbandoned", jobId });
const over = { type: "CompleteRun", output: "1" } as const satisfies RunDecision;

/** What the last of the events has done outside. */
function effectsOfLast(...events: RunEvent[]): readonly Effect[] {
  let state: RunState | undefined;
  let effects: readonly Effect[] = [];
  for (const [index, event] of events.entries()) {
    const next = evolve(state, event, { runId, seq: index + 1, at: t0, inputId: "i" });
    effects = effectsOf(next, event, state);
    state = next;
  }
  return effects;
}

const calledOff = (because: string, attempt = 1) => [
  { type: "CallOffAttempt", runId, jobId: "j1", jobType: "charge", attempt, because },
];

describe("A job that its run does not wait for", () => {
  test("is abandoned when the run ends, whatever it was at and however the run ends", () => {
    const open = [
      ...requested(),
      ...[...requested({}, "j2"), begun("j2")],
      ...[...requested({}, "j3"), ...stuck("j3")],
    ];
    const all = ["j1", "j2", "j3"].map(abandoned);
    given(started, ...open)
      .whenCodeWants(over)
      .brings(...all, { type: "RunCompleted", output: "1" });
    given(started, ...open)
      .whenCodeWants({ type: "FailRun", failure: declined })
      .brings(...all, { type: "RunFailed", failure: declined });
    given(started, ...open)
      .whenCodeWants({ type: "FinishCancel" })
      .brings(...all, { type: "RunCancelled" });
    given(started, ...open)
      .when({ type: "TerminateRun", action: action() })
      .brings(...all, { type: "RunTerminated", action: action() });
    given(started).whenCodeWants(over).brings({ type: "RunCompleted", output: "1" });
  });

  test("is over: its late result is refused, once, and said", () => {
    given(started, ...requested(), begun(), abandoned("j1"), { type: "RunCompleted", output: "1" })
      .when(completes())
      .rejectedAs("AttemptOver")
      .when(completes())
      .ignored();
  });
});

describe("A worker is told that nobody waits for its attempt", () => {
  test("when the job is abandoned or cancelled, a person completes it, or the engine finds its time up", () => {
    const one = [started, ...requested()];
    expect(effectsOfLast(...one, abandoned("j1"))).toEqual(calledOff("abandoned"));
    expect(effectsOfLast(...one, begun(), abandoned("j1"))).toEqual(calledOff("abandoned"));
    expect(effectsOfLast(...one, { type: "JobCancelled", jobId: "j1", action: action() })).toEqual(
      calledOff("cancelled"),
    );
    expect(
      effectsOfLast(...one, { type: "JobCompleted", jobId: "j1", output: "1", action: action() }),
    ).toEqual(calledOff("completed"));
    const late = { kind: "timeout", name: "TimedOut", message: "late", timeout: "startToClose" } as const;
    const timedOut = { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: late } as const;
    expect(effectsOfLast(...one, begun(), timedOut)).toEqual(calledOff("timedOut"));
  });

  test("when a person closes its run, whose history is damaged", () => {
    const damaged = setAside(
      given(started, ...requested(), begun()).state,
      { runId, workflow: "order", at: t0 },
      "x",
    );
    for (const [outcome, type] of [
      ["closed", "CallOffAttempt"],
      ["cut", "DispatchAttempt"],
    ] as const) {
      const repaired = { type: "RunRepaired", action: action(), outcome, message: "x" } as const;
      const after = evolve(damaged, repaired, { runId, seq: 4, at: t0, inputId: "i" });
      expect(effectsOf(after, repaired, damaged)).toMatchObject([{ type, jobId: "j1", attempt: 1 }]);
    }
    const stranger = setAside(undefined, { runId, workflow: "order", at: t0 }, "x");
    const closed = { type: "RunRepaired", action: action(), outcome: "closed", message: "x" } as const;
    const after = evolve(stranger, closed, { runId, seq: 1, at: t0, inputId: "i" });
    expect(effectsOf(after, closed, stranger)).toEqual([]);
  });

  test("with the number of the attempt that it has", () => {
    const retried: RunEvent[] = [
      ...[started, ...requested(), ...stuck()],
      { type: "JobRetried", jobId: "j1", action: action() },
      { type: "AttemptRequested", jobId: "j1", attempt: 2 },
    ];
    expect(effectsOfLast(...retried, abandoned("j1"))).toEqual(calledOff("abandoned", 2));
  });

  test("and not when it said itself what came of it, or when no worker has it", () => {
    const one = [started, ...requested()];
    expect(effectsOfLast(...one, ...stuck(), abandoned("j1"))).toEqual([]);
    expect(effectsOfLast(...one, { type: "JobCompleted", jobId: "j1", output: "1", attempt: 1 })).toEqual([]);
    expect(
      effectsOfLast(...one, { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage, ...by }),
    ).toEqual([]);
  });
});

describe("An undo waits for a cancelled job's attempt that is under way", () => {
  const registered: RunEvent = {
    type: "CompensationRegistered",
    compensationId: "c1",
    jobType: "refund",
    input: "1",
  };
  const cancelled: RunEvent = { type: "JobCancelled", jobId: "j1", action: action() };
  const failing: RunEvent = { type: "RunFailing", failure: declined };
  const undo = {
    type: "ScheduleJob",
    jobId: "j2",
    jobType: "refund",
    input: "1",
    compensationId: "c1",
  } as const satisfies RunDecision;
  const limited = { startToCloseMs: 50 };
  const { type: _, ...scheduled } = undo;
  const heldUntil = t0 + 50;
  const asked: RunEvent = { ...scheduled, type: "JobScheduled" };
  const first: RunEvent = { type: "AttemptRequested", jobId: "j2", attempt: 1 };
  const request = { type: "RequestAttempt", jobId: "j2", attempt: 1 } as const;
  const before = given(started, registered, ...requested(limited), begun(), cancelled, failing);
  const held = () => before.whenCodeWants(undo).brings({ ...asked, heldUntil });

  test("until its worker answers, with whatever", () => {
    const waiting = held();
    expect(waiting.deadlines).toMatchObject([{ dueAt: heldUntil, command: request }]);
    waiting.when(request).ignored();
    const answered = waiting.after(20).when(completes()).rejectedAs("AttemptOver");
    expect(answered.deadlines).toMatchObject([{ dueAt: t0 + 20, command: request }]);
    answered.when(request).brings(first).when(request).ignored();
  });

  test("or until the attempt is over at the latest, should its worker be gone", () => {
    held().after(50).when(request).brings(first);
  });

  test("and not longer: afterwards it is asked for at once, as when nobody had begun or its worker had answered", () => {
    before
      .after(50)
      .whenCodeWants(undo)
      .brings({ ...asked, heldUntil });
    const late = given(started, registered, ...requested(limited), begun(), cancelled)
      .after(50)
      .and(failing);
    late.whenCodeWants(undo).brings(asked, first);
    given(started, registered, ...requested(limited), cancelled, failing)
      .whenCodeWants(undo)
      .brings(asked, first);
    before.when(completes()).rejectedAs("AttemptOver").whenCodeWants(undo).brings(asked, first);
  });

  test("of several, for all of them; a job that undoes nothing waits for none", () => {
    const two = given(
      ...[started, registered, ...requested(limited), begun()],
      ...[...requested({ startToCloseMs: 80 }, "j3"), begun("j3")],
      ...[cancelled, { type: "JobCancelled", jobId: "j3", action: action("a3") } as const],
    );
    two
      .whenCodeWants({ type: "ScheduleJob", jobId: "j4", jobType: "tell", input: "1" })
      .brings(
        { type: "JobScheduled", jobId: "j4", jobType: "tell", input: "1" },
        { type: "AttemptRequested", jobId: "j4", attempt: 1 },
      );
    const waiting = two
      .and(failing)
      .whenCodeWants(undo)
      .brings({ ...asked, heldUntil: t0 + 80 });
    const one = waiting.when(completes()).rejectedAs("AttemptOver");
    expect(one.deadlines).toMatchObject([{ dueAt: t0 + 80 }]);
    const both = one.after(5).when(completes("j3")).rejectedAs("AttemptOver");
    expect(both.deadlines).toMatchObject([{ dueAt: t0 + 5 }]);
  });

  test("a person may have it begin at once, or cancel it", () => {
    held()
      .when({ type: "RetryJob", jobId: "j2", action: action("a2") })
      .brings({ type: "JobRetried", jobId: "j2", action: action("a2") }, first);
    held()
      .when({ type: "CancelJob", jobId: "j2", action: action("a2") })
      .brings({ type: "JobCancelled", jobId: "j2", action: action("a2") });
  });
});
