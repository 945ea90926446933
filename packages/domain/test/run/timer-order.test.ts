import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AnyRunCommand,
  deadlines,
  decide,
  evolve,
  openTimer,
  openTimers,
  type RunEvent,
  type RunState,
  wakeUpGraceMs,
} from "../../src/index.ts";
import { started } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const set = (timerId: string, inMs: number): RunEvent => ({
  type: "TimerSet",
  timerId,
  generation: 1,
  dueAt: t0 + inMs,
});
const fired = (timerId: string): RunEvent => ({ type: "TimerFired", timerId, generation: 1 });
const fire = (timerId: string) => ({ type: "FireTimer", timerId, generation: 1 }) as const;

const four = given(started, set("t1", 7_000), set("t2", 3_000), set("t3", 9_000), set("t4", 3_000));

test("timers that fell due while nobody was there fire by the time at which they were due, then as they were set", () => {
  four
    .after(60_000)
    .when(fire("t1"))
    .brings(fired("t2"), fired("t4"), fired("t1"))
    .when(fire("t4"))
    .ignored()
    .when(fire("t3"))
    .brings(fired("t3"));
});

test("one that is woken first fires alone: what is due later waits for its own wake-up, and may lose to a signal meanwhile", () => {
  four.after(8_000).when(fire("t2")).brings(fired("t2"));
});

test("a wait whose time is up earlier ends before a later timer fires", () => {
  given(
    started,
    set("t1", 50),
    { type: "SignalAwaited", waitId: "w1", name: "go", timeoutMs: 20 },
    { type: "TimerSet", timerId: "w1", generation: 1, dueAt: t0 + 20, waitId: "w1" },
  )
    .after(100)
    .when(fire("t1"))
    .brings(fired("w1"), { type: "SignalWaitEnded", waitId: "w1", because: "timeout" }, fired("t1"));
});

test("the owner's own sweep asks in that order too", () => {
  const asked = four.deadlines.map(({ command }) => "timerId" in command && command.timerId);
  expect(asked).toEqual(["t2", "t4", "t1", "t3"]);
  const ids = ["w1", "t2", "w10", "t1"];
  const together = given(started, ...ids.map((id) => set(id, 5)));
  expect(together.deadlines.map(({ command }) => "timerId" in command && command.timerId)).toEqual(ids);
});

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ set: fc.integer({ min: 0, max: 40 }), isWait: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ passes: fc.integer({ min: 0, max: 30 }) }) },
    { weight: 4, arbitrary: fc.record({ wakes: fc.nat(1_000) }) },
    { weight: 1, arbitrary: fc.record({ cancels: fc.nat(1_000) }) },
    { weight: 1, arbitrary: fc.record({ sweeps: fc.constant(true) }) },
  ),
  { maxLength: 80 },
);

test("whatever is set, cancelled, woken and swept when, none fires early, twice, or before another whose turn it was", () => {
  fc.assert(
    fc.property(steps, (story) => {
      let state: RunState | undefined;
      let now = t0;
      const firings = new Map<string, number>();
      const record = (event: RunEvent) => {
        if (event.type === "TimerFired" && state?.status === "running") {
          const timer = openTimer(state, event.timerId);
          expect(timer?.dueAt).toBeLessThanOrEqual(now);
          for (const other of openTimers(state)) {
            const isLater = other.dueAt - (timer?.dueAt ?? 0) || other.seq - (timer?.seq ?? 0);
            expect(isLater).toBeGreaterThanOrEqual(0);
          }
          firings.set(event.timerId, (firings.get(event.timerId) ?? 0) + 1);
        }
        state = evolve(state, event, { runId, seq: (state?.seq ?? 0) + 1, at: now, inputId: "i" });
      };
      const carryOut = (command: AnyRunCommand) => {
        const outcome = decide(state, command, now);
        if (outcome.type === "accepted") outcome.events.forEach(record);
      };
      const wake = (timerId: string) => carryOut({ commandId: "c", runId, ...fire(timerId) });
      const pick = (number: number) => {
        const timers = state?.status === "running" ? openTimers(state) : [];
        return timers[number % Math.max(1, timers.length)]?.timerId;
      };
      const sweep = () => {
        const due = state?.status === "running" ? deadlines(state, now) : [];
        for (const { command } of due) carryOut(command);
      };
      record(started);
      let count = 0;
      for (const step of story) {
        if ("set" in step) {
          const timerId = `${step.isWait ? "w" : "t"}${++count}`;
          const waitId = step.isWait ? timerId : undefined;
          if (waitId !== undefined)
            record({ type: "SignalAwaited", waitId, name: "go", timeoutMs: step.set });
          const dueAt = now + step.set;
          record({
            type: "TimerSet",
            timerId,
            generation: 1,
            dueAt,
            ...(waitId !== undefined && { waitId }),
          });
        } else if ("passes" in step) now += step.passes;
        else if ("wakes" in step) wake(pick(step.wakes) ?? "t0");
        else if ("sweeps" in step) sweep();
        else {
          const timerId = pick(step.cancels);
          if (timerId !== undefined) record({ type: "TimerCancelled", timerId, generation: 1 });
        }
      }
      now += 1_000 + wakeUpGraceMs;
      sweep();
      expect(state?.status === "running" && openTimers(state)).toEqual([]);
      for (const [timerId, times] of firings) expect(`${timerId}: ${times}`).toBe(`${timerId}: 1`);
    }),
    { numRuns: 300 },
  );
});
