import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type EventContext,
  evolve,
  type RunEvent,
  type RunEventType,
  type RunState,
  setAside,
} from "../../src/index.ts";
import { plainState } from "../plain-state.ts";

/** A history as it was recorded once: it must mean the same forever. */
interface FrozenRun {
  readonly name: string;
  readonly history: readonly (
    | { readonly context: EventContext; readonly event: RunEvent }
    | { readonly context: EventContext; readonly setAside: string }
  )[];
  /** What the state says: see `plainState`. */
  readonly state: unknown;
}

// A new type of event does not compile until it is here, and then fails until it is in the fixture.
const everyType: Record<RunEventType, true> = {
  RunStarted: true,
  LabelsSet: true,
  VersionRecorded: true,
  RunCompleted: true,
  RunFailing: true,
  RunFailed: true,
  RunCancelRequested: true,
  RunCancelled: true,
  RunTerminated: true,
  RunStuck: true,
  CodeGivenUp: true,
  CodeAnswered: true,
  CodeAskedAgain: true,
  RunResumed: true,
  RunRepaired: true,
  JobScheduled: true,
  AttemptRequested: true,
  AttemptStarted: true,
  AttemptHeartbeat: true,
  AttemptFailed: true,
  JobCompleted: true,
  JobRejected: true,
  JobStuck: true,
  JobFailed: true,
  JobCancelled: true,
  JobAbandoned: true,
  JobRetried: true,
  BackOffSkipped: true,
  RetryPostponed: true,
  TimerSet: true,
  TimerPostponed: true,
  TimerFired: true,
  TimerCancelled: true,
  SignalAwaited: true,
  SignalReceived: true,
  SignalDelivered: true,
  SignalWaitEnded: true,
  SignalWaitAbandoned: true,
  CompensationRegistered: true,
  CommandRefused: true,
};

const frozen: readonly FrozenRun[] = JSON.parse(
  readFileSync(new URL("../../histories/every-event.json", import.meta.url), "utf8"),
);

describe("The frozen histories", () => {
  it("hold every type of event", () => {
    const held = new Set(
      frozen.flatMap((run) => run.history.flatMap((step) => ("event" in step ? [step.event.type] : []))),
    );
    expect([...held].sort()).toEqual(Object.keys(everyType).sort());
  });

  it.each(frozen)("still lead to the same state: $name", ({ history, state }) => {
    let folded: RunState | undefined;
    for (const step of history) {
      folded =
        "event" in step
          ? evolve(folded, step.event, step.context)
          : setAside(folded, { ...step.context, workflow: "" }, step.setAside);
    }
    expect(folded && plainState(folded)).toStrictEqual(state);
  });
});
