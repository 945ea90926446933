import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Payloads } from "../../src/codec/payloads.ts";
import { job, workflow } from "../../src/index.ts";
import { Driver } from "../../src/testing/driver.ts";
import { handle, neverAnswers, testEnvironment } from "../../src/testing/index.ts";
import { JobHandlers } from "../../src/testing/job-handlers.ts";
import { RunBook } from "../../src/testing/run-book.ts";
import { SimulatedTime } from "../../src/testing/simulated-time.ts";
import { Work } from "../../src/testing/work.ts";
import { bookHotel, bookTrip, environment, trip } from "./travel.ts";

test("an approval that nobody gives times out after two days, without anybody waiting", async () => {
  const env = await environment();
  const run = await env.start(bookTrip, trip);
  expect(run.status).toBe("running");
  expect(run.waitsFor).toEqual(["the signal approval until 2026-01-07T09:00:00.000Z"]);
  await expect(run.result()).rejects.toThrow("Nobody approved the trip in 2 days.");
  expect(run.status).toBe("failed");
  expect(env.now()).toEqual(new Date("2026-01-07T09:00:00Z"));
});

test("time stands still until it is let go on, and then goes just as far", async () => {
  const env = await environment({ startAt: new Date("2030-05-01T12:00:00Z") });
  const run = await env.start(bookTrip, trip);
  await env.skip("47 hours");
  expect(run.status).toBe("running");
  expect(env.now()).toEqual(new Date("2030-05-03T11:00:00Z"));
  await env.skipUntil(new Date("2030-05-03T11:59:59.999Z"));
  expect(run.status).toBe("running");
  await env.skip(1);
  expect(run.status).toBe("failed");
});

test("a signal is sent at its time, while a result is awaited", async () => {
  const env = await environment();
  const run = await env.start(bookTrip, trip);
  env.after("36 hours", () => run.signal("approval", true));
  expect(await run.result()).toEqual({ room: 12 });
  expect(run.events("SignalReceived")).toMatchObject([
    { at: "2026-01-06T21:00:00.000Z", name: "approval", payload: true },
  ]);
  expect(env.now()).toEqual(new Date("2026-01-07T21:00:00Z"));
});

test("a year costs no more than a minute: time goes from one thing that is due to the next", async () => {
  const patient = workflow("patient", async (run) => {
    for (let year = 0; year < 20; year++) await run.sleep("52 weeks");
    return run.now().getUTCFullYear();
  });
  const env = await environment({ workflows: [patient] });
  const run = await env.start(patient);
  expect(await run.result()).toBe(2045);
});

test("attempts back off, and are tried again at their time", async () => {
  const env = await environment();
  let failures = 2;
  env.mock(bookHotel, () => {
    if (failures-- > 0) throw new Error("The line is dead.");
    return { room: 7 };
  });
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  expect(run.waitsFor).toMatchObject([expect.stringContaining("the job bookHotel, which is tried again at")]);
  expect(await run.result()).toEqual({ room: 7 });
  expect(run.attempts("bookHotel")).toMatchObject([
    { attempt: 1, status: "failed", input: { nights: 2 }, failure: { message: "The line is dead." } },
    { attempt: 2, status: "failed" },
    { attempt: 3, status: "completed", output: { room: 7 } },
  ]);
});

test("a handler that never answers runs into the time-out of its attempts", async () => {
  const env = await environment({ jobs: [handle(bookHotel, neverAnswers)] });
  env.mock("processPayment", () => ({ receiptId: "r" }));
  env.mock("refundPayment", neverAnswers);
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  await expect(run.result()).rejects.toThrow("bookHotel has used up its attempts. TimedOut");
  expect(run.attempts("bookHotel").map(({ status }) => status)).toEqual(["timedOut", "timedOut", "timedOut"]);
});

test("a handler takes simulated time, and one that takes too long is timed out", async () => {
  const slow = job<{ minutes: number }, string>("slow", {
    startToCloseMs: 600_000,
    retry: { maxAttempts: 1 },
  });
  const both = workflow("both", async (run, minutes: number) => run.job(slow, { minutes }));
  const env = await testEnvironment({
    workflows: [both],
    jobs: {
      slow: async ({ minutes }: { minutes: number }) => {
        await env.sleep(minutes * 60_000);
        return `after ${minutes} minutes`;
      },
    },
  });
  const quick = await env.start(both, 9);
  const late = await env.start(both, 11);
  expect(quick.attempts()).toMatchObject([{ status: "running" }]);
  expect(await quick.result()).toBe("after 9 minutes");
  expect(env.now()).toEqual(new Date("2026-01-05T09:09:00Z"));
  await expect(late.result()).rejects.toThrow("TimedOut");
  await env.close();
});

