import { maxPayloadBytes, maxStepRequests } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { job, type Run, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

const poll = job("poll");
const pay = job("pay");
const undo = job("undo");
const much = "x".repeat(maxPayloadBytes);

/** Code that is never done with what it is refused. Each is cancelled, or fails in another branch, where it stands. */
const loops: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  "a sleep and a job": async (run) => {
    while (true) {
      try {
        await run.sleep("1 minute");
        await run.job(poll);
      } catch {}
    }
  },
  "a signal": async (run) => {
    while (true) {
      try {
        await run.signal("go");
      } catch {}
    }
  },
  "a signal with a time-out": async (run) => {
    for (let got: unknown; got === undefined; )
      got = await run.signal("go", { timeout: "1 hour" }).catch(() => undefined);
  },
  "a job": async (run) => {
    while (true) await run.job(poll).catch(() => {});
  },
  "catches in one another": async (run) => {
    while (true) {
      try {
        try {
          await run.sleepUntil(2_000_000);
        } catch {
          await run.job(poll);
        } finally {
          await run.signal("go");
        }
      } catch {}
    }
  },
  "all of several": async (run) => {
    while (true) await Promise.all([run.job(poll), run.sleep(50), run.signal("go")]).catch(() => {});
  },
  "whatever settles": async (run) => {
    while (true) await Promise.allSettled([run.job(poll), run.signal("go")]);
  },
  "the first of several": async (run) => {
    while (true) await Promise.race([run.signal("stop"), run.sleep(1_000)]).catch(() => {});
  },
  "an async generator": async (run) => {
    async function* polls() {
      while (true) yield await run.job(poll).catch(() => undefined);
    }
    for await (const _ of polls());
  },
  "a function that calls itself": async (run) => {
    const again = async (): Promise<unknown> => run.job(poll).then(again, again);
    await again();
  },
  "labels that can't be taken before its wait": async (run) => {
    let isWarned = false;
    while (true) {
      try {
        if (isWarned) run.setLabels({ ["x".repeat(61)]: "long" });
        isWarned = true;
        await run.sleep("1 minute");
      } catch {}
    }
  },
  "a duration that is none, once it is refused": async (run) => {
    let minutes = 1;
    while (true) {
      try {
        await run.sleep(minutes * 60_000);
      } catch {
        minutes = -1;
      }
    }
  },
  "too large an input, once it is refused": async (run) => {
    let input = "little";
    const large = job<string>("large");
    while (true) {
      try {
        await run.job(large, input);
      } catch {
        input = much;
      }
    }
  },
};

function drive(code: (run: Run) => Promise<unknown>, maxCachedRuns = 10): DrivenRun {
  const session = inProcessDecisions([workflow("loop", code)], { maxCachedRuns }).openSession();
  return new DrivenRun("loop", session);
}

/** What is under way is completed, until nothing is. */
async function finish(run: DrivenRun): Promise<void> {
  while (run.state?.status === "running") {
    const [jobId] = Object.keys(run.openJobs);
    if (jobId === undefined) throw new Error(`The run waits: ${JSON.stringify(run.last)}`);
    await run.complete(jobId);
  }
}

/** Code that waits for nothing of what it asks for: only an exception ends it. */
const insisting: Readonly<Record<string, (run: Run) => unknown>> = {
  "a job with too large an input": (run) => {
    while (true) run.job(job<string>("large"), much + much).catch(() => {});
  },
  "a sleep that can't be": (run) => {
    while (true) void run.sleep(-1);
  },
  "labels that can't be": (run) => {
    while (true) {
      try {
        run.setLabels({ ["x".repeat(61)]: "long" });
      } finally {
        void run.signal("go");
      }
    }
  },
  "jobs without end": (run) => {
    while (true) void run.job(poll);
  },
  "a function that calls itself": (run) => {
    const again = (): unknown => {
      void run.sleep(Number.NaN);
      return again();
    };
    again();
  },
};

test.each(Object.entries(insisting))(
  "a loop without a wait, of %s, ends its run's code alone",
  async (_, code) => {
    const run = drive(async (run) => {
      await run.job(pay);
      run.compensate(undo);
      await code(run);
    });
    await run.start();
    await run.complete("j1");
    expect(run.last).toMatchObject({ type: "RunStuck" });
    await run.cancel();
    await finish(run);
    expect(run.last).toMatchObject({ type: "RunCancelled" });
    expect(run.eventTypes.filter((type) => type === "JobCompleted")).toHaveLength(2);
  },
);

