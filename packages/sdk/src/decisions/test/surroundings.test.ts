import { exec, execSync } from "node:child_process";
import crypto, { getRandomValues, randomBytes, randomInt, randomUUID } from "node:crypto";
import { get } from "node:http";
import { connect } from "node:net";
import { performance as timing } from "node:perf_hooks";
import { setTimeout as nodeTimeout } from "node:timers";
import { setTimeout as pause, scheduler } from "node:timers/promises";
import { promisify } from "node:util";
import { isDate } from "node:util/types";
import { expect, test } from "vitest";
import { z } from "zod";
import { job, type Run, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

function driven(code: (run: Run) => Promise<unknown>, onStray?: (runId: string, reason: Error) => void) {
  const service = inProcessDecisions([workflow("w", code)], onStray === undefined ? {} : { onStray });
  const session = service.openSession();
  const run = new DrivenRun("w", session);
  return {
    run,
    replayed: () => service.openSession().ask({ runId: run.runId, workflow: "w", history: run.history }),
  };
}

async function output(code: (run: Run) => unknown): Promise<unknown> {
  const { run } = driven(async (context) => code(context));
  await run.start();
  if (run.last?.type === "RunStuck") throw new Error(run.last.failure.message);
  return run.last?.type === "RunCompleted" ? JSON.parse(run.last.output) : run.last?.type;
}

test("every way to ask for the time is answered with the run's", async () => {
  const told = await output((run) => {
    const now = run.now().getTime();
    const made = new Date();
    class Moment extends Date {}
    const format = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "full", timeZone: "UTC" });
    return [
      [Date.now(), made.getTime(), new Moment().getTime(), Reflect.construct(Date, []).getTime()].map(
        (at) => at - now,
      ),
      Date() === new Date(now).toString(),
      [performance.now(), timing.now(), performance.timeOrigin + performance.now() - now],
      format.format() === format.format(now),
      format.formatToParts().at(-3)?.value === format.formatToParts(now).at(-3)?.value,
    ];
  });
  expect(told).toEqual([[0, 0, 0, 0], true, [0, 0, 0], true, true]);
});

test("whoever is no workflow code is told the process's own time", () => {
  const machine = (): number => Number(process.hrtime.bigint() / 1_000_000n);
  const [before, from] = [machine(), performance.now()];
  expect(Math.abs(Date.now() - performance.timeOrigin - from)).toBeLessThan(60_000);
  expect(Date()).toContain(String(new Date().getFullYear()));
  expect(performance.now() - from).toBeGreaterThanOrEqual(0);
  expect(Math.abs(performance.now() - from - (machine() - before))).toBeLessThan(1_000);
  const format = new Intl.DateTimeFormat("en", { year: "numeric" });
  expect(format.format()).toBe(String(new Date().getFullYear()));
  expect(format.formatToParts()).toEqual(format.formatToParts(new Date()));
});

test("a date is a date as ever, in workflow code and outside", async () => {
  const looks = (): unknown => {
    const given = new Date(2024, 1, 29);
    return [
      given.getFullYear(),
      new Date("2024-02-29T10:00:00Z").toISOString(),
      given instanceof Date,
      new Date() instanceof Date,
      isDate(new Date()),
      given.constructor === Date,
      structuredClone(given).getTime() === given.getTime(),
      Date.name,
      Date.length,
      Date.UTC(2000, 0),
      Object.prototype.toString.call(new Date()),
    ];
  };
  const expected = [
    2024,
    "2024-02-29T10:00:00.000Z",
    true,
    true,
    true,
    true,
    true,
    "Date",
    7,
    946_684_800_000,
    "[object Date]",
  ];
  expect(looks()).toEqual(expected);
  expect(await output(looks)).toEqual(expected);
});

test("time goes on with the run's events, and durations are told from its start", async () => {
  const { run } = driven(async (context) => {
    const before = performance.now();
    await context.sleep("2 days");
    return [before, performance.now(), Date.now() - context.now().getTime()];
  });
  await run.start();
  await run.fire("t1");
  expect(run.last).toMatchObject({ output: JSON.stringify([0, 2 * 86_400_000, 0]) });
});

test("numbers and ids differ from one another and from run to run, and are the same at every replay", async () => {
  const draw = async (runId: string) => {
    const code = workflow("w", async () => [
      Math.random(),
      Math.random(),
      randomUUID(),
      globalThis.crypto.randomUUID(),
      crypto.randomUUID(),
    ]);
    const run = new DrivenRun("w", inProcessDecisions([code]).openSession(), runId);
    await run.start();
    return run.last?.type === "RunCompleted" ? (JSON.parse(run.last.output) as unknown[]) : [];
  };
  const [first, again, other] = [await draw("a"), await draw("a"), await draw("b")];
  expect(first).toHaveLength(5);
  expect(again).toEqual(first);
  expect(new Set([...first, ...other]).size).toBe(10);
  for (const id of first.slice(2))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a library that draws a number does not shift the author's own", async () => {
  const alone = await output((run) => [run.random(), run.uuid()]);
  const besides = await output((run) => {
    Math.random();
    randomUUID();
    return [run.random(), run.uuid()];
  });
  expect(besides).toEqual(alone);
});

