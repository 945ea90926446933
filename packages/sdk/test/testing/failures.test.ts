import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { evolve, type RunEvent } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { RunStuckError } from "../../src/client/index.ts";
import { Payloads } from "../../src/codec/payloads.ts";
import { BusinessError, job, workflow } from "../../src/index.ts";
import { Driver } from "../../src/testing/driver.ts";
import { testEnvironment } from "../../src/testing/index.ts";
import { JobHandlers } from "../../src/testing/job-handlers.ts";
import { Patience } from "../../src/testing/patience.ts";
import { RunBook } from "../../src/testing/run-book.ts";
import { SimulatedTime } from "../../src/testing/simulated-time.ts";
import { TestRun } from "../../src/testing/test-run.ts";
import { Work } from "../../src/testing/work.ts";
import { bookHotel, bookTrip, environment, handlers, trip } from "./travel.ts";

const waits = workflow("waits", async (run) => run.signal<string>("approval"));

test("a run whose code fails is stuck, and the awaited result says why at once", async () => {
  const broken = workflow("broken", async (run) => {
    await run.sleep("1 minute");
    return JSON.parse("{");
  });
  const env = await environment({ workflows: [broken] });
  const run = await env.start(broken);
  await expect(run.result()).rejects.toThrow(/^Run broken-1 is stuck: SyntaxError: /);
  expect(run.status).toBe("stuck");
  expect(env.now()).toEqual(new Date("2026-01-05T09:01:00Z"));
});

test("a run whose job has used up its attempts is stuck, until a person does something", async () => {
  const env = await environment();
  env.mock(bookHotel, () => {
    throw new Error("The line is dead.");
  });
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  const reason = await run.result().catch((error: unknown) => error);
  expect(reason).toBeInstanceOf(RunStuckError);
  expect(reason).toMatchObject({ runId: "bookTrip-1", jobType: "bookHotel", failure: { kind: "technical" } });
  env.mock(bookHotel, () => ({ room: 3 }));
  env.after("2 hours", () => run.retryJob("bookHotel"));
  expect(await run.result()).toEqual({ room: 3 });
});

test("a person completes or cancels an open job", async () => {
  const env = await environment();
  env.mock(bookHotel, () => {
    throw new Error("no");
  });
  const [completed, cancelled] = [await env.start(bookTrip, trip), await env.start(bookTrip, trip)];
  await Promise.all([completed.signal("approval", true), cancelled.signal("approval", true)]);
  await completed.completeJob("bookHotel", { room: 99 });
  expect(await completed.result()).toEqual({ room: 99 });
  await cancelled.cancelJob("bookHotel");
  await expect(cancelled.result()).rejects.toThrow("was cancelled");
  await expect(cancelled.completeJob("bookHotel")).rejects.toThrow("no open job bookHotel; open are: none");
});

test("a job without a handler is named, with the one that was perhaps meant", async () => {
  const { bookHotel: hotel, ...others } = handlers;
  const env = await environment({ jobs: { ...others, bookHotels: hotel } });
  const run = await env.start(bookTrip, trip);
  const problem = await run.signal("approval", true).catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: "noHandler" });
  expect(String(problem)).toContain(
    "Run bookTrip-1 asks for the job bookHotel, and there is no handler of bookHotel. There is one of bookHotels: is that the one?",
  );
  await expect(run.result()).rejects.toMatchObject({ code: "noHandler" });
  env.mock(bookHotel, () => ({ room: 5 }));
  expect(await run.result()).toEqual({ room: 5 });
});

test("what time alone would never end is said, with what the run waits for", async () => {
  const env = await environment({ workflows: [waits] });
  const run = await env.start(waits);
  const problem = await run.result().catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: "nothingDue" });
  expect(String(problem)).toContain("Run waits-1 waits for the signal approval. Nothing is due");
  await run.signal("approval", "yes");
  expect(await run.result()).toBe("yes");
});