test("time waits for a handler that really takes its time", async () => {
  const env = await environment();
  const underWay: string[] = [];
  env.mock(bookHotel, async () => {
    for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve));
    underWay.push(env.now().toISOString());
    return { room: 1 };
  });
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  await run.result();
  expect(underWay).toEqual(["2026-01-05T09:00:00.000Z"]);
});

test("the same test comes to the same history, event by event", async () => {
  const histories = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const env = await environment();
      const run = await env.start(bookTrip, trip);
      env.after("1 hour", () => run.signal("approval", true));
      let failures = 2;
      env.mock(bookHotel, () => {
        if (failures-- > 0) throw new Error("no");
        return { room: 1 };
      });
      await run.result();
      return run.history();
    }),
  );
  for (const history of histories) expect(history).toEqual(histories[0]);
});

test("in whatever pieces time is skipped, the same comes of it", async () => {
  const whole = await historyAfter([4 * 86_400_000]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 86_400_000 }), { maxLength: 8 }), async (pieces) => {
      const sum = pieces.reduce((all, piece) => all + piece, 0);
      expect(await historyAfter([...pieces, Math.max(0, 4 * 86_400_000 - sum)])).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test("a sleep that is skipped through in many pieces ends at its time, to the millisecond", async () => {
  const naps = workflow("naps", async (run) => {
    await run.sleep("10 days");
    return run.now().toISOString();
  });
  for (const hours of [2, 7, 25]) {
    const env = await environment({ workflows: [naps] });
    const run = await env.start(naps);
    while (run.status === "running") await env.skip(hours * 3_600_000);
    expect(await run.result()).toBe("2026-01-15T09:00:00.000Z");
  }
});

async function historyAfter(pieces: readonly number[]): Promise<unknown> {
  const env = await testEnvironment({
    workflows: [bookTrip],
    jobs: {
      processPayment: () => ({ receiptId: "r" }),
      refundPayment: () => {},
      bookHotel: async (_: unknown, { attempt }: { attempt: number }) => {
        await env.sleep("3 minutes");
        if (attempt < 3) throw new Error("no");
        return { room: attempt };
      },
    },
  });
  const run = await env.start(bookTrip, trip);
  env.after("30 hours", () => run.signal("approval", true));
  for (const piece of pieces) await env.skip(piece);
  const history = run.history();
  expect(run.status).toBe("completed");
  await env.close();
  return history;
}

test("fake queues from before the SDK was loaded are refused, since nothing would go on", async () => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["queueMicrotask"] });
  const late = await import("../../src/testing/index.ts");
  vi.useRealTimers();
  await expect(late.testEnvironment({ workflows: [] })).rejects.toMatchObject({
    code: "fakeTimers",
    message: expect.stringContaining("had faked queueMicrotask before"),
  });
});

test("the test runner's fake timers change nothing, and run out beside it", async () => {
  vi.useFakeTimers();
  try {
    const env = await testEnvironment({ workflows: [bookTrip], jobs: { bookHotel: () => ({ room: 1 }) } });
    const run = await env.start(bookTrip, trip);
    await vi.runAllTimersAsync();
    await expect(run.result()).rejects.toThrow("Nobody approved");
    await env.close();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("time only goes forward: what is past is refused", async () => {
  const env = await environment();
  const past = /can't be 1970-01-01T00:00:00.000Z: it is 2026-01-05T09:00:00.000Z already/;
  await expect(env.skipUntil(new Date(0))).rejects.toThrow(past);
  expect(() => env.at(new Date(0), () => {})).toThrow(past);
  await env.skipUntil(env.now());
});

test("a mock of a job that nobody has defined is warned of, with the name that was perhaps meant", async () => {
  const lines: string[] = [];
  const note = (_: object, line: string) => void lines.push(line);
  const logger = { debug: note, info: note, warn: note, error: note };
  const env = await testEnvironment({ workflows: [bookTrip], logger });
  env.mock("bookHotle", () => ({ room: 1 }));
  env.mock("bookHotel", () => ({ room: 1 }));
  expect(lines).toEqual([
    'env.mock("bookHotle"): no job of that name is defined so far. Did you mean bookHotel?',
  ]);
  await env.close();
});

test("time may be moved without end as long as something comes of it, and 10,000 times where nothing does", async () => {
  const time = new SimulatedTime(0);
  const work = new Work(4_000);
  const book = new RunBook(work, new Payloads(undefined));
  const driver = new Driver({ time, work, book, handlers: new JobHandlers(work, []) });
  const tick = () => {
    if (time.now < 15_000 && time.now % 9_000 === 0) book.events++;
    time.schedule(1, tick, { wakes: true });
  };
  tick();
  const stalled = () => new Error("Something is always due.");
  const reach = (moment: number) =>
    driver.until({ look: () => (time.now >= moment ? { value: time.now } : undefined), stalled });
  expect(await reach(15_000)).toBe(15_000);
  await expect(reach(99_000)).rejects.toThrow(
    "Time went on to 1970-01-01T00:00:25.002Z, and nothing came of it.",
  );
});
