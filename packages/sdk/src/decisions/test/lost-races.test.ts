import type { RunEvent } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { job, type Run, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

const check = job("check");
const race = Promise.race.bind(Promise);

function driven(code: (run: Run) => Promise<unknown>): DrivenRun {
  const decisions = inProcessDecisions([workflow("watch", code)], { onStray: () => {} });
  // Each question is answered from scratch, so that every one is a replay too.
  return new DrivenRun("watch", () => decisions.openSession());
}

/** What the run has to say for itself once it has ended. */
function outputOf(run: DrivenRun): unknown {
  expect(run.eventTypes).not.toContain("RunStuck");
  expect(run.last).toMatchObject({ type: "RunCompleted" });
  return JSON.parse((run.last as Extract<RunEvent, { type: "RunCompleted" }>).output);
}

const waitsOf = (run: DrivenRun) =>
  run.history.flatMap(({ event }) => (event.type === "SignalDelivered" ? [event.waitId] : []));

/** Loops whose third wait is there when the signal comes: the two before lost against a second. */
const loops: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  "waits as they are": async (run) => {
    for (let round = 1; ; round++) {
      const got = await Promise.race([run.signal("stop"), run.sleep(1_000)]);
      if (got !== undefined) return [got, round];
    }
  },
  "waits with a then": async (run) => {
    for (let round = 1; ; round++) {
      const got = await Promise.race([
        run.signal("stop").then((value) => value),
        run.sleep(1_000).then(() => undefined),
      ]);
      if (got !== undefined) return [got, round];
    }
  },
  "any of them": async (run) => {
    for (let round = 1; ; round++) {
      const got = await Promise.any([run.signal("stop"), run.sleep(1_000)]);
      if (got !== undefined) return [got, round];
    }
  },
  "a race in a race": async (run) => {
    for (let round = 1; ; round++) {
      const got = await Promise.race([
        Promise.race([run.signal("stop"), run.signal("halt")]),
        run.sleep(1_000),
      ]);
      if (got !== undefined) return [got, round];
    }
  },
  "all of one in a race": async (run) => {
    for (let round = 1; ; round++) {
      const got = await Promise.race([Promise.all([run.signal("stop")]), run.sleep(1_000)]);
      if (Array.isArray(got)) return [got[0], round];
    }
  },
  "against a branch of code": async (run) => {
    const tick = async () => {
      await run.sleep(500);
      await run.sleep(500);
    };
    for (let round = 1; ; round++) {
      const got = await Promise.race([run.signal("stop"), tick()]);
      if (got !== undefined) return [got, round];
    }
  },
  "in a set, not an array": async (run) => {
    for (let round = 1; ; round++) {
      const got = await Promise.race(new Set([run.signal("stop"), run.sleep(1_000)]));
      if (got !== undefined) return [got, round];
    }
  },
  "by a name of its own": async (run) => {
    for (let round = 1; ; round++) {
      const got = await race([run.signal("stop"), run.sleep(1_000)]);
      if (got !== undefined) return [got, round];
    }
  },
  "resolved once more": async (run) => {
    for (let round = 1; ; round++) {
      const got = await Promise.race([
        Promise.resolve(run.signal("stop")),
        Promise.resolve(run.sleep(1_000)),
      ]);
      if (got !== undefined) return [got, round];
    }
  },
  "of a generator": async (run) => {
    function* both() {
      yield run.signal("stop").then((value) => value);
      yield run.sleep(1_000);
    }
    for (let round = 1; ; round++) {
      const got = await Promise.race(both());
      if (got !== undefined) return [got, round];
    }
  },
  "against a failure": async (run) => {
    const late = async () => {
      await run.sleep(1_000);
      throw new Error("late");
    };
    for (let round = 1; ; round++) {
      try {
        return [
          (await Promise.all([run.signal("stop"), Promise.race([run.signal("never"), late()])]))[0],
          round,
        ];
      } catch (error) {
        if ((error as Error).message !== "late" || round === 3) throw error;
        if (round === 2) return [await run.signal("stop"), 3];
      }
    }
  },
};

