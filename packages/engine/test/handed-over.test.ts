import type { AnyRunCommand, RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { applyDecision } from "../src/fold.ts";
import { handedOver } from "../src/handed-over.ts";

const action = { actionId: "a", actor: "mia", reason: "" };
const ref = { commandId: "c", runId: "r" };
const started: RunEvent = { type: "RunStarted", workflow: "trip", input: "1" };
const scheduled: RunEvent = { type: "JobScheduled", jobId: "j1", jobType: "fly", input: "1" };

function stateOf(...events: RunEvent[]) {
  const decision = { runId: "r", workflow: "trip", inputId: "i", seq: 1, events: [started, ...events] };
  return applyDecision(undefined, decision, 1, []).state;
}

const signal: AnyRunCommand = { type: "SendSignal", ...ref, signalId: "s1", name: "go", payload: "2" };
const complete: AnyRunCommand = { type: "CompleteJob", ...ref, jobId: "j1", output: "3", action };
const retry: AnyRunCommand = { type: "RetryJob", ...ref, jobId: "j1", input: "4", action };

test("what a person or another program gives is handed over with what it is and whose", () => {
  const state = stateOf(scheduled);
  expect(handedOver(state, signal)).toEqual({ type: "signal", workflow: "trip", name: "go", value: "2" });
  expect(handedOver(state, complete)).toEqual({ type: "jobOutput", jobType: "fly", jobId: "j1", value: "3" });
  expect(handedOver(state, retry)).toEqual({ type: "jobInput", jobType: "fly", jobId: "j1", value: "4" });
});

test("nothing is where there is nothing to take it: no job, no run any more, or nothing in the command", () => {
  expect(handedOver(stateOf(), complete)).toBeUndefined();
  expect(handedOver(stateOf({ type: "RunCompleted", output: "1" }), signal)).toBeUndefined();
  expect(handedOver(stateOf(scheduled), { type: "CancelRun", ...ref, action })).toBeUndefined();
  expect(handedOver(stateOf(scheduled), { type: "RetryJob", ...ref, jobId: "j1", action })).toBeUndefined();
});
