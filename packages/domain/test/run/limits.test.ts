import { describe, expect, it } from "vitest";
import {
  advance,
  deadlines,
  decide,
  earliestDeadline,
  evolve,
  maxBufferedSignals,
  maxOpenInRun,
  maxStepBytes,
  maxStepRequests,
  type OpenRun,
  openCount,
  type RunDecision,
  type RunEvent,
  type RunState,
} from "../../src/index.ts";
import { action, started } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

function jobs(count: number, from = 1): RunDecision[] {
  return Array.from({ length: count }, (_, n) => ({
    type: "ScheduleJob",
    jobId: `j${from + n}`,
    jobType: "charge",
    input: "1",
  }));
}

function compensations(count: number): RunDecision[] {
  return Array.from({ length: count }, (_, n) => ({
    type: "RegisterCompensation",
    compensationId: `c${n + 1}`,
    jobType: "refund",
    input: "1",
  }));
}

/** Each is open twice: as a wait, and as the timer of its time-out. */
function waits(count: number): RunDecision[] {
  return Array.from({ length: count }, (_, n) => ({
    type: "AwaitSignal",
    waitId: `w${n + 1}`,
    name: `paid-${n + 1}`,
    timeoutMs: 1_000,
  }));
}

const context = { runId, at: t0, inputId: "step" };

function afterwards(run: OpenRun, decisions: readonly RunDecision[]): OpenRun {
  const { state } = advance(run, decisions, context);
  if (state.status !== "running") throw new Error(`The run is ${state.status}.`);
  return state;
}

const { run: fresh } = given(started);

describe("A run", () => {
  it(`has at most ${maxOpenInRun} things open; one more and it is stuck, says so, and keeps what it had`, () => {
    const half = maxOpenInRun / 2;
    const kinds: RunDecision[][] = [jobs(half), waits(half / 2), compensations(half)];
    for (const kind of kinds) {
      const full = afterwards(afterwards(fresh, kind), jobs(half, half + 1));
      expect(openCount(full)).toBe(maxOpenInRun);
      expect(full.stuck).toBeUndefined();
      const over = afterwards(full, jobs(1, maxOpenInRun + 1));
      expect(openCount(over)).toBe(maxOpenInRun);
      expect(over.stuck).toEqual({
        kind: "code",
        name: "TooMuchOpen",
        message:
          `The run would have ${maxOpenInRun + 1} jobs, timers, waits for signals and compensations open; the limit is ${maxOpenInRun}. ` +
          "Wait for some of them before asking for more, or divide the work among several runs.",
      });
    }
  });

  it("has room again for each job, timer, wait and compensation that is over", () => {
    let run: RunState = afterwards(fresh, [...waits(2), ...jobs(1), ...compensations(1)]);
    expect(openCount(run as OpenRun)).toBe(6);
    const over: RunEvent[] = [
      { type: "SignalReceived", signalId: "s1", name: "paid-1", payload: "1" },
      { type: "SignalDelivered", waitId: "w1", signalId: "s1" },
      { type: "TimerCancelled", timerId: "w1", generation: 1 },
      { type: "TimerFired", timerId: "w2", generation: 1 },
      { type: "SignalWaitEnded", waitId: "w2", because: "timeout" },
      { type: "JobCompleted", jobId: "j1", output: "1", attempt: 1 },
      { type: "JobScheduled", jobId: "j2", jobType: "refund", input: "1", compensationId: "c1" },
      { type: "JobCompleted", jobId: "j2", output: "1", attempt: 1 },
    ];
    for (const event of over) run = evolve(run, event, { ...context, seq: run.seq + 1 });
    expect(openCount(run as OpenRun)).toBe(0);
  });

  it(`keeps ${maxBufferedSignals} signals that it has not taken; the next is refused until one is taken`, () => {
    let run: RunState = fresh;
    const send = (n: number) =>
      decide(
        run,
        { type: "SendSignal", commandId: `c${n}`, runId, signalId: `s${n}`, name: "paid", payload: "1" },
        t0,
      );
    const record = (events: readonly RunEvent[]) => {
      for (const event of events) run = evolve(run, event, { ...context, seq: run.seq + 1 });
    };
    for (let n = 1; n <= maxBufferedSignals; n++) {
      const outcome = send(n);
      if (outcome.type === "accepted") record(outcome.events);
    }
    expect(openCount(run as OpenRun)).toBe(0);
    expect(send(maxBufferedSignals + 1)).toEqual({
      type: "rejected",
      code: "Unprocessable",
      message: `The run has ${maxBufferedSignals} signals that it has not taken yet, which is the limit; send it again when the run has taken some.`,
    });
    expect(send(1)).toEqual({ type: "ignored" });
    record(advance(run as OpenRun, [{ type: "AwaitSignal", waitId: "w1", name: "paid" }], context).events);
    expect(send(maxBufferedSignals + 1).type).toBe("accepted");
  });
});