async function tick(run: DrivenRun): Promise<void> {
  for (;;) {
    const next = Object.keys(Object.fromEntries(timersOf(run)))[0];
    if (next === undefined) return;
    const rounds = run.eventTypes.filter((type) => type === "SignalAwaited").length;
    await run.fire(next);
    if (run.state?.status !== "running") return;
    if (run.eventTypes.filter((type) => type === "SignalAwaited").length > rounds) return;
  }
}

function timersOf(run: DrivenRun): [string, true][] {
  const open = new Map<string, true>();
  for (const { event } of run.history) {
    if (event.type === "TimerSet") open.set(event.timerId, true);
    if (event.type === "TimerFired" || event.type === "TimerCancelled") open.delete(event.timerId);
  }
  return [...open];
}

describe("a signal goes to the wait that is still wanted", () => {
  test.each(Object.entries(loops))("%s", async (_, code) => {
    const run = driven(code);
    await run.start();
    await tick(run);
    await tick(run);
    await run.signal("stop", "now");
    expect(outputOf(run)).toEqual(["now", 3]);
  });

  test("and is kept for the next when it comes between two of them", async () => {
    const run = driven(async (run) => {
      for (let round = 1; ; round++) {
        const got = await Promise.race([run.signal("stop"), run.sleep(1_000)]);
        if (got !== undefined) return [got, round];
        await run.job(check);
      }
    });
    await run.start();
    await run.fire("t1");
    await run.signal("stop", "meanwhile");
    expect(run.eventTypes).not.toContain("SignalDelivered");
    await run.complete("j1");
    expect(outputOf(run)).toEqual(["meanwhile", 2]);
  });

  test("its time-out goes with it", async () => {
    const run = driven(async (run) => {
      await Promise.race([run.signal("stop", { timeout: "1 hour" }), run.sleep(1_000)]);
      return await run.signal("stop");
    });
    await run.start();
    await run.fire("t1");
    expect(run.eventTypes.slice(-4)).toEqual([
      "TimerFired",
      "SignalAwaited",
      "SignalWaitAbandoned",
      "TimerCancelled",
    ]);
    expect(timersOf(run)).toEqual([]);
    await run.signal("stop", 7);
    expect(outputOf(run)).toBe(7);
  });
});

describe("signals that lie ready are handed over one by one:", () => {
  const ready: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
    "the second of a race is kept": async (run) => {
      await run.job(check);
      const first = await Promise.race([run.signal("a"), run.signal("b")]);
      return [first, await run.signal("b")];
    },
    "of one name too": async (run) => {
      await run.job(check);
      const first = await Promise.race([run.signal("c"), run.signal("c")]);
      return [first, await run.signal("c")];
    },
    "both are taken where both are wanted": async (run) => {
      await run.job(check);
      return await Promise.all([run.signal("a"), run.signal("b")]);
    },
    "none to a race that is over at once": async (run) => {
      await run.job(check);
      await Promise.race([Promise.resolve("now"), run.signal("a")]);
      return [await run.signal("a"), await run.signal("b")];
    },
    "none to what fails at once": async (run) => {
      await run.job(check);
      await Promise.all([run.signal("a"), Promise.reject(new Error("no"))]).catch(() => {});
      return [await run.signal("a"), await run.signal("b")];
    },
    "with time-outs": async (run) => {
      await run.job(check);
      const first = await Promise.race([
        run.signal("a", { timeout: 1_000 }),
        run.signal("b", { timeout: 0 }),
        run.sleep(0),
      ]);
      return [first, await run.signal("b", { timeout: 0 })];
    },
    "what does not fit is passed over, and the next one taken": async (run) => {
      await run.job(check);
      return [await run.signal("d", { schema: z.number() }), await run.signal("b")];
    },
  };
  const expected: Readonly<Record<string, unknown>> = {
    "of one name too": [1, 2],
    "what does not fit is passed over, and the next one taken": [3, "B"],
  };
  test.each(Object.entries(ready))("%s", async (name, code) => {
    const run = driven(code);
    await run.start();
    await run.signal("b", "B");
    await run.signal("a", "A");
    await run.signal("c", 1);
    await run.signal("c", 2);
    await run.signal("d", "odd");
    await run.signal("d", 3);
    await run.complete("j1");
    expect(outputOf(run)).toEqual(expected[name] ?? ["A", "B"]);
  });
});