test("a run that goes on without end is said to, and goes on as far as time is let pass", {
  timeout: 180_000,
}, async () => {
  const endless = workflow("endless", async (run) => {
    for (;;) await run.sleep("1 day");
  });
  const env = await environment({ workflows: [endless], stepLimit: 10_000 });
  const run = await env.start(endless);
  const problem = await run.result().catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: "neverEnds" });
  expect(String(problem)).toContain("Run endless-1 went on 10,000 times, until 20");
  await env.skip("2 days");
  expect(run.status).toBe("running");
});

describe("Beside a run that goes on without end", () => {
  const beats = workflow("beats", async (run) => {
    for (;;) await run.sleep("1 minute");
  });

  test("one that ends at its time is waited for, however often the other goes on until then", async () => {
    const rests = workflow("rests", async (run) => {
      await run.sleep("1 hour");
      return "rested";
    });
    const env = await environment({ workflows: [beats, rests], stepLimit: 10 });
    await env.start(beats);
    expect(await (await env.start(rests)).result()).toBe("rested");
  });

  test("one that the test moves on later is waited for", async () => {
    const env = await environment({ workflows: [beats, waits], stepLimit: 10 });
    await env.start(beats);
    const run = await env.start(waits);
    env.after("1 hour", () => run.signal("approval", "yes"));
    expect(await run.result()).toBe("yes");
  });

  test("one that nothing is due in is said to wait, and for what", async () => {
    const env = await environment({ workflows: [beats, waits], stepLimit: 10 });
    await env.start(beats);
    const problem = await (await env.start(waits)).result().catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: "neverEnds" });
    expect(String(problem)).toContain(
      "Run waits-1 waits for the signal approval. Others went on 10 times, until 2026-01-05T09:11:00.000Z, and nothing came of it for this one.",
    );
  });
});

test("a run that goes on for long is waited for as often as the test says", async () => {
  const polls = workflow("polls", async (run) => {
    for (let hour = 0; hour < 30; hour++) await run.sleep("1 hour");
    return "polled";
  });
  const few = await environment({ workflows: [polls], stepLimit: 20 });
  await expect((await few.start(polls)).result()).rejects.toThrow("a larger stepLimit");
  const many = await environment({ workflows: [polls], stepLimit: 40 });
  expect(await (await many.start(polls)).result()).toBe("polled");
  await expect(environment({ stepLimit: 0 })).rejects.toThrow("stepLimit");
});

test("a failure's details are a value, as a client has them", async () => {
  const refuses = workflow("refuses", async () => {
    throw new BusinessError("NoSeats", "none left", { list: [1, { a: 2 }] });
  });
  const breaks = workflow("breaks", async () => {
    throw Object.assign(new TypeError("no"), { code: "E_NO" });
  });
  const env = await environment({ workflows: [refuses, breaks] });
  const refused = await (await env.start(refuses)).result().catch((error: unknown) => error);
  expect(refused).toMatchObject({
    name: "RunNotCompletedError",
    failure: { details: { list: [1, { a: 2 }] } },
  });
  const broken = await (await env.start(breaks)).result().catch((error: unknown) => error);
  expect(broken).toMatchObject({ name: "RunStuckError", failure: { details: { code: "E_NO" } } });
});

test("a handler that hangs is named, with what to do about it", async () => {
  const env = await environment({ handlerLimit: 20 });
  env.mock(bookHotel, () => new Promise(() => {}));
  const run = await env.start(bookTrip, trip);
  const problem = await run.signal("approval", true).catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: "handlerHangs" });
  expect(String(problem)).toMatch(
    /The handler of bookHotel \(bookTrip-1, attempt 1\): at work for 20 ms.*neverAnswers/,
  );
});

test("a handler can't wait for time to pass by the test's means", async () => {
  const env = await environment();
  env.mock(bookHotel, async () => {
    await env.skip("1 hour");
    return { room: 1 };
  });
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  await expect(run.result()).rejects.toThrow("waits for time to pass, which waits for it");
  await expect(env.sleep("1 hour")).rejects.toThrow("To let time pass in a test, use env.skip.");
});