const forbidden: Readonly<Record<string, readonly [() => unknown, string]>> = {
  setTimeout: [() => setTimeout(() => {}, 1), "run.sleep"],
  setInterval: [() => setInterval(() => {}, 1), "run.sleep"],
  setImmediate: [() => setImmediate(() => {}), "run.sleep"],
  "setTimeout of node:timers": [() => nodeTimeout(() => {}, 1), "run.sleep"],
  "setTimeout of node:timers/promises": [() => pause(1), "run.sleep"],
  "setTimeout, promisified": [() => promisify(setTimeout)(1), "run.sleep"],
  "scheduler.wait": [() => scheduler.wait(1), "run.sleep"],
  "AbortSignal.timeout": [() => AbortSignal.timeout(1), "run.sleep"],
  fetch: [() => fetch("http://127.0.0.1:9"), "into a job"],
  "http.get": [() => get("http://127.0.0.1:9"), "into a job"],
  "net.connect": [() => connect(9, "127.0.0.1"), "into a job"],
  exec: [() => exec("true"), "into a job"],
  execSync: [() => execSync("true"), "into a job"],
  "crypto.getRandomValues": [() => globalThis.crypto.getRandomValues(new Uint8Array(1)), "run.uuid()"],
  "getRandomValues of node:crypto": [() => getRandomValues(new Uint8Array(1)), "run.uuid()"],
  randomBytes: [() => randomBytes(1), "run.uuid()"],
  randomInt: [() => randomInt(5), "run.random()"],
  "process.hrtime": [() => process.hrtime(), "run.now()"],
  "process.hrtime.bigint": [() => process.hrtime.bigint(), "run.now()"],
  "process.uptime": [() => process.uptime(), "run.now()"],
  // 0 ends nobody.
  "process.kill": [() => process.kill(process.pid, 0), "job"],
  "process.abort": [() => process.abort(), "job"],
};

test.each(Object.entries(forbidden))(
  "%s throws at once, and says what to use instead",
  async (_, [call, instead]) => {
    const { run } = driven(async () => call());
    await run.start();
    expect(run.last).toMatchObject({ type: "RunStuck", failure: { kind: "code", name: "NotReproducible" } });
    const { message = "", stack = "" } = run.last?.type === "RunStuck" ? run.last.failure : {};
    expect(message).toContain("can't be used in workflow code");
    expect(message).toContain(instead);
    expect(stack.split("\n")[1]).not.toContain("out-of-bounds");
  },
);

test("the stack of such an error begins at the author's line", async () => {
  const { run } = driven(async function theirCode() {
    setTimeout(() => {}, 1);
  });
  await run.start();
  const stack = run.last?.type === "RunStuck" ? run.last.failure.stack : "";
  expect(stack?.split("\n")[1]).toMatch(/theirCode .*surroundings\.test\.ts:\d+/);
});

test("it holds in every branch and after every wait, and ends with the step", async () => {
  const work = job("work");
  const { run } = driven(async (context) => {
    const branch = async () => {
      await Promise.resolve();
      await context.job(work);
      await null;
      return Date.now();
    };
    const then = context.job(work).then(() => Promise.resolve().then(() => Date.now()));
    queueMicrotask(() => context.setLabels({ at: String(Date.now()) }));
    const at = await Promise.all([branch(), then]);
    return at.map((time) => time - context.now().getTime());
  });
  await run.start();
  const before = Date.now();
  expect(before).toBeGreaterThan(1_600_000_000_000);
  await run.complete("j1");
  await run.complete("j2");
  expect(run.history.find(({ event }) => event.type === "LabelsSet")?.event).toEqual({
    type: "LabelsSet",
    labels: { at: "1000000" },
  });
  expect(run.last).toMatchObject({ type: "RunCompleted", output: "[0,-10]" });
});

