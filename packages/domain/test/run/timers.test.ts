import { describe, expect, it } from "vitest";
import { type RunEvent, wakeUpGraceMs } from "../../src/index.ts";
import { started } from "../samples.ts";
import { type Asked, given, t0 } from "../scenario.ts";

const set: RunEvent = { type: "TimerSet", timerId: "t1", generation: 2, dueAt: t0 + 100 };
const fire: Asked = { type: "FireTimer", timerId: "t1", generation: 2 };

describe("A timer", () => {
  it("fires when it is due, once", () => {
    given(started, set)
      .after(100)
      .when(fire)
      .brings({ type: "TimerFired", timerId: "t1", generation: 2 })
      .when(fire)
      .ignored();
  });

  it("never fires early, though its wake-up came early", () => {
    given(started, set).after(99).when(fire).ignored();
  });

  it("does not heed the wake-up of an earlier generation", () => {
    given(started, set)
      .after(100)
      .when({ ...fire, generation: 1 } as Asked)
      .ignored();
  });

  it("does not fire after it was cancelled, or after its run is over", () => {
    given(started, set, { type: "TimerCancelled", timerId: "t1", generation: 2 })
      .after(100)
      .when(fire)
      .ignored();
    given(started, set, { type: "RunCompleted", output: "1" }).after(100).when(fire).ignored();
  });

  it("is fired by the owner itself when no wake-up comes within the grace", () => {
    expect(given(started, set).deadlines).toMatchObject([{ dueAt: t0 + 100 + wakeUpGraceMs, command: fire }]);
  });

  it("is fired by one command, whoever finds that it is due", () => {
    expect(given(started, set).deadlines.map(({ command }) => command.commandId)).toEqual([
      "deadline/order-1/t1/2",
    ]);
  });

  it("is cancelled by the code only while it is set", () => {
    given(started, set)
      .whenCodeWants({ type: "CancelTimer", timerId: "t1" })
      .brings({ type: "TimerCancelled", timerId: "t1", generation: 2 })
      .whenCodeWants({ type: "CancelTimer", timerId: "t1" })
      .brings();
  });
});
