import type { RunEvent } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { job, type Run, workflow } from "../../index.ts";
import { replay } from "../../testing/index.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

function driven(code: (run: Run) => Promise<unknown>): DrivenRun {
  const decisions = inProcessDecisions([workflow("wait", code)], { onStray: () => {} });
  // Each question is answered from scratch, so that every one is a replay too.
  return new DrivenRun("wait", () => decisions.openSession());
}

function outputOf(run: DrivenRun): unknown {
  expect(run.eventTypes).not.toContain("RunStuck");
  expect(run.last).toMatchObject({ type: "RunCompleted" });
  return JSON.parse((run.last as Extract<RunEvent, { type: "RunCompleted" }>).output);
}

const fireNow = (run: DrivenRun, timerId: string) =>
  run.send({ type: "FireTimerNow", timerId, action: run.action() });
const dueAts = (run: DrivenRun) =>
  run.history.flatMap(({ event }) => (event.type === "TimerSet" ? [event.dueAt] : []));

const hour = 3_600_000;

describe("Code whose wait a person ended before its moment", () => {
  test("is told that it is as late as it wanted to wait, and doesn't wait once more", async () => {
    const loop = driven(async (code) => {
      const until = code.now().getTime() + 48 * hour;
      let rounds = 0;
      while (code.now().getTime() < until) {
        rounds++;
        await code.sleepUntil(until);
      }
      return [rounds, code.now().getTime() - until];
    });
    await loop.start();
    await fireNow(loop, "t1");
    expect(outputOf(loop)).toEqual([1, 0]);
  });

  test("sleeps as long as it asks for from then on", async () => {
    const run = driven(async (code) => {
      const start = code.now().getTime();
      await code.sleep(48 * hour);
      await code.sleep(300_000);
      return code.now().getTime() - start;
    });
    await run.start();
    const firedAt = run.at;
    await fireNow(run, "t1");
    expect(dueAts(run)[1]).toBe(firedAt + 300_000);
    await run.fire("t2");
    expect(outputOf(run)).toBe(48 * hour + 300_000);
  });

  test("waits for moments of the calendar as they are, and no more for those that it was told are past", async () => {
    const begin = 1_000_000;
    const run = driven(async (code) => {
      await code.sleepUntil(begin + 48 * hour);
      await code.sleepUntil(begin + 24 * hour);
      await code.sleepUntil(begin + 72 * hour);
      return code.now().getTime();
    });
    await run.start();
    const firedAt = run.at;
    await fireNow(run, "t1");
    expect(dueAts(run)[1]).toBe(firedAt);
    await run.fire("t2");
    expect(dueAts(run)[2]).toBe(begin + 72 * hour);
    await run.fire("t3");
    expect(outputOf(run)).toBe(begin + 72 * hour);
  });

  test("gets no signal, as if none had come in time", async () => {
    const run = driven(async (code) => {
      const start = code.now().getTime();
      const got = await code.signal("paid", { timeout: 48 * hour });
      return [got ?? "none", code.now().getTime() - start];
    });
    await run.start();
    await fireNow(run, "w1");
    expect(outputOf(run)).toEqual(["none", 48 * hour]);
  });
});

describe("A sleep that is ended early when it has lost its race", () => {
  const day = 24 * hour;

  test.each<[string, (run: Run) => Promise<unknown>]>([
    ["a signal", (run) => Promise.race([run.signal("go"), run.sleep(30 * day)])],
    ["another sleep", (run) => Promise.race([run.sleep(0), run.sleep(30 * day)])],
    [
      "what both are combined with",
      (run) => Promise.any([Promise.race([run.signal("go"), run.sleep(30 * day)])]),
    ],
  ])("to %s leaves the calendar as it is", async (_, race) => {
    const begin = 1_000_000;
    const run = driven(async (code) => {
      await race(code);
      await code.sleepUntil(begin + 10 * day);
      await code.sleepUntil(begin + 20 * day);
      return code.now().getTime() - begin;
    });
    await run.start();
    const sleeps = dueAts(run);
    const [left, next] = sleeps.length === 2 ? ["t2", "t3"] : ["t1", "t2"];
    if (left === "t2") await run.fire("t1");
    else await run.signal("go");
    await fireNow(run, left);
    await run.fire(next);
    expect(dueAts(run).at(-1)).toBe(begin + 20 * day);
  });

  test.each<[string, (sleep: Promise<void>, run: Run) => Promise<unknown>]>([
    ["is awaited later", async (sleep) => sleep],
    ["has more to do", async (sleep) => sleep.then(() => {})],
    ["is in another race", async (sleep, run) => Promise.race([sleep, run.signal("never")])],
    ["is one of several that all are waited for", async (sleep) => Promise.all([sleep])],
  ])("tells its moment all the same where it %s", async (_, use) => {
    const run = driven(async (code) => {
      const start = code.now().getTime();
      const sleep = code.sleep(30 * day);
      await Promise.race([code.signal("go"), sleep]);
      await use(sleep, code);
      return code.now().getTime() - start;
    });
    await run.start();
    await run.signal("go");
    await fireNow(run, "t1");
    expect(outputOf(run)).toBe(30 * day);
  });
});