test("what was to be done at a time and failed fails the next wait", async () => {
  const env = await environment();
  env.after("1 hour", () => {
    throw new Error("not so");
  });
  await expect(env.skip("2 hours")).rejects.toThrow("The action of 2026-01-05T10:00:00.000Z failed: not so");
});

test("promises that workflow code and handlers leave behind are reported", async () => {
  const careless = workflow("careless", async (run) => {
    void Promise.reject(new Error("left behind"));
    await run.sleep(10);
  });
  const env = await environment({ workflows: [careless] });
  await expect(env.start(careless)).rejects.toThrow("careless-1 left a promise behind that was rejected");
});

test("inputs, handlers and options that can't be taken are refused", async () => {
  const env = await environment();
  await expect(env.start("bookTrips", trip)).rejects.toMatchObject({ code: "UnknownWorkflow" });
  await expect(env.run("nobody").result()).rejects.toMatchObject({ code: "unknownRun" });
  expect(() => env.mock("bookHotel", undefined as never)).toThrow("env.mock takes a handler");
  expect(() => env.mock("book hotel", () => 1)).toThrow("can't name a job");
  await expect(testEnvironment({ workflow: [] } as never)).rejects.toThrow("did you mean workflows?");
  await expect(testEnvironment({ workflows: [], startAt: "now" as never })).rejects.toThrow(
    "startAt of testEnvironment()",
  );
  await expect(env.skip("2 dayz" as never)).rejects.toThrow("env.skip can't be");
});

test("an output that does not fit its schema fails the attempt as it does in earnest", async () => {
  const env = await environment();
  env.mock(bookHotel, () => ({ rooms: 1 }) as never);
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  expect(run.attempts("bookHotel")).toMatchObject([{ failure: { name: "InvalidOutput" } }]);
});

test("nothing more is done with a closed environment", async () => {
  const env = await environment();
  const run = await env.start(bookTrip, trip);
  await env.close();
  await env.close();
  await expect(env.skip("1 day")).rejects.toMatchObject({ code: "closed" });
  await expect(run.signal("approval")).rejects.toMatchObject({ code: "closed" });
  await expect(run.result()).rejects.toMatchObject({ code: "closed" });
  expect(run.events("RunStarted")).toHaveLength(1);
});

