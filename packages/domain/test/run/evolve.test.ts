import { describe, expect, it } from "vitest";
import { evolve, orderedMap, type RunEvent, setAside, unfinished } from "../../src/index.ts";
import { action, backingOff, begun, outage, requested, started, stuck } from "../samples.ts";
import { given, runId, Scenario, t0 } from "../scenario.ts";

const [scheduled, firstAttempt] = requested() as [RunEvent, RunEvent];
const about = { runId, seq: 9, at: t0, inputId: "i" };

function unanswered({ state }: Scenario): string[] {
  return orderedMap.keys(state?.unanswered ?? null);
}

describe("A job", () => {
  it("waits for a worker from when it is scheduled, asked for again or retried", () => {
    const waiting = { status: "scheduled", requestedAt: t0 + 5 };
    expect(given(started).after(5).and(scheduled).job()).toMatchObject({ ...waiting, attempt: 0 });
    expect(given(started, scheduled).after(5).and(firstAttempt).job()).toMatchObject({
      ...waiting,
      attempt: 1,
    });
    const retried: RunEvent = { type: "JobRetried", jobId: "j1", action: action() };
    expect(
      given(started, ...requested(), ...stuck())
        .after(5)
        .and(retried)
        .job(),
    ).toMatchObject({
      ...waiting,
      attempt: 1,
      attemptBase: 1,
    });
  });

  it("that failed for good is stuck, also before that is said", () => {
    const failed: RunEvent = { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage };
    expect(given(started, ...requested(), failed).job()).toMatchObject({ status: "stuck", failure: outage });
    expect(given(started, ...requested(), backingOff(t0 + 7)).job()).toMatchObject({
      status: "backingOff",
      retryAt: t0 + 7,
    });
  });

  it("that a second worker begins with was asked for when that one began, as far as is known", () => {
    expect(
      given(started, ...requested())
        .after(5)
        .and(begun())
        .job(),
    ).toMatchObject({ requestedAt: t0 });
    expect(
      given(started, ...requested(), begun())
        .after(5)
        .and(begun())
        .job(),
    ).toMatchObject({
      requestedAt: t0 + 5,
      heartbeatAt: t0 + 5,
    });
  });

  it("that nobody has begun with takes no note of a heartbeat", () => {
    const waiting = given(started, ...requested());
    const beaten = waiting.after(5).and({ type: "AttemptHeartbeat", jobId: "j1", attempt: 1 });
    expect(beaten.job()).toEqual(waiting.job());
  });

  it("is over for good: what histories say of it afterwards changes nothing but the run's last event", () => {
    const over = given(started, ...requested(), { type: "JobCompleted", jobId: "j1", output: "1" });
    for (const event of [
      { type: "JobFailed", jobId: "j1", failure: outage },
      { type: "JobRejected", jobId: "j1", attempt: 1, failure: outage },
    ] satisfies RunEvent[])
      expect(over.and(event).run).toEqual({ ...over.run, seq: over.run.seq + 1 });
  });
});

it("Of compensations, as many are left as were registered and not begun with, and never fewer than none", () => {
  const registered = { type: "CompensationRegistered", jobType: "refund", input: "1", undoes: "j1" } as const;
  const two = given(
    started,
    { ...registered, compensationId: "c1" },
    { ...registered, compensationId: "c2" },
  );
  expect(two.run.compensationCount).toBe(2);
  expect(two.and(...requested({}, "j1")).run.compensationCount).toBe(2);
  const begunWith = two.and(...requested({}, "j1", "c1"));
  expect(begunWith.run.compensationCount).toBe(1);
  const more = begunWith.and(...requested({}, "j2", "c2"), ...requested({}, "j3", "c3"));
  expect(more.run.compensationCount).toBe(0);
});