describe("code that catches every refusal and asks again", () => {
  test.each(Object.entries(loops))(
    "with %s is ended when its run is cancelled, and what it did is undone",
    async (_, code) => {
      for (const maxCachedRuns of [10, 0]) {
        const run = drive(async (run) => {
          await run.job(pay);
          run.compensate(undo);
          await code(run);
        }, maxCachedRuns);
        await run.start();
        await run.complete("j1");
        await run.cancel();
        await finish(run);
        expect(run.state?.status).toBe("cancelled");
        expect(run.last).toMatchObject({ failure: { name: "TooManyRequests" } });
        const scheduled = run.history.flatMap(({ event }) =>
          event.type === "JobScheduled" && event.compensationId !== undefined ? [event.jobType] : [],
        );
        expect(scheduled.at(-1)).toBe("undo");
      }
    },
  );

  test.each(Object.entries(loops))(
    "with %s is ended when another branch failed, and the run fails as that one did",
    async (_, code) => {
      const run = drive(async (run) => {
        run.compensate(undo);
        await Promise.all([run.job(pay), code(run)]);
      });
      await run.start();
      await run.reject("j1", "CardDeclined");
      await finish(run);
      expect(run.last).toMatchObject({ type: "RunFailed", failure: { name: "CardDeclined" } });
    },
  );

  test.each(Object.entries(loops))(
    "with %s, in a branch that nobody awaits, is ended with its run",
    async (_, code) => {
      const run = drive(async (run) => {
        void code(run);
        return "done";
      });
      await run.start();
      expect(run.last).toEqual({ type: "RunCompleted", output: '"done"' });
    },
  );

  const wrong: Readonly<Record<string, (run: Run) => unknown>> = {
    "a duration that is none": (run) => run.sleep(-1),
    "a moment that is none": (run) => run.sleepUntil(Number.NaN),
    "what is no job": (run) => run.job({} as never),
    "an option that is none": (run) => run.job(poll, undefined, { heartbeatMs: -1 }),
    "too large an input": (run) => run.job(job<string>("large"), much),
    "too large an undo": async (run) => {
      run.compensate(job<string>("large"), much);
      await run.sleep(1);
    },
    "labels that can't be taken": async (run) => {
      run.setLabels({ "": "" });
      await run.sleep(1);
    },
    "a signal without a name": (run) => run.signal(""),
  };

  test.each(Object.entries(wrong))(
    "with %s gets its run stuck; cancelled then, it is undone",
    async (_, ask) => {
      const run = drive(async (run) => {
        run.compensate(undo);
        await run.sleep(5);
        while (true) {
          try {
            await ask(run);
          } catch {}
        }
      });
      await run.start();
      await run.fire("t1");
      expect(run.last).toMatchObject({
        type: "RunStuck",
        failure: { name: expect.stringMatching(/TooManyRequests|InvalidInput/) },
      });
      await run.cancel();
      await finish(run);
      expect(run.state?.status).toBe("cancelled");
      expect(run.eventTypes.filter((type) => type === "JobScheduled")).toHaveLength(1);
    },
  );

  test("hears of as many refusals as it may ask for, and is done where it gives up by then", async () => {
    const asked = { count: 0 };
    const run = drive(async (run) => {
      for (; asked.count < maxStepRequests; asked.count++) await run.sleep("1 minute").catch(() => {});
    });
    await run.start();
    await run.cancel();
    expect(asked.count).toBe(maxStepRequests);
    expect(run.last).toEqual({ type: "RunCancelled" });
  });

  test("does not end another branch, which still says what is to be undone", async () => {
    const run = drive(async (run) => {
      const paid = run.job(pay).then(() => run.compensate(undo));
      await Promise.all([paid, loops["a sleep and a job"]?.(run)]);
    });
    await run.start();
    await run.cancel();
    await run.complete("j1");
    expect(run.last).toMatchObject({ type: "AttemptRequested" });
    await run.complete("j2");
    expect(run.last).toMatchObject({ type: "RunCancelled", failure: { name: "TooManyRequests" } });
  });

  test("and has an undo for each is ended likewise; what it registered is owed", async () => {
    const run = drive(async (run) => {
      while (true) await run.sleep("1 minute").catch(() => run.compensate(undo));
    });
    await run.start();
    await run.cancel();
    expect(run.last).toEqual({ type: "AttemptRequested", jobId: "j1", attempt: 1 });
    const registered = run.eventTypes.filter((type) => type === "CompensationRegistered");
    expect(registered).toHaveLength(maxStepRequests);
  });

  test("comes to the same however often it is replayed, whatever it was refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(loops)),
        fc.constantFrom(...Object.values(loops)),
        fc.nat(3),
        async (first, second, completed) => {
          const live = drive((run) => Promise.all([first(run), second(run)]));
          const replayed = drive((run) => Promise.all([first(run), second(run)]), 0);
          for (const run of [live, replayed]) {
            await run.start();
            for (let n = 0; n < completed; n++) {
              const [jobId] = Object.keys(run.openJobs);
              if (jobId !== undefined) await run.complete(jobId);
            }
            await run.cancel();
            for (let n = 0; n < 5 && run.state?.status === "running"; n++) {
              const [jobId] = Object.keys(run.openJobs);
              if (jobId !== undefined) await run.complete(jobId);
            }
          }
          expect(replayed.history).toEqual(live.history);
          expect(live.eventTypes).not.toContain("RunStuck");
        },
      ),
      { numRuns: 12 },
    );
  });
});
