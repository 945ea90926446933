import type { RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { formatOf } from "./record-format.ts";

const action = { actionId: "a1", actor: "mia", reason: "" };
const failure = { kind: "technical", name: "E", message: "" } as const;
const refused = { type: "CommandRefused", message: "no", command: "CancelRun", code: "RunOver" } as const;

test.each<[RunEvent, number]>([
  [{ type: "RunStarted", workflow: "w", input: "1" }, 1],
  [{ type: "RunStarted", workflow: "w", input: "1", rules: 2 }, 5],
  [{ type: "VersionRecorded", changeId: "c", version: 2 }, 5],
  [{ type: "CodeGivenUp", failure: { kind: "code", name: "UnknownWorkflow", message: "x" } }, 4],
  [{ type: "RunRepaired", action, outcome: "cut", message: "x" }, 2],
  [{ type: "SignalWaitAbandoned", waitId: "w1" }, 4],
  [{ type: "JobAbandoned", jobId: "j1" }, 4],
  [{ type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" }, 1],
  [{ type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1", heldUntil: 5 }, 4],
  [{ type: "TimerFired", timerId: "t1", generation: 1 }, 1],
  [{ type: "TimerFired", timerId: "t1", generation: 1, action }, 5],
  [{ type: "TimerCancelled", timerId: "t1", generation: 1, action }, 5],
  [{ type: "TimerPostponed", timerId: "t1", generation: 2, dueAt: 5, action }, 5],
  [{ type: "RetryPostponed", jobId: "j1", retryAt: 5, action }, 5],
  [refused, 1],
  [{ ...refused, code: "TimerOver" }, 5],
  ...(["JobNotInFlight", "UnknownTimer", "TimerNeeded", "TimeNotAhead"] as const).map(
    (code): [RunEvent, number] => [{ ...refused, code }, 5],
  ),
  [{ type: "RunStarted", workflow: "w", input: "1", codeIn: "workers" }, 5],
  [{ type: "CodeAnswered", upTo: 1, answerId: "a1" }, 5],
  [{ type: "CodeAskedAgain", attempt: 2, because: "history" }, 5],
  [{ type: "AttemptFailed", jobId: "j1", attempt: 1, failure }, 1],
  [{ type: "AttemptFailed", jobId: "j1", attempt: 1, failure, action }, 5],
  [{ type: "LabelsSet", labels: {} }, 1],
  [{ ...refused, timerId: "t1" }, 5],
  [{ ...refused, code: "RunDamaged" }, 2],
  [{ ...refused, command: "StartRun", code: "RunIdTaken" }, 4],
  [{ ...refused, code: "RunNotDamaged" }, 2],
  [{ ...refused, command: "RepairRun" }, 2],
  [{ type: "AttemptHeartbeat", jobId: "j1", attempt: 1 }, 1],
  [{ type: "AttemptHeartbeat", jobId: "j1", attempt: 1, agoMs: 5 }, 4],
  [{ type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: 1 }, 1],
  [{ type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: 1, beginId: "c" }, 4],
])("%j is read since format %i", (event, format) => {
  expect(formatOf(event)).toBe(format);
});
