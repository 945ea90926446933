import type { AnyRunCommand, RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { Deadlines } from "../src/deadlines.ts";
import type { Decider } from "../src/decider.ts";
import { applyDecision } from "../src/fold.ts";
import { defaultTuning } from "../src/index.ts";
import type { RunEntry } from "../src/run-entry.ts";
import { EngineClock } from "./engine-clock.ts";

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const backsOff = (retryAt: number): RunEvent[] => [
  { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" },
  { type: "AttemptRequested", jobId: "j1", attempt: 1 },
  {
    type: "AttemptFailed",
    jobId: "j1",
    attempt: 1,
    failure: { kind: "technical", name: "E", message: "" },
    retryAt,
  },
];

function opened(maxBatch = 10) {
  const clock = new EngineClock();
  const runs = new Map<string, RunEntry>();
  const state = { isOwning: true };
  const due: string[][] = [];
  const decider: Pick<Decider, "entry"> = { entry: (runId) => runs.get(runId) };
  const deadlines = new Deadlines({
    decider: decider as Decider,
    clock,
    tuning: { ...defaultTuning, maxBatch },
    isOwning: () => state.isOwning,
    now: () => clock.monotonic(),
    onDue: (commands: readonly AnyRunCommand[]) =>
      due.push(commands.map((command) => `${command.runId} ${command.type} at ${clock.monotonic()}`)),
  });
  const happens = (runId: string, ...events: RunEvent[]) => {
    runs.set(runId, applyDecision(undefined, { runId, workflow: "w", inputId: "i", seq: 1, events }, 0, []));
    deadlines.changed([runId]);
  };
  const pass = (ms: number) => clock.manual.advance(ms);
  return { clock, runs, state, due, deadlines, happens, pass };
}

test("what time does to runs is done when it is due, not before, and what is due together goes together", async () => {
  const { due, happens, pass } = opened();
  happens("a", started, ...backsOff(500));
  happens("b", started, ...backsOff(300));
  happens("c", started, ...backsOff(500));
  await pass(299);
  expect(due).toEqual([]);
  await pass(1);
  expect(due).toEqual([["b RequestAttempt at 300"]]);
  await pass(200);
  expect(due[1]?.toSorted()).toEqual(["a RequestAttempt at 500", "c RequestAttempt at 500"]);
});

test("it is asked for again each second until something has come of it", async () => {
  const { due, happens, pass } = opened();
  happens("a", started, ...backsOff(300));
  await pass(300);
  await pass(999);
  expect(due).toHaveLength(1);
  await pass(1);
  expect(due).toHaveLength(2);
  happens("a", started);
  await pass(5_000);
  expect(due).toHaveLength(2);
});

test("a run that is over, or that nobody knows any more, is not asked about", async () => {
  const { runs, due, deadlines, happens, pass } = opened();
  happens("a", started, ...backsOff(300));
  const over: RunEvent = { type: "RunCompleted", output: "1" };
  runs.set(
    "a",
    applyDecision(
      undefined,
      { runId: "a", workflow: "w", inputId: "i", seq: 1, events: [started, over] },
      0,
      [],
    ),
  );
  deadlines.set("gone", 200);
  happens("b", started, ...backsOff(100));
  runs.delete("b");
  deadlines.changed(["b"]);
  await pass(10_000);
  expect(due).toEqual([]);
});

test("a newer, earlier deadline is kept, and a later one too", async () => {
  const { due, happens, pass } = opened();
  happens("a", started, ...backsOff(5_000));
  happens("a", started, ...backsOff(100));
  await pass(100);
  expect(due).toHaveLength(1);
  happens("a", started, ...backsOff(9_000));
  await pass(8_000);
  expect(due).toHaveLength(1);
  await pass(900);
  expect(due).toHaveLength(2);
});

test("so many runs are looked at as fit into a batch, the rest right after them", async () => {
  const { due, happens, pass } = opened(2);
  for (const runId of ["a", "b", "c"]) happens(runId, started, ...backsOff(100));
  await pass(100);
  await pass(1);
  expect(due.map((commands) => commands.length)).toEqual([2, 1]);
});

test("what is due far ahead is waited for a minute at a time", async () => {
  const { due, happens, pass } = opened();
  happens("a", started, ...backsOff(150_000));
  for (let minute = 0; minute < 2; minute++) await pass(60_000);
  expect(due).toEqual([]);
  await pass(30_000);
  expect(due).toEqual([["a RequestAttempt at 150000"]]);
});

test("who does not own the partition, or no longer does, asks for nothing", async () => {
  const { state, due, deadlines, happens, pass } = opened();
  state.isOwning = false;
  happens("a", started, ...backsOff(100));
  await pass(200);
  expect(due).toEqual([]);
  state.isOwning = true;
  deadlines.arm();
  state.isOwning = false;
  await pass(1_000);
  expect(due).toEqual([]);
});

test("after closing nothing is due any more", async () => {
  const { due, deadlines, happens, pass } = opened();
  happens("a", started, ...backsOff(100));
  deadlines.close();
  await pass(10_000);
  expect(due).toEqual([]);
});

test("there is one timer, for the earliest of all deadlines, and none for who does not own the partition", async () => {
  const { clock, state, deadlines, happens, pass } = opened();
  happens("a", started, ...backsOff(5_000));
  happens("b", started, ...backsOff(700));
  happens("c", started, ...backsOff(9_000));
  expect(clock.manual.waits).toEqual([700]);
  happens("b", started);
  expect(clock.manual.waits).toEqual([5_000]);
  state.isOwning = false;
  await pass(5_000);
  happens("d", started, ...backsOff(6_000));
  deadlines.arm();
  expect(clock.manual.waits).toEqual([]);
});

test("a run to which time does nothing any more when its time comes holds nobody up", async () => {
  const { clock, runs, due, happens, pass } = opened();
  happens("a", started, ...backsOff(300));
  happens("b", started, ...backsOff(500));
  const waits = applyDecision(
    undefined,
    { runId: "a", workflow: "w", inputId: "i", seq: 1, events: [started] },
    0,
    [],
  );
  runs.set("a", waits);
  await pass(300);
  expect(clock.manual.waits).toEqual([200]);
  await pass(200);
  expect(due).toEqual([["b RequestAttempt at 500"]]);
  runs.set("b", waits);
  await pass(1_000);
  expect(clock.manual.waits).toEqual([]);
});
