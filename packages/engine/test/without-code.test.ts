import type { AnyRunCommand, RunDecision } from "@downbeat/domain";
import { expect, test } from "vitest";
import { Decider } from "../src/decider.ts";
import { noDelegation } from "../src/delegation.ts";
import { Fold } from "../src/fold.ts";
import { MemoryStateStore } from "../src/index.ts";
import { Slices } from "../src/slices.ts";
import { EngineClock } from "./engine-clock.ts";

const compensation: RunDecision = {
  type: "RegisterCompensation",
  compensationId: "c1",
  jobType: "refund",
  input: "1",
};
const action = { actionId: "a1", actor: "ada", reason: "test" };
const ref = (commandId: string) => ({ commandId, runId: "r" });
const start: AnyRunCommand = { type: "StartRun", ...ref("start"), workflow: "w", input: "1" };
const cancel: AnyRunCommand = { type: "CancelRun", ...ref("cancel"), action };
const attempt = { jobId: "j1", attempt: 1, worker: "v", startedAt: 1 } as const;
const refunded: AnyRunCommand = { type: "CompleteAttempt", ...ref("refunded"), ...attempt, output: "1" };

/** @param deadly what the code does not survive being asked for */
function opened(answer: () => readonly RunDecision[], deadly: readonly string[] = []) {
  const calls = { asked: 0, checked: 0 };
  const session = {
    ask: async () => {
      calls.asked += 1;
      return calls.asked === 1 ? [compensation] : answer();
    },
    check: async () => {
      calls.checked += 1;
      return undefined;
    },
    forget: () => {},
    close: () => {},
  };
  const service = { checkStart: () => undefined, openSession: () => session };
  const decider = new Decider({
    fold: new Fold(new MemoryStateStore()),
    decisions: service,
    delegation: noDelegation,
    slices: new Slices(new EngineClock()),
    maxPartBytes: 200_000,
  });
  const decide = async (command: AnyRunCommand) => {
    const [decided] = await decider.decideAll([command], 5_000, {
      verdictOn: (commandId) => (deadly.includes(commandId) ? "withoutCode" : undefined),
      inCode: () => {},
    });
    return decided?.decision.events.map(({ type }) => type);
  };
  return { calls, decide };
}

test("a cancelled run whose code can't decide is undone from its history, and its code is not asked again", async () => {
  const failure = { kind: "code", name: "UnknownWorkflow", message: "There is no workflow w." } as const;
  const { calls, decide } = opened(() => [{ type: "GetStuck", failure }]);
  await decide(start);
  expect(await decide(cancel)).toEqual([
    "RunCancelRequested",
    "CodeGivenUp",
    "JobScheduled",
    "AttemptRequested",
  ]);
  const signal = { type: "SendSignal", ...ref("signal"), signalId: "s", name: "go", payload: "1" } as const;
  expect(await decide(signal)).toEqual(["SignalReceived"]);
  expect(await decide(refunded)).toEqual(["JobCompleted", "RunCancelled"]);
  expect(calls).toEqual({ asked: 2, checked: 0 });
});

test("a cancelled run whose code ends engines is undone without running it once more", async () => {
  const { calls, decide } = opened(() => [], ["cancel"]);
  await decide(start);
  expect(await decide(cancel)).toContain("CodeGivenUp");
  expect(await decide(refunded)).toEqual(["JobCompleted", "RunCancelled"]);
  expect(calls.asked).toBe(1);
});

test("a cancelled run whose code asks for more than there may be is undone as far as it had registered", async () => {
  const much = { ...compensation, compensationId: "c2", input: "x".repeat(4_200_000) };
  const { decide } = opened(() => [much]);
  await decide(start);
  expect(await decide(cancel)).toEqual([
    "RunCancelRequested",
    "CodeGivenUp",
    "JobScheduled",
    "AttemptRequested",
  ]);
  expect(await decide(refunded)).toEqual(["JobCompleted", "RunCancelled"]);
});