describe("A step", () => {
  it(`may ask for ${maxStepRequests} jobs`, () => {
    const { events } = advance(fresh, jobs(maxStepRequests), context);
    expect(events).toHaveLength(2 * maxStepRequests);
  });

  it("is measured with all that can be long in it, and what is too large says what to do", () => {
    const long = "x".repeat(maxStepBytes / 2 - 200);
    const failure = { kind: "code", name: "Odd", message: long } as const;
    const job = { ...jobs(1)[0], input: "1" } as RunDecision;
    const parts: RunDecision[] = [
      { ...job, input: long } as RunDecision,
      { ...job, input: "", options: { retry: { nonRetryable: [long] } } } as RunDecision,
      { type: "SetLabels", labels: { "": long } },
      { type: "CompleteRun", output: long },
      { type: "GetStuck", failure },
      { type: "GetStuck", failure: { ...failure, message: "", stack: long } },
      { type: "GetStuck", failure: { ...failure, message: "", details: long } },
    ];
    for (const part of parts) {
      const rest = { type: "ScheduleJob", jobId: "j9", jobType: "charge" } as const;
      const fits = afterOrOver(fresh, [{ ...rest, input: long }, part]);
      expect(fits).not.toBe("DecisionTooLarge");
      expect(afterOrOver(fresh, [{ ...rest, input: `${long}x` }, part])).toBe("DecisionTooLarge");
    }
    // In bytes, as everything that has a size.
    const wide = "漢".repeat(maxStepBytes / 6);
    expect(afterOrOver(fresh, [{ ...job, input: wide } as RunDecision])).not.toBe("DecisionTooLarge");
    expect(
      afterOrOver(
        fresh,
        jobs(2).map((one) => ({ ...one, input: wide }) as RunDecision),
      ),
    ).toBe("DecisionTooLarge");
    const { events } = advance(
      fresh,
      [{ ...job, input: `${long}${long}` } as RunDecision, ...jobs(2, 2)],
      context,
    );
    expect(events).toEqual([
      {
        type: "RunStuck",
        failure: {
          kind: "code",
          name: "DecisionTooLarge",
          message:
            `One step of the code asked for 3 things of ${maxStepBytes + 202} bytes together; the limit is ${maxStepBytes}. ` +
            "Ask for them in several steps, or keep large values in a store of your own and pass references.",
        },
      },
    ]);
  });
});

function afterOrOver(run: OpenRun, decisions: readonly RunDecision[]): string | undefined {
  const { state } = advance(run, decisions, context);
  return state.status === "running" ? state.stuck?.name : undefined;
}

describe("An input that is recorded in part", () => {
  const at = { ...context, at: t0 + 5 };
  const cut = { ...at, unfinished: true };
  const finish = { type: "FinishStep", commandId: "f", runId } as const;

  it("is due to be finished at once, until the next event of the run", () => {
    const wide = afterwards(fresh, jobs(1));
    const before = evolve(wide, { type: "LabelsSet", labels: {} }, { ...cut, seq: wide.seq + 1 }) as OpenRun;
    expect(deadlines(wide)).toEqual([]);
    expect(before.unfinished).toBe(true);
    expect(earliestDeadline(before)).toBe(t0 + 5);
    expect(deadlines(before)).toEqual([
      { dueAt: t0 + 5, command: { ...finish, commandId: `deadline/${runId}/finish/${before.seq}` } },
    ]);
    expect(decide(before, finish, t0)).toEqual({ type: "accepted", events: [] });
    const after = evolve(before, { type: "LabelsSet", labels: {} }, { ...at, seq: before.seq + 1 });
    expect(after).not.toHaveProperty("unfinished");
    expect(decide(after, finish, t0)).toEqual({ type: "ignored" });
  });

  it("lets go of what is left when the run was closing", () => {
    const wide = afterwards(fresh, [...waits(2), ...jobs(1)]);
    const all = decide(wide, { type: "CancelRun", commandId: "c", runId, action: action() }, t0);
    if (all.type !== "accepted") throw new Error("It was not cancelled.");
    for (let cutAfter = 1; cutAfter < all.events.length; cutAfter++) {
      let run: RunState = wide;
      const recorded = all.events.slice(0, cutAfter);
      for (const event of recorded) run = evolve(run, event, { ...cut, seq: run.seq + 1 });
      expect(decide(run, finish, t0)).toEqual({ type: "accepted", events: all.events.slice(cutAfter) });
    }
  });
});