describe("A result may still come", () => {
  it("of an attempt that was under way when its job or run was ended by a person", () => {
    const byPerson = { action: action() };
    const waiting = given(started, ...requested());
    expect(unanswered(waiting.and({ type: "JobCancelled", jobId: "j1", ...byPerson }))).toEqual(["j1/1"]);
    expect(unanswered(waiting.and({ type: "JobCompleted", jobId: "j1", output: "1", ...byPerson }))).toEqual([
      "j1/1",
    ]);
    expect(unanswered(waiting.and({ type: "RunTerminated", ...byPerson }))).toEqual(["j1/1"]);
  });

  it("but not of a job that no attempt was decided of, or that has its result", () => {
    expect(unanswered(given(started, scheduled, { type: "JobCancelled", jobId: "j1" }))).toEqual([]);
    expect(
      unanswered(given(started, ...requested(), { type: "JobCompleted", jobId: "j1", output: "1" })),
    ).toEqual([]);
    expect(
      unanswered(given(started, ...requested(), ...stuck(), { type: "JobCancelled", jobId: "j1" })),
    ).toEqual([]);
  });

  it("until it is refused as late, and by nothing else that is refused", () => {
    const ended = given(started, ...requested(), { type: "JobCancelled", jobId: "j1" });
    const refused = {
      type: "CommandRefused",
      command: "CompleteAttempt",
      message: "x",
      jobId: "j1",
      attempt: 1,
    } as const;
    expect(unanswered(ended.and({ ...refused, code: "UnknownAttempt" }))).toEqual(["j1/1"]);
    expect(unanswered(ended.and({ ...refused, code: "AttemptOver", attempt: 2 }))).toEqual(["j1/1"]);
    expect(unanswered(ended.and({ ...refused, code: "AttemptOver" }))).toEqual([]);
  });
});

describe("What histories say of a wait or a signal that is gone changes nothing but the run's last event", () => {
  const received: RunEvent = { type: "SignalReceived", signalId: "s1", name: "go", payload: "1" };
  const awaited: RunEvent = { type: "SignalAwaited", waitId: "w1", name: "go" };
  const delivered: RunEvent = { type: "SignalDelivered", waitId: "w1", signalId: "s1" };
  const over = given(started, received, { ...received, signalId: "s2" } as RunEvent, awaited, delivered);

  it.each([
    [delivered],
    [{ type: "SignalDelivered", waitId: "w9", signalId: "s9" } satisfies RunEvent],
    [{ type: "SignalWaitEnded", waitId: "w1", because: "timeout" } satisfies RunEvent],
  ])("%j", (event) => {
    expect(over.and(event).run).toEqual({ ...over.run, seq: over.run.seq + 1 });
    expect(over.run.bufferedCount).toBe(1);
  });
});

describe("An input of which only a part is recorded", () => {
  it("leaves an open run unfinished until the next event, and a closed one closed", () => {
    const { run, state } = given(started);
    const next = evolve(state, scheduled, { ...about, unfinished: true });
    expect(next).toMatchObject({ unfinished: true });
    expect(evolve(next, firstAttempt, about)).not.toHaveProperty("unfinished");
    const completed: RunEvent = { type: "RunCompleted", output: "1" };
    expect(evolve(run, completed, { ...about, unfinished: true })).toStrictEqual(
      evolve(run, completed, about),
    );
  });

  it("is finished by nothing but asking the code again, or by what a closing run lets go of", () => {
    const stuckJob = given(started, ...requested(), ...stuck());
    const finish = { type: "FinishStep" } as const;
    stuckJob.when(finish).ignored();
    const halfway = new Scenario(unfinished(stuckJob.run), t0);
    halfway.when(finish).brings();
    const closing = given(started, ...requested(), ...stuck(), { type: "RunFailing", failure: outage });
    const closingHalfway = new Scenario(unfinished(closing.run), t0);
    closingHalfway.when(finish).brings({ type: "JobCancelled", jobId: "j1" });
  });
});

describe("No history that an engine wrote", () => {
  const repaired: RunEvent = { type: "RunRepaired", action: action(), outcome: "cut", message: "x" };

  it("has an event before the start, a second start, or a repair of a run that is whole", () => {
    expect(() => evolve(undefined, scheduled, about)).toThrow("JobScheduled can't follow nothing.");
    expect(() => evolve(given(started).state, started, about)).toThrow(
      "RunStarted can't follow a run that is running.",
    );
    expect(() => evolve(given(started).state, repaired, about)).toThrow(
      "RunRepaired can't follow a run that is running.",
    );
  });

  it("cuts a run at a good event where there is none: it is closed", () => {
    const headless = setAside(undefined, { runId, workflow: "order", at: t0 }, "x");
    expect(evolve(headless, repaired, about)).toMatchObject({ status: "terminated", seq: 9, closedAt: t0 });
  });
});