test("whoever shares the process keeps time, chance and timers while a run's code is at work", async () => {
  const seen: unknown[] = [];
  const { run } = driven(async (context) => {
    await context.job(job("work"));
    return Date.now();
  });
  await run.start();
  const beside = async () => {
    for (let turn = 0; turn < 20; turn++) {
      await null;
      seen.push(
        Date.now() > 1_600_000_000_000,
        typeof randomBytes(4),
        new Set([Math.random(), Math.random()]).size === 1,
      );
      clearTimeout(setTimeout(() => {}, 1));
    }
  };
  await Promise.all([beside(), run.complete("j1"), beside()]);
  expect(run.last).toMatchObject({ output: "1000010" });
  expect([...new Set(seen)]).toEqual([true, "object", false]);
});

test("what the code left behind runs by the process's own time, and so does who hears of it", async () => {
  const heard: number[] = [];
  const { run } = driven(
    async (context) => {
      void Promise.reject(new Error("nobody looks"));
      await context.job(job("work"));
    },
    () => heard.push(Date.now()),
  );
  await run.start();
  await expect.poll(() => heard.length).toBe(1);
  expect(heard[0]).toBeGreaterThan(1_600_000_000_000);
});

test("a branch that history's time decides is taken again by a replay, years later", async () => {
  const { run, replayed } = driven(async (context) => {
    const dueAt = Date.now() + 3_600_000;
    await context.job(job("work"));
    const later = new Date();
    if (later.getTime() < dueAt && Math.random() < 2) await context.job(job("early"));
    else await context.job(job("late"));
  });
  await run.start();
  await run.complete("j1");
  expect(await replayed()).toEqual([]);
});

test("a schema's own look at the clock is the run's too", async () => {
  const fresh = z.object({ at: z.number().refine((at) => at >= Date.now(), "It is stale.") });
  const ask = job("ask", { output: fresh });
  const { run, replayed } = driven(async (context) => {
    await context.job(ask);
    await context.signal("go", { schema: fresh });
    await context.job(job("last"));
  });
  await run.start();
  await run.complete("j1", { at: run.at });
  expect(run.eventTypes.at(-1)).toBe("SignalAwaited");
  expect(await replayed()).toEqual([]);
});

test("code that waits for time to pass is told that it doesn't", async () => {
  const { run } = driven(async () => {
    const until = Date.now() + 50;
    while (Date.now() < until);
  });
  await run.start();
  expect(run.last).toMatchObject({ type: "RunStuck", failure: { name: "NotReproducible" } });
  expect(run.last).toMatchObject({ failure: { message: expect.stringContaining("wait with run.sleep") } });
});

test("so often as a step needs it, the time may be asked for in each step again", async () => {
  const { run } = driven(async (context) => {
    for (let step = 0; step < 3; step++) {
      for (let look = 0; look < 600_000; look++) Date.now();
      await context.sleep(1);
    }
  });
  await run.start();
  for (const timer of ["t1", "t2", "t3"]) await run.fire(timer);
  expect(run.last?.type).toBe("RunCompleted");
});

test("a run from before these rules goes on with timers and chance of the process, and with its own time", async () => {
  const code = workflow("w", async (run: Run) => {
    const until = Date.now();
    clearTimeout(setTimeout(() => {}, 1));
    const isShort = randomBytes(4).length === 4;
    const own = new Set([Math.random(), Math.random()]).size === 1;
    await run.job(job("first"));
    if (isShort && !own && Date.now() - until === 10) await run.job(job("second"));
  });
  const run = new DrivenRun("w", inProcessDecisions([code]).openSession());
  await run.start();
  // As it was recorded then.
  const [{ event: started } = { event: undefined }] = run.history;
  if (started?.type !== "RunStarted") throw new Error("It begins with its start.");
  const { rules: _, ...before } = started;
  const history = [
    { seq: 1, at: 1_000_000, event: before },
    { seq: 2, at: 1_000_000, event: { type: "JobScheduled", jobId: "j1", jobType: "first", input: "null" } },
    { seq: 3, at: 1_000_000, event: { type: "AttemptRequested", jobId: "j1", attempt: 1 } },
    { seq: 4, at: 1_000_010, event: { type: "JobCompleted", jobId: "j1", output: "null", attempt: 1 } },
  ] as const;
  const answer = await inProcessDecisions([code])
    .openSession()
    .ask({ runId: "run-1", workflow: "w", history });
  expect(answer).toMatchObject([{ type: "ScheduleJob", jobType: "second" }]);
});

test("a loop of such a run that waited for time to pass comes to its end as it did", async () => {
  const code = workflow("w", async () => {
    const until = Date.now() + 5;
    while (Date.now() < until);
    return "done";
  });
  const history = [
    { seq: 1, at: 1_000_000, event: { type: "RunStarted", workflow: "w", input: "null" } },
  ] as const;
  const answer = await inProcessDecisions([code])
    .openSession()
    .ask({ runId: "run-1", workflow: "w", history });
  expect(answer).toEqual([{ type: "CompleteRun", output: '"done"' }]);
});