describe("a wait that is used again", () => {
  test("in the next round of the race it has never been given up", async () => {
    const run = driven(async (run) => {
      const stop = run.signal("stop");
      for (let round = 1; ; round++) {
        const got = await Promise.race([stop, run.sleep(1_000)]);
        if (got !== undefined) return [got, round];
      }
    });
    await run.start();
    await run.fire("t1");
    await run.fire("t2");
    expect(run.eventTypes).not.toContain("SignalWaitAbandoned");
    await run.signal("stop", "now");
    expect(outputOf(run)).toEqual(["now", 3]);
    expect(waitsOf(run)).toEqual(["w1"]);
  });

  const later: Readonly<Record<string, (stop: Promise<unknown>) => Promise<unknown>>> = {
    "by await": async (stop) => await stop,
    "by then": (stop) => stop.then((value) => value),
    "in another race": (stop) => Promise.race([stop]),
    returned: (stop) => stop,
    "with all": async (stop) => (await Promise.all([stop]))[0],
    "by finally": (stop) => stop.finally(() => {}),
  };
  test.each(Object.entries(later))("after other work waits again: %s", async (_, use) => {
    const run = driven(async (run) => {
      const stop = run.signal("stop");
      await Promise.race([stop, run.sleep(1_000)]);
      await run.job(check);
      return use(stop);
    });
    await run.start();
    await run.fire("t1");
    await run.complete("j1");
    await run.signal("stop", "at last");
    expect(outputOf(run)).toBe("at last");
    expect(waitsOf(run)).toEqual(["w2"]);
  });

  test("takes what came while nobody wanted it", async () => {
    const run = driven(async (run) => {
      const stop = run.signal("stop");
      await Promise.race([stop, run.sleep(1_000)]);
      await run.job(check);
      return await stop;
    });
    await run.start();
    await run.fire("t1");
    await run.signal("stop", "early");
    await run.complete("j1");
    expect(outputOf(run)).toBe("early");
  });

  test("has what is left of its time-out", async () => {
    const run = driven(async (run) => {
      const stop = run.signal("stop", { timeout: 10_000 });
      await Promise.race([stop, run.sleep(1_000)]);
      await run.job(check);
      return (await stop) ?? "too late";
    });
    await run.start();
    const began = run.at;
    await run.fire("t1");
    await run.complete("j1");
    await run.fire("w2");
    expect(outputOf(run)).toBe("too late");
    expect(run.at - began).toBeLessThan(10_050);
  });

  test("is refused when its run is being cancelled", async () => {
    const run = driven(async (run) => {
      const stop = run.signal("stop");
      await Promise.race([stop, run.sleep(1_000)]);
      await run.job(check).catch(() => {});
      return await stop;
    });
    await run.start();
    await run.fire("t1");
    await run.cancel();
    await run.fail("j1");
    expect(run.last).toMatchObject({ type: "RunCancelled" });
  });
});

describe("a wait stays wanted", () => {
  const wanted: Readonly<Record<string, (run: Run, stop: Promise<unknown>) => Promise<unknown>>> = {
    "when another branch awaits it": async (run, stop) => {
      const other = (async () => await stop)();
      await Promise.race([stop, run.sleep(1_000)]);
      return await other;
    },
    "when something else is made of it": async (run, stop) => {
      let heard: unknown;
      const listening = stop.then((value) => {
        heard = value;
      });
      await Promise.race([stop, run.sleep(1_000)]);
      await listening;
      return heard;
    },
    "when nobody has raced it": async (run, stop) => {
      await run.sleep(1_000);
      return await stop;
    },
  };
  test.each(Object.entries(wanted))("%s", async (_, code) => {
    const run = driven((run) => code(run, run.signal("stop")));
    await run.start();
    await run.fire("t1");
    await run.signal("stop", "heard");
    expect(outputOf(run)).toBe("heard");
    expect(waitsOf(run)).toEqual(["w1"]);
  });
});