test("a process with a closed environment ends by itself", async () => {
  const child = fileURLToPath(new URL("closing-child.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child]);
  expect(stdout).toBe("closed\n");
});

test("a job that is mocked under its name keeps the schemas of its definition", async () => {
  const checked = job<{ nights: number }>("checked");
  const stays = workflow("stays", async (run) => run.job(checked, { nights: 1 }));
  const env = await environment({ workflows: [stays], jobs: {} });
  env.mock("checked", () => {});
  await (await env.start(stays)).result();
});

test("a branch that nobody awaited is one report, which node:test doesn't hear of as well", async () => {
  const run = promisify(execFile);
  const file = fileURLToPath(new URL("stray-child.ts", import.meta.url));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, ["--test", file], { env });
  expect(stdout).toMatch(/fail 0/);
  const failing = await run(process.execPath, ["--test", file], {
    env: { ...env, DOWNBEAT_STRAY: "1" },
  }).catch((error: { readonly stdout: string }) => error);
  expect(failing.stdout).toMatch(/of the test itself/);
  expect(failing.stdout).toMatch(/fail 1/);
}, 60_000);

test("of a run that sleeps again and again it is said once what it waits for, before a test runner ends the test, and only counting ends it", async () => {
  let now = 0;
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const patience = new Patience(10_000, { afterMs: 3_000, now: () => now, say });
  const env = await environment({ workflows: [waits] });
  const run = await env.start(waits);
  const { events } = run.history();
  const state = { status: "running", runId: run.runId } as never;
  const moved = (step: number) =>
    patience.moved(
      { state, history: Array.from({ length: step }, () => events[0] as never) },
      { now: 1_000_000, waitsFor: ["time to pass until tomorrow"], hasActions: true },
    );
  for (let step = 1; step <= 600; step++) {
    now += 4;
    expect(moved(step)).toBeUndefined();
  }
  expect(said).toEqual([]);
  now = 3_100;
  for (let step = 601; step <= 610; step++) expect(moved(step)).toBeUndefined();
  expect(said).toEqual([
    expect.stringMatching(
      /^Run waits-1 went on 600 times in 3 s of real time, until .*, and has not ended: it may never end by itself\. It waits for time to pass until tomorrow\./,
    ),
  ]);
});

test("nothing is said of a run that has gone on less than 500 times, however long that took, nor twice of any", () => {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  let now = 0;
  const patience = new Patience(10_000, { afterMs: 3_000, now: () => now, say });
  now = 60_000;
  const start: RunEvent = { type: "RunStarted", workflow: "w", input: "null" };
  const state = evolve(undefined, start, { runId: "r", seq: 1, at: 0, inputId: "i" });
  const event = { seq: 1, at: 0, event: start };
  const moved = (events: number) =>
    patience.moved(
      { state, history: Array.from({ length: events }, () => event) },
      { now: 1_000, waitsFor: [], hasActions: false },
    );
  for (let events = 1; events <= 500; events++) expect(moved(events)).toBeUndefined();
  expect(said).toEqual([]);
  moved(501);
  expect(said).toEqual([expect.stringContaining("Run r went on 500 times in 3 s of real time")]);
  for (let times = 0; times < 600; times++) expect(moved(501)).toBeUndefined();
  expect(said).toHaveLength(1);
});

test("that only others go on and on is said as well", () => {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const patience = new Patience(10_000, { afterMs: 0, now: () => 0, say });
  const start: RunEvent = { type: "RunStarted", workflow: "w", input: "null" };
  const state = evolve(undefined, start, { runId: "r", seq: 1, at: 0, inputId: "i" });
  const history = [{ seq: 1, at: 0, event: start }];
  const waitsFor = ["the signal go"];
  for (let times = 0; times <= 500; times++)
    patience.moved({ state, history }, { now: 1_000, waitsFor, hasActions: false });
  expect(said).toEqual([expect.stringMatching(/went on 500 times .* It waits for the signal go\./)]);
});

test("a run that is over without a word of how is a problem that names it", async () => {
  const time = new SimulatedTime(0);
  const work = new Work(4_000);
  const driver = new Driver({
    time,
    work,
    book: new RunBook(work, new Payloads(undefined)),
    handlers: new JobHandlers(work, []),
  });
  const book = { run: () => ({ state: { status: "damaged" }, history: [], plain: [] }) };
  const run = new TestRun("r", { driver, book } as never);
  await expect(run.result()).rejects.toMatchObject({
    code: "problem",
    message: expect.stringContaining("It can't be told how run r ended."),
  });
});

test("options and actions that can't be taken are refused where they are given", async () => {
  const env = await environment();
  for (const options of [null, "order-7", 7])
    await expect(env.start(bookTrip, trip, options as never)).rejects.toThrow(
      /^The options of env\.start can't be taken\. They can't be .*: they are an object\.$/,
    );
  await expect(env.start(bookTrip, trip, { runID: "r" } as never)).rejects.toThrow("did you mean runId?");
  expect(() => env.after("1 hour", "go" as never)).toThrow('env.after takes a function, and was given "go".');
  expect(() => env.at(env.now(), undefined as never)).toThrow(
    "env.at takes a function, and was given undefined.",
  );
  expect(() => env.after("1 houl" as never, () => {})).toThrow("env.after can't be");
  expect(() => env.at("noon" as never, () => {})).toThrow("env.at");
  await expect(env.skipUntil("noon" as never)).rejects.toThrow("env.skipUntil");
  expect(() => env.sleep("1 houl" as never)).toThrow("env.sleep can't be");
});
