import { describe, expect, test } from "vitest";
import { advance, type RunDecision, type RunEvent, type RunState, undoWithoutCode } from "../../src/index.ts";
import { started } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const action = { actionId: "a1", actor: "mia", reason: "" };
const cancelled: RunEvent = { type: "RunCancelRequested", action };
const gone = { kind: "code", name: "UnknownWorkflow", message: "There is no workflow w." } as const;
const givenUp: RunEvent = { type: "CodeGivenUp", failure: gone };
const asked = (jobId: string, jobType: string, compensationId?: string): RunEvent[] => [
  {
    type: "JobScheduled",
    jobId,
    jobType,
    input: "1",
    ...(compensationId !== undefined && { compensationId }),
  },
  { type: "AttemptRequested", jobId, attempt: 1 },
];
const done = (jobId: string): RunEvent => ({ type: "JobCompleted", jobId, output: "1", attempt: 1 });
const registered = (number: number, undoes?: string): RunEvent => ({
  type: "CompensationRegistered",
  compensationId: `c${number}`,
  jobType: `undo${number}`,
  input: `${number}`,
  options: { retry: { maxAttempts: number } },
  ...(undoes !== undefined && { undoes }),
});

function wanted(...events: RunEvent[]): RunDecision[] {
  return undoWithoutCode(given(...events).run, events);
}

describe("A run that is cancelled and whose code can't be asked", () => {
  test("gives its code up instead of getting stuck; one that is not cancelled is stuck as ever", () => {
    given(started, cancelled)
      .whenCodeWants({ type: "GetStuck", failure: gone })
      .brings({ type: "CodeGivenUp", failure: gone });
    given(started)
      .whenCodeWants({ type: "GetStuck", failure: gone })
      .brings({ type: "RunStuck", failure: gone });
    given(started, { type: "RunFailing", failure: gone })
      .whenCodeWants({ type: "GetStuck", failure: gone })
      .brings({ type: "RunStuck", failure: gone });
  });

  test("is undone from what its history registered: the last first, with its input and options, one at a time", () => {
    const before = [
      started,
      ...asked("j1", "pay"),
      done("j1"),
      registered(1, "j1"),
      registered(2),
      cancelled,
    ];
    const second = [...before, givenUp];
    expect(wanted(...second)).toEqual([
      {
        type: "ScheduleJob",
        jobId: "j2",
        compensationId: "c2",
        jobType: "undo2",
        input: "2",
        options: { retry: { maxAttempts: 2 } },
      },
    ]);
    const undoing = [...second, ...asked("j2", "undo2", "c2")];
    expect(wanted(...undoing)).toEqual([]);
    expect(wanted(...undoing, done("j2"))).toMatchObject([{ jobId: "j3", compensationId: "c1" }]);
    const all = [...undoing, done("j2"), ...asked("j3", "undo1", "c1"), done("j3")];
    expect(wanted(...all)).toEqual([
      {
        type: "FinishCancel",
        failure: {
          ...gone,
          message: "What the run's code had registered was undone without it. There is no workflow w.",
        },
      },
    ]);
  });

  test("waits for what is under way first, and names what completed too late to be registered", () => {
    const before = [
      started,
      ...asked("j1", "pay"),
      ...asked("j2", "book"),
      registered(1, "j2"),
      cancelled,
      givenUp,
    ];
    expect(wanted(...before)).toEqual([]);
    const late = [...before, done("j1"), done("j2"), ...asked("j3", "undo1", "c1"), done("j3")];
    expect(wanted(...late)).toMatchObject([
      {
        failure: {
          message:
            "What the run's code had registered was undone without it. Completed after the cancel, and perhaps to be undone by hand: pay (j1). There is no workflow w.",
        },
      },
    ]);
  });

  test("goes on past an undo that was refused, failed for good or cancelled, and names each", () => {
    const failure = { kind: "business", name: "No", message: "no refund" } as const;
    const events = [
      ...[started, registered(1), registered(2), registered(3), cancelled, givenUp],
      ...[...asked("j1", "undo3", "c3"), { type: "JobRejected", jobId: "j1", attempt: 1, failure } as const],
      ...[...asked("j2", "undo2", "c2"), { type: "JobCancelled", jobId: "j2", action } as const],
      ...[...asked("j3", "undo1", "c1"), { type: "JobFailed", jobId: "j3", failure } as const],
    ];
    expect(wanted(...events)).toMatchObject([
      {
        type: "FinishCancel",
        failure: {
          message: expect.stringContaining(
            "Not undone: undo3 (j1): no refund; undo2 (j2): cancelled; undo1 (j3): no refund",
          ),
        },
      },
    ]);
  });

  test("that registered nothing is cancelled, and says so", () => {
    expect(wanted(started, cancelled, givenUp)).toEqual([
      {
        type: "FinishCancel",
        failure: {
          ...gone,
          message:
            "The run was cancelled without its code, which had registered nothing that is to be undone. There is no workflow w.",
        },
      },
    ]);
  });

  test("is undone however much it registered", () => {
    const history: RunEvent[] = [started];
    for (let number = 1; number <= 300; number++) history.push(registered(number));
    history.push(cancelled, givenUp);
    let state: RunState | undefined = given(...history).state;
    const undone: string[] = [];
    while (state?.status === "running") {
      const [decision] = undoWithoutCode(state, history);
      if (decision === undefined) throw new Error("It waits for nothing.");
      const after = advance(state, [decision], { runId, at: t0, inputId: "i" });
      history.push(...after.events);
      state = after.state;
      if (decision.type !== "ScheduleJob") break;
      undone.push(decision.compensationId ?? "");
      history.push(done(decision.jobId));
      state = given(...history).state;
    }
    expect(undone).toEqual(Array.from({ length: 300 }, (_, index) => `c${300 - index}`));
    expect(state?.status).toBe("cancelled");
  });

  test("may be cancelled again where it is stuck in its closing, also when it is failing; otherwise it is closing already", () => {
    const stuck: RunEvent = { type: "RunStuck", failure: gone };
    const again = { type: "CancelRun", action: { ...action, actionId: "a2" } } as const;
    for (const closing of [cancelled, { type: "RunFailing", failure: gone } as const]) {
      given(started, closing).when(again).rejectedAs("RunCancelling");
      const run = given(started, closing, stuck)
        .when(again)
        .brings({ type: "RunCancelRequested", action: again.action });
      expect(run.run).toMatchObject({ closing: { outcome: "cancelled" } });
      expect(run.run.stuck).toBeUndefined();
    }
  });
});