test("a history from before waits were given up is replayed as it was, and goes on by the rule", async () => {
  const run = driven(loops["waits as they are"] as (run: Run) => Promise<unknown>);
  const older: RunEvent[] = [
    { type: "RunStarted", workflow: "watch", input: "null" },
    { type: "SignalAwaited", waitId: "w1", name: "stop" },
    { type: "TimerSet", timerId: "t1", generation: 1, dueAt: run.at + 1_000 },
    { type: "TimerFired", timerId: "t1", generation: 1 },
    { type: "SignalAwaited", waitId: "w2", name: "stop" },
    { type: "TimerSet", timerId: "t2", generation: 1, dueAt: run.at + 2_000 },
    { type: "SignalReceived", signalId: "earlier", name: "stop", payload: '"vanished"' },
    { type: "SignalDelivered", waitId: "w1", signalId: "earlier" },
    { type: "TimerFired", timerId: "t2", generation: 1 },
    { type: "SignalAwaited", waitId: "w3", name: "stop" },
    { type: "TimerSet", timerId: "t3", generation: 1, dueAt: run.at + 3_000 },
  ];
  run.record(older);
  run.at += 3_000;
  await run.fire("t3");
  expect(run.eventTypes.slice(older.length)).toEqual([
    "TimerFired",
    "SignalAwaited",
    "TimerSet",
    "SignalWaitAbandoned",
    "SignalWaitAbandoned",
  ]);
  await run.signal("stop", "now");
  expect(outputOf(run)).toEqual(["now", 4]);
});

test("whatever loses, every signal is heard once, by the code that waits", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("tick", "signal", "job"), { minLength: 1, maxLength: 30 }),
      fc.constantFrom("race", "any", "then", "nested", "kept"),
      fc.boolean(),
      async (script, how, works) => {
        const sent = script.filter((what) => what === "signal").length;
        const run = driven(async (run) => {
          const heard: unknown[] = [];
          let kept: Promise<unknown> | undefined;
          while (heard.length < sent) {
            if (how !== "kept") kept = undefined;
            kept ??= run.signal("news");
            const news = kept;
            const pause = run.sleep(1_000);
            const got =
              how === "any"
                ? await Promise.any([news, pause])
                : how === "then"
                  ? await Promise.race([news.then((value) => value), pause])
                  : how === "nested"
                    ? await Promise.race([Promise.race([news]), Promise.all([pause]).then(() => undefined)])
                    : await Promise.race([news, pause]);
            if (got === undefined) {
              if (works) await run.job(check);
              continue;
            }
            heard.push(got);
            kept = undefined;
          }
          return heard;
        });
        await run.start();
        const expected: number[] = [];
        for (const [index, what] of script.entries()) {
          if (run.state?.status !== "running") break;
          if (what === "signal") {
            expected.push(index + 1);
            await run.signal("news", index + 1);
          } else if (what === "job") {
            const [jobId] = Object.keys(run.openJobs);
            if (jobId !== undefined) await run.complete(jobId);
          } else {
            const last = timersOf(run).at(-1)?.[0];
            if (last !== undefined) await run.fire(last);
          }
        }
        for (let left = 0; run.state?.status === "running" && left < 200; left++) {
          const [jobId] = Object.keys(run.openJobs);
          const timer = timersOf(run).at(-1)?.[0];
          if (jobId !== undefined) await run.complete(jobId);
          else if (timer !== undefined) await run.fire(timer);
        }
        if (sent > 0) expect(outputOf(run)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  ));
