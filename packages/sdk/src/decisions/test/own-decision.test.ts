import type { Failure, RunDecision, RunEvent } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { describeDecision, describeEvent, isOwnDecision, isRecordOf } from "../own-decision.ts";

const failure: Failure = { kind: "business", name: "No", message: "no" };

/** What code asks for, the event that records it, and how both are called. */
const pairs: readonly (readonly [RunDecision, RunEvent, string, string])[] = [
  [
    { type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" },
    { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "2" },
    "asks for the job pay (j1)",
    "JobScheduled pay (j1)",
  ],
  [
    { type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1", compensationId: "c1" },
    { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "2", compensationId: "c1" },
    "asks for the job pay (j1, undo c1)",
    "JobScheduled pay (j1, undo c1)",
  ],
  [
    { type: "SetTimer", timerId: "t1", dueAt: 1 },
    { type: "TimerSet", timerId: "t1", generation: 1, dueAt: 2 },
    "asks for a timer (t1)",
    "TimerSet (t1)",
  ],
  [
    { type: "AwaitSignal", waitId: "w1", name: "n" },
    { type: "SignalAwaited", waitId: "w1", name: "n" },
    "waits for the signal n (w1)",
    "SignalAwaited n (w1)",
  ],
  [
    { type: "AbandonSignalWait", waitId: "w1" },
    { type: "SignalWaitAbandoned", waitId: "w1" },
    "waits no more for the signal of w1",
    "SignalWaitAbandoned (w1)",
  ],
  [
    { type: "RegisterCompensation", compensationId: "c1", jobType: "pay", input: "1" },
    { type: "CompensationRegistered", compensationId: "c1", jobType: "pay", input: "1" },
    "registers the compensation pay (c1)",
    "CompensationRegistered pay (c1)",
  ],
  [{ type: "SetLabels", labels: {} }, { type: "LabelsSet", labels: { a: "b" } }, "sets labels", "LabelsSet"],
  [{ type: "BeginFailing", failure }, { type: "RunFailing", failure }, "fails with No", "RunFailing"],
  [{ type: "CompleteRun", output: "1" }, { type: "RunCompleted", output: "2" }, "returns", "RunCompleted"],
  [{ type: "FailRun", failure }, { type: "RunFailed", failure }, "ends the run as failed", "RunFailed"],
  [{ type: "FinishCancel" }, { type: "RunCancelled" }, "ends the run as cancelled", "RunCancelled"],
];

test("each event is the record of what the code asked for there, and of nothing else", () => {
  for (const [, event] of pairs) {
    const recorded = pairs.filter(([decision]) => isRecordOf(event, decision));
    expect(
      recorded.map(([, of]) => of),
      describeEvent(event),
    ).toEqual([event]);
    expect(isRecordOf(event, undefined)).toBe(false);
  }
});

describe("An event is no record of what differs from it in what it is known by", () => {
  const others: readonly RunDecision[] = [
    { type: "ScheduleJob", jobId: "j2", jobType: "pay", input: "1" },
    { type: "ScheduleJob", jobId: "j1", jobType: "fly", input: "1" },
    { type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1", compensationId: "c2" },
    { type: "SetTimer", timerId: "t2", dueAt: 2 },
    { type: "AwaitSignal", waitId: "w2", name: "n" },
    { type: "AwaitSignal", waitId: "w1", name: "m" },
    { type: "AbandonSignalWait", waitId: "w2" },
    { type: "RegisterCompensation", compensationId: "c2", jobType: "pay", input: "1" },
    { type: "RegisterCompensation", compensationId: "c1", jobType: "fly", input: "1" },
  ];
  test.each(others)("$type $jobId$timerId$waitId$compensationId $jobType$name", (other) => {
    expect(pairs.filter(([, event]) => isRecordOf(event, other))).toEqual([]);
  });
});

test("what happened to a run is no decision of its code, and what a person or a signal's time-out did is none", () => {
  const own = pairs.map(([, event]) => event);
  const happened: readonly RunEvent[] = [
    { type: "RunStarted", workflow: "w", input: "1" },
    { type: "TimerSet", timerId: "w1", generation: 1, dueAt: 2, waitId: "w1" },
    { type: "TimerSet", timerId: "t1", generation: 2, dueAt: 2 },
    { type: "TimerFired", timerId: "t1", generation: 1 },
    { type: "JobCompleted", jobId: "j1", output: "1" },
    { type: "RunStuck", failure },
    { type: "VersionRecorded", changeId: "v", version: 2 },
  ];
  expect(own.filter((event) => !isOwnDecision(event))).toEqual([]);
  expect(happened.filter(isOwnDecision)).toEqual([]);
  for (const event of happened)
    if (event.type !== "TimerSet")
      expect(pairs.filter(([decision]) => isRecordOf(event, decision))).toEqual([]);
});

test("both are called what people know them by", () => {
  for (const [decision, event, asked, recorded] of pairs) {
    expect(describeDecision(decision)).toBe(asked);
    expect(describeEvent(event)).toBe(recorded);
  }
  expect(describeDecision(undefined)).toBe("asks for nothing");
  expect(describeDecision({ type: "CancelTimer", timerId: "t1" })).toBe("cancels the timer t1");
  expect(describeDecision({ type: "RecordVersion", changeId: "v", version: 2 })).toBe(
    "asks for version 2 of v",
  );
  expect(describeDecision({ type: "GetStuck", failure })).toBe("gets stuck");
});
