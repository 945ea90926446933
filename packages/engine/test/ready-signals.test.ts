import type { OpenRun, RunDecision, RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { applyDecision } from "../src/fold.ts";
import { ReadySignals } from "../src/ready-signals.ts";

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const received = (signalId: string, name: string): RunEvent => ({
  type: "SignalReceived",
  signalId,
  name,
  payload: "1",
});
const awaited = (waitId: string, name: string): RunEvent => ({ type: "SignalAwaited", waitId, name });
const wants = (waitId: string, name: string): RunDecision => ({ type: "AwaitSignal", waitId, name });

function runOf(...events: RunEvent[]): OpenRun {
  const decision = { runId: "r", workflow: "w", inputId: "i", seq: 1, events: [started, ...events] };
  const { state } = applyDecision(undefined, decision, 1, []);
  if (state.status !== "running") throw new Error(`The run is ${state.status}.`);
  return state;
}

test("a signal that lay waiting is handed to the first wait that the code asked for, of its name", () => {
  const run = runOf(received("s1", "n"), awaited("w1", "other"), awaited("w2", "n"), awaited("w3", "n"));
  const ready = new ReadySignals(undefined);
  ready.awaited([
    { type: "SetTimer", timerId: "t1", dueAt: 5 },
    wants("w1", "other"),
    wants("w2", "n"),
    wants("w3", "n"),
  ]);
  expect(ready.next(run)).toEqual([{ type: "SignalDelivered", waitId: "w2", signalId: "s1" }]);
});

test("waits from before this input get nothing, as nothing came, but for those of a part that was recorded alone", () => {
  const run = runOf(received("s1", "n"), awaited("w1", "n"));
  expect(new ReadySignals(undefined).next(run)).toEqual([]);
  expect(new ReadySignals(run).next(run)).toHaveLength(1);
});

test("each wait is looked at once", () => {
  const run = runOf(received("s1", "n"), awaited("w1", "n"));
  const ready = new ReadySignals(run);
  ready.next(run);
  expect(ready.next(run)).toEqual([]);
  ready.awaited([wants("w1", "n")]);
  expect(ready.next(run)).toHaveLength(1);
});

test("nothing is handed to code that is not to be asked any more", () => {
  const failure = { kind: "code", name: "E", message: "m" } as const;
  const run = runOf(received("s1", "n"), awaited("w1", "n"));
  const stuck = runOf(received("s1", "n"), awaited("w1", "n"), { type: "RunStuck", failure });
  expect(new ReadySignals(run).next(stuck)).toEqual([]);
  expect(new ReadySignals(run).next(undefined)).toEqual([]);
});
