import type { AnyRunCommand, RunDecision } from "@downbeat/domain";
import type { DecisionService } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { Decider } from "../src/decider.ts";
import { noDelegation } from "../src/delegation.ts";
import { Fold } from "../src/fold.ts";
import { MemoryStateStore } from "../src/index.ts";
import { Slices } from "../src/slices.ts";
import { EngineClock } from "./engine-clock.ts";

const perStep = 700;

/** Code that waits for 700 signals with a time-out, and for 700 more each time that one comes, so often. */
function waiting(steps: number): DecisionService {
  let asked = 0;
  return {
    checkStart: () => undefined,
    openSession: () => ({
      ask: async ({ history }) => {
        if (asked === steps || history.some(({ event }) => event.type === "RunCancelRequested")) return [];
        asked += 1;
        return Array.from({ length: perStep }, (_, index): RunDecision => {
          const number = (asked - 1) * perStep + index + 1;
          return { type: "AwaitSignal", waitId: `w${number}`, name: `s${number}`, timeoutMs: 3_600_000 };
        });
      },
      check: async () => undefined,
      forget: () => {},
      close: () => {},
    }),
  };
}

/** As far as so many steps, then cancelled. */
async function cancelled(steps: number) {
  const decider = new Decider({
    fold: new Fold(new MemoryStateStore()),
    decisions: waiting(steps),
    delegation: noDelegation,
    slices: new Slices(new EngineClock()),
    maxPartBytes: 200_000,
  });
  const care = { verdictOn: () => undefined, inCode: () => {} };
  const decide = async (command: AnyRunCommand) => (await decider.decideAll([command], 1_000, care))[0];
  await decide({ type: "StartRun", commandId: "start", runId: "r", workflow: "w", input: "1" });
  for (let step = 1; step < steps; step++) {
    const name = `s${(step - 1) * perStep + 1}`;
    const signalId = `i${step}`;
    await decide({ type: "SendSignal", commandId: `c${step}`, runId: "r", signalId, name, payload: "1" });
  }
  const before = decider.entry("r")?.state;
  const action = { actionId: "a", actor: "ada", reason: "enough" };
  const decided = await decide({ type: "CancelRun", commandId: "cancel", runId: "r", action });
  const types: string[] = [];
  // More than one record takes goes on in the next.
  for (let part = decided; part !== undefined; part = part.next)
    types.push(...part.decision.events.map(({ type }) => type));
  return { before, types };
}

test("a run that waits for as many signals with a time-out as there may be is cancelled, each wait with its timer", async () => {
  const { before, types } = await cancelled(7);
  expect(before).not.toHaveProperty("stuck");
  expect(types[0]).toBe("RunCancelRequested");
  // Six of them came.
  const waits = 7 * perStep - 6;
  expect(types.filter((type) => type === "SignalWaitEnded")).toHaveLength(waits);
  expect(types.filter((type) => type === "TimerCancelled")).toHaveLength(waits);
});

test("one that asks for more gets stuck where it still works, and can be cancelled all the same", async () => {
  const { before, types } = await cancelled(14);
  expect(before).toMatchObject({ status: "running", stuck: { name: "TooMuchOpen" } });
  expect(types[0]).toBe("RunCancelRequested");
});
