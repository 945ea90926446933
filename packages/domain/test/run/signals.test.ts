import { describe, expect, it } from "vitest";
import {
  type AnyRunCommand,
  decide,
  maxBufferedSignals,
  maxPayloadBytes,
  type RunEvent,
} from "../../src/index.ts";
import { started } from "../samples.ts";
import { type Asked, given, runId, t0 } from "../scenario.ts";

function send(signalId = "s1", name = "paid"): Asked {
  return { type: "SendSignal", signalId, name, payload: "1" };
}

function received(signalId = "s1", name = "paid"): RunEvent {
  return { type: "SignalReceived", signalId, name, payload: "1" };
}

const awaitedFor100: RunEvent[] = [
  { type: "SignalAwaited", waitId: "w1", name: "paid", timeoutMs: 100 },
  { type: "TimerSet", timerId: "w1", generation: 1, dueAt: t0 + 100, waitId: "w1" },
];

describe("A signal", () => {
  it("that nobody awaits is kept until it is awaited, the oldest first", () => {
    given(started)
      .when(send("s1"))
      .brings(received("s1"))
      .when(send("s2"))
      .brings(received("s2"))
      .whenCodeWants({ type: "AwaitSignal", waitId: "w1", name: "paid", timeoutMs: 100 })
      .brings(
        ...awaitedFor100,
        { type: "SignalDelivered", waitId: "w1", signalId: "s1" },
        { type: "TimerCancelled", timerId: "w1", generation: 1 },
      )
      .whenCodeWants({ type: "AwaitSignal", waitId: "w2", name: "paid" })
      .brings(
        { type: "SignalAwaited", waitId: "w2", name: "paid" },
        { type: "SignalDelivered", waitId: "w2", signalId: "s2" },
      );
  });

  it("that lies waiting is handed over alone: what the code makes of it decides about the others", () => {
    const ready = given(started)
      .when(send("s1"))
      .brings(received("s1"))
      .when(send("s2"))
      .brings(received("s2"))
      .whenCodeWants(
        { type: "AwaitSignal", waitId: "w1", name: "else" },
        { type: "AwaitSignal", waitId: "w2", name: "paid" },
        { type: "AwaitSignal", waitId: "w3", name: "paid" },
      )
      .brings(
        { type: "SignalAwaited", waitId: "w1", name: "else" },
        { type: "SignalAwaited", waitId: "w2", name: "paid" },
        { type: "SignalAwaited", waitId: "w3", name: "paid" },
        { type: "SignalDelivered", waitId: "w2", signalId: "s1" },
      );
    ready.whenCodeWants().brings({ type: "SignalDelivered", waitId: "w3", signalId: "s2" });
    ready
      .whenCodeWants({ type: "AbandonSignalWait", waitId: "w3" })
      .brings({ type: "SignalWaitAbandoned", waitId: "w3" })
      .whenCodeWants({ type: "AwaitSignal", waitId: "w4", name: "paid" })
      .brings(
        { type: "SignalAwaited", waitId: "w4", name: "paid" },
        { type: "SignalDelivered", waitId: "w4", signalId: "s2" },
      );
  });

  it("that comes to a stuck run goes behind what the run has not taken yet", () => {
    given(started)
      .when(send("s1"))
      .brings(received("s1"))
      .whenCodeWants(
        { type: "AwaitSignal", waitId: "w1", name: "paid" },
        { type: "GetStuck", failure: { kind: "code", name: "Bug", message: "a bug" } },
      )
      .brings(
        { type: "SignalAwaited", waitId: "w1", name: "paid" },
        { type: "RunStuck", failure: { kind: "code", name: "Bug", message: "a bug" } },
      )
      .when(send("s2"))
      .brings(received("s2"), { type: "SignalDelivered", waitId: "w1", signalId: "s1" });
  });

  it("sent twice is one signal", () => {
    given(started).when(send()).brings(received()).when(send()).ignored();
  });

  it("goes to the wait of its name that is the oldest", () => {
    given(
      started,
      { type: "SignalAwaited", waitId: "w1", name: "else" },
      { type: "SignalAwaited", waitId: "w2", name: "paid" },
      { type: "SignalAwaited", waitId: "w3", name: "paid" },
    )
      .when(send())
      .brings(received(), { type: "SignalDelivered", waitId: "w2", signalId: "s1" });
  });

  it("cancels the time-out of the wait it is delivered to", () => {
    const after = given(started, ...awaitedFor100)
      .when(send())
      .brings(
        received(),
        { type: "SignalDelivered", waitId: "w1", signalId: "s1" },
        { type: "TimerCancelled", timerId: "w1", generation: 1 },
      );
    expect(after.run).toMatchObject({ timers: null, waits: null, waitsByName: null, buffered: null });
  });

  it("carries who sent it", () => {
    given(started)
      .when({ ...send(), actor: "mia" } as Asked)
      .brings({ ...received(), actor: "mia" } as RunEvent);
  });

  it("is refused when it is too long, or when its run is over", () => {
    given(started)
      .when({ ...send(), payload: "x".repeat(maxPayloadBytes + 1) } as Asked)
      .rejectedAs("PayloadTooLarge");
    given(started, { type: "RunCompleted", output: "1" }).when(send()).rejectedAs("RunOver");
  });
});

describe("Awaiting a signal", () => {
  it("sets a timer when the wait has a time-out", () => {
    given(started)
      .whenCodeWants({ type: "AwaitSignal", waitId: "w1", name: "paid", timeoutMs: 100 })
      .brings(...awaitedFor100);
  });

  it("ends when the time is up", () => {
    const after = given(started, ...awaitedFor100)
      .after(100)
      .when({ type: "FireTimer", timerId: "w1", generation: 1 })
      .brings(
        { type: "TimerFired", timerId: "w1", generation: 1 },
        { type: "SignalWaitEnded", waitId: "w1", because: "timeout" },
      );
    after.when(send()).brings(received());
  });
});

it("A run that has as many signals as it may still takes one that it waits for", () => {
  const waiting = given(started, { type: "SignalAwaited", waitId: "w1", name: "paid" });
  const full = { ...waiting.run, bufferedCount: maxBufferedSignals };
  const sent = (name: string) => ({ ...send("s1", name), commandId: "c", runId }) as AnyRunCommand;
  expect(decide(full, sent("paid"), t0)).toMatchObject({ type: "accepted" });
  expect(decide(full, sent("other"), t0)).toMatchObject({ type: "rejected", code: "Unprocessable" });
});
