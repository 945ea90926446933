import fc from "fast-check";
import { expect, test } from "vitest";
import { type AnyWorkflow, job, type Run, workflow } from "../../index.ts";
import { replay } from "../../testing/replay.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

const ask = job("ask");
const askAgain = job("askAgain");
const ship = job("ship");

const first = workflow("w", async (run) => {
  await run.job(ask);
  await run.sleep("1 day");
  await run.job(ship);
});
const second = workflow("w", async (run) => {
  await run.job(ask);
  if (run.version("ask-twice", 2) >= 2) await run.job(askAgain);
  await run.sleep("1 day");
  await run.job(ship);
});

/** A run whose code may be replaced, as a deployment does: then nothing of it is live any more. */
function driven(begun: AnyWorkflow) {
  let code = begun;
  let session = inProcessDecisions([code]).openSession();
  const run = new DrivenRun("w", () => session);
  const deploy = (next: AnyWorkflow) => {
    code = next;
    session = inProcessDecisions([code]).openSession();
  };
  return { run, deploy, replayed: () => replay({ runId: run.runId, events: run.history }, code) };
}

const jobs = (run: DrivenRun) =>
  run.history.flatMap(({ event }) => (event.type === "JobScheduled" ? [event.jobType] : []));
const versions = (run: DrivenRun) =>
  run.history.flatMap(({ event }) =>
    event.type === "VersionRecorded" ? [[event.changeId, event.version]] : [],
  );

test("a run that went past the change before it was made keeps to the old branch, without a record", async () => {
  const { run, deploy, replayed } = driven(first);
  await run.start();
  await run.complete("j1");
  deploy(second);
  await run.fire("t1");
  await run.complete("j2");
  expect([run.last?.type, jobs(run), versions(run)]).toEqual(["RunCompleted", ["ask", "ship"], []]);
  await replayed();
});

test("a run that comes to the change takes the new branch, and history says so", async () => {
  const { run, deploy, replayed } = driven(first);
  await run.start();
  deploy(second);
  await run.complete("j1");
  expect(versions(run)).toEqual([["ask-twice", 2]]);
  await replayed();
  deploy(second);
  await run.complete("j2");
  deploy(second);
  await run.fire("t1");
  await run.complete("j3");
  expect([run.last?.type, jobs(run)]).toEqual(["RunCompleted", ["ask", "askAgain", "ship"]]);
  await replayed();
});

test("a run keeps its version when the change is changed again, and a new one gets the newest", async () => {
  const third = workflow("w", async (run) => {
    await run.job(ask);
    const version = run.version("ask-twice", 3);
    if (version === 2) await run.job(askAgain);
    if (version === 3) await run.job(job("askThrice"));
    await run.job(ship);
  });
  const { run, deploy } = driven(second);
  await run.start();
  await run.complete("j1");
  deploy(third);
  await run.complete("j2");
  expect(run.open.stuck).toBeUndefined();
  const fresh = driven(third);
  await fresh.run.start();
  await fresh.run.complete("j1");
  expect([jobs(fresh.run), versions(fresh.run)]).toEqual([["ask", "askThrice"], [["ask-twice", 3]]]);
});

test("code that asks no more, or asks elsewhere, goes on with runs that have a record", async () => {
  const settled = workflow("w", async (run) => {
    await run.job(ask);
    await run.job(askAgain);
    await run.sleep("1 day");
    await run.job(ship);
  });
  const earlier = workflow("w", async (run) => {
    const isTwice = run.version("ask-twice", 2) >= 2;
    await run.job(ask);
    if (isTwice) await run.job(askAgain);
    await run.sleep("1 day");
    await run.job(ship);
  });
  for (const next of [settled, earlier]) {
    const { run, deploy, replayed } = driven(second);
    await run.start();
    await run.complete("j1");
    deploy(next);
    await run.complete("j2");
    await run.fire("t1");
    expect(run.open.stuck).toBeUndefined();
    await replayed();
  }
});

test("older code that meets a newer version says so, and asks for nothing", async () => {
  const { run, deploy } = driven(second);
  await run.start();
  await run.complete("j1");
  deploy(
    workflow("w", async (context) => {
      await context.job(ask);
      if (context.version("ask-twice", 1) === 1) await context.sleep("1 day");
    }),
  );
  await run.complete("j2");
  expect(run.last).toMatchObject({ type: "RunStuck", failure: { kind: "nonDeterminism" } });
  expect(run.open.stuck?.message).toContain("by version 2 of ask-twice, and the code knows versions up to 1");
});