describe("A time-out that a person put off or took away, after a signal that does not fit", () => {
  const waiting = () =>
    driven((code) =>
      Promise.all([code.signal("n", { timeout: 60_000, schema: z.number() }), code.sleep(hour)]),
    );
  const start = async () => {
    const run = waiting();
    await run.start();
    return run;
  };
  /** History has one that nobody could check. */
  const misfit = (run: DrivenRun) => {
    run.record([
      { type: "SignalReceived", signalId: "odd", name: "n", payload: '"text"' },
      { type: "SignalDelivered", waitId: "w1", signalId: "odd" },
      { type: "TimerCancelled", timerId: "w1", generation: 2 },
    ]);
    return fireNow(run, "t1");
  };

  test("lasts until the moment that it was put off to", async () => {
    const run = await start();
    const until = run.at + 3 * hour;
    await run.send({ type: "PostponeTimer", timerId: "w1", until, action: run.action() });
    await misfit(run);
    expect(run.history.at(-1)?.event).toMatchObject({ type: "TimerSet", timerId: "w2", dueAt: until });
  });

  test("is not there any more", async () => {
    const run = await start();
    await run.send({ type: "LiftTimeout", timerId: "w1", action: run.action() });
    await misfit(run);
    expect(run.history.at(-1)?.event).toEqual({
      type: "SignalAwaited",
      waitId: "w2",
      name: "n",
      signalId: "odd",
    });
  });
});

describe("Code whose durations were changed under its history", () => {
  const poll = job<null, null>("poll");
  const polling = (every: number, wait: "sleep" | "signal", told: number[] = []) =>
    async function code(run: Run) {
      const until = run.now().getTime() + 240 * hour;
      for (;;) {
        told.push(run.now().getTime());
        if (run.now().getTime() >= until) return told.length;
        await run.job(poll, null);
        if (wait === "sleep") await run.sleep(every);
        else await run.signal("stop", { timeout: every });
      }
    };

  test.each(["sleep", "signal"] as const)(
    "is told what the log's time was, where nobody ended a %s early",
    async (wait) => {
      const run = driven(polling(hour, wait));
      await run.start();
      for (let round = 1; round <= 12; round++) {
        await run.complete(`j${round}`);
        await run.fire(`${wait === "sleep" ? "t" : "w"}${round}`);
      }
      for (const every of [hour / 2, 48 * hour]) {
        const now: number[] = [];
        await replay(run.history, workflow("wait", polling(every, wait, now)));
        expect(now).toEqual(
          run.history.flatMap(({ at, event }) =>
            event.type === "RunStarted" || event.type === "TimerFired" ? [at] : [],
          ),
        );
      }
    },
  );

  test("is told the moment that history has, where one was ended early", async () => {
    const run = driven(polling(hour, "sleep"));
    await run.start();
    await run.complete("j1");
    await fireNow(run, "t1");
    await run.complete("j2");
    const [dueAt] = dueAts(run);
    for (const every of [hour / 2, 300 * hour]) {
      const now: number[] = [];
      await replay(run.history, workflow("wait", polling(every, "sleep", now)));
      expect(now).toEqual([1_000_000, dueAt]);
    }
  });

  test("has what a time-out was asked for with, where a signal that doesn't fit is passed over", async () => {
    const code = (timeout: number) => async (run: Run) => {
      await Promise.all([run.signal("n", { timeout, schema: z.number() }), run.sleep(hour)]);
    };
    const run = driven(code(2 * hour));
    await run.start();
    run.record([
      { type: "SignalReceived", signalId: "odd", name: "n", payload: '"text"' },
      { type: "SignalDelivered", waitId: "w1", signalId: "odd" },
      { type: "TimerCancelled", timerId: "w1", generation: 1 },
    ]);
    const asked = inProcessDecisions([workflow("wait", code(5 * hour))], { onStray: () => {} });
    const { runId, workflow: name, history } = run;
    const timeoutMs = 2 * hour - (run.at - 1_000_000);
    expect(await asked.openSession().ask({ runId, workflow: name, history })).toEqual([
      { type: "AwaitSignal", waitId: "w2", name: "n", timeoutMs, signalId: "odd" },
    ]);
  });
});

test("whichever waits are ended, when and how, and whatever durations replaying code names, time never goes back for it, and its replay agrees", async () => {
  const waits = fc.array(
    fc.record({
      how: fc.constantFrom("sleep", "until", "signal"),
      ms: fc.integer({ min: 0, max: 10_000 }),
      changedMs: fc.integer({ min: 0, max: 40_000 }),
      byHand: fc.boolean(),
      putOffBy: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(waits, async (all) => {
      const code = (duration: "ms" | "changedMs", told: number[]) => async (run: Run) => {
        const now = () => run.now().getTime();
        let isLate = true;
        for (const { how, [duration]: ms } of all) {
          const until = now() + ms;
          if (how === "sleep") await run.sleep(ms);
          else if (how === "until") await run.sleepUntil(until);
          else await run.signal("never", { timeout: ms });
          isLate &&= now() >= until;
          told.push(now());
        }
        return isLate ? "on time" : "early";
      };
      const run = driven(code("ms", []));
      await run.start();
      const count = { t: 0, w: 0 };
      for (const { how, byHand, putOffBy } of all) {
        const timerId = how === "signal" ? `w${++count.w}` : `t${++count.t}`;
        if (putOffBy !== undefined)
          await run.send({
            type: "PostponeTimer",
            timerId,
            until: run.at + putOffBy,
            action: run.action(),
          });
        await (byHand ? fireNow(run, timerId) : run.fire(timerId));
      }
      expect(outputOf(run)).toBe("on time");
      const [told, toldChanged]: [number[], number[]] = [[], []];
      await replay(run.history, workflow("wait", code("ms", told)));
      await replay(run.history, workflow("wait", code("changedMs", toldChanged)));
      expect(toldChanged).toEqual(told);
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      if (all.some(({ byHand, putOffBy }) => byHand || putOffBy !== undefined)) return;
      const fired = run.history.flatMap(({ at, event }) => (event.type === "TimerFired" ? [at] : []));
      expect(told).toEqual(fired);
    }),
  );
});