test("asked twice it gives one answer and makes one record; changes don't touch one another", async () => {
  const { run } = driven(
    workflow("w", async (context) => {
      const told = [context.version("a", 2), context.version("a", 3), context.version("b", 5)];
      await context.sleep(1);
      return [...told, context.version("a", 2)];
    }),
  );
  await run.start();
  await run.fire("t1");
  expect(run.last).toMatchObject({ output: "[2,2,5,2]" });
  expect(versions(run)).toEqual([
    ["a", 2],
    ["b", 5],
  ]);
});

test("a step that got its run stuck records no version, and the mended code asks again", async () => {
  let isBroken = true;
  const code = workflow("w", async (context) => {
    const version = context.version("a", 2);
    if (isBroken) throw new Error("a bug");
    await context.sleep(version);
  });
  const { run } = driven(code);
  await run.start();
  expect(versions(run)).toEqual([]);
  isBroken = false;
  await run.resume();
  expect(versions(run)).toEqual([["a", 2]]);
});

test("a cancelled run undoes by the version that its code was told", async () => {
  const code = workflow("w", async (context) => {
    try {
      await context.sleep("1 day");
    } finally {
      if (context.version("undo", 2) >= 2) context.compensate(job("undo"));
    }
  });
  const { run, replayed } = driven(code);
  await run.start();
  await run.cancel();
  expect([versions(run), jobs(run)]).toEqual([[["undo", 2]], ["undo"]]);
  await replayed();
});

test.each([
  ["", 2],
  ["x".repeat(201), 2],
  ["a", 0],
  ["a", 1.5],
  ["a", Number.NaN],
  [7, 2],
])("run.version(%j, %j) is refused", async (changeId, newest) => {
  const { run } = driven(workflow("w", async (context: Run) => context.version(changeId as string, newest)));
  await run.start();
  expect(run.last).toMatchObject({
    type: "RunStuck",
    failure: { name: expect.stringMatching(/RangeError|TypeError/) },
  });
  expect(JSON.stringify(run.last)).toContain("run.version");
});

test("whenever the change is deployed, and however often code is replayed, no run gets stuck", async () => {
  const steps = fc.array(fc.record({ deploys: fc.boolean(), replays: fc.boolean() }), {
    minLength: 5,
    maxLength: 5,
  });
  const change = (isChanged: boolean) =>
    workflow("w", async (run: Run) => {
      const both = [0, 1].map(async (branch) => {
        await run.job(ask);
        if (isChanged && run.version(`branch-${branch}`, 2) >= 2) await run.job(askAgain);
        await run.sleep(5);
      });
      await Promise.all(both);
      if (isChanged && run.version("end", 2) >= 2) run.setLabels({ by: "two" });
    });
  await fc.assert(
    fc.asyncProperty(steps, fc.array(fc.nat(9), { minLength: 12, maxLength: 12 }), async (plan, picks) => {
      let code = change(false);
      const { run, deploy, replayed } = driven(code);
      await run.start();
      for (let step = 0; run.state?.status === "running"; step++) {
        const { deploys = false, replays = false } = plan[step % 5] ?? {};
        if (deploys) code = change(true);
        if (deploys || replays) deploy(code);
        const jobIds = Object.keys(run.openJobs);
        const timers = [...run.history].flatMap(({ event }) =>
          event.type === "TimerSet" ? [event.timerId] : [],
        );
        const fired = new Set(
          run.history.flatMap(({ event }) => (event.type === "TimerFired" ? [event.timerId] : [])),
        );
        const open = timers.filter((timerId) => !fired.has(timerId));
        const options = [
          ...jobIds.map((id) => () => run.complete(id)),
          ...open.map((id) => () => run.fire(id)),
        ];
        await options[(picks[step % 12] ?? 0) % options.length]?.();
        if (run.state?.status === "running") expect(run.state.stuck).toBeUndefined();
      }
      expect(run.last?.type).toBe("RunCompleted");
      await replayed();
    }),
    { numRuns: 150 },
  );
});
