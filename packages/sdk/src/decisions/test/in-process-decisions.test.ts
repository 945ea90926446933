import { stat } from "node:fs/promises";
import { maxPayloadBytes, openTimer, openWaits, type RunDecision } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { BusinessError, JobCancelledError, JobFailedError, RunCancelledError } from "../../errors.ts";
import { job } from "../../job.ts";
import type { Run } from "../../run.ts";
import { type AnyWorkflow, workflow } from "../../workflow.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

const pay = job<{ amount: number }, { receipt: string }>("pay");
const refund = job<{ receipt: string }, void>("refund");
const flight = job<string, { seat: string }>("flight");
const cancelFlight = job<{ seat: string }, void>("cancelFlight");
const hotel = job<string, { room: number }>("hotel");
const cancelHotel = job<{ room: number }, void>("cancelHotel");

function drive(code: AnyWorkflow, maxCachedRuns?: number): DrivenRun {
  const session = inProcessDecisions(
    [code],
    maxCachedRuns === undefined ? {} : { maxCachedRuns },
  ).openSession();
  return new DrivenRun(code.name, session);
}

function types(decisions: readonly RunDecision[] | undefined): string[] {
  return (decisions ?? []).map((decision) => decision.type);
}

const booking = workflow("booking", async (run, amount: number) => {
  const receipt = await run.job(pay, { amount });
  run.compensate(refund, receipt);
  const [seat, room] = await Promise.all([
    run.job(flight, "CDG").then((booked) => {
      run.compensate(cancelFlight, booked);
      return booked.seat;
    }),
    run.job(hotel, "Ritz").then((booked) => {
      run.compensate(cancelHotel, booked);
      return booked.room;
    }),
  ]);
  await run.sleep("1 minute");
  return { seat, room };
});

describe("a run that goes well", () => {
  test("asks for one step after another and completes", async () => {
    const run = drive(booking);
    await run.start(5);
    expect(run.answers.at(-1)).toEqual([
      { type: "ScheduleJob", jobId: "j1", jobType: "pay", input: '{"amount":5}' },
    ]);
    await run.complete("j1", { receipt: "r" });
    expect(types(run.answers.at(-1))).toEqual(["RegisterCompensation", "ScheduleJob", "ScheduleJob"]);
    await run.complete("j3", { room: 7 });
    await run.complete("j2", { seat: "1A" });
    expect(run.last).toMatchObject({ type: "TimerSet", timerId: "t1", dueAt: run.at - 10 + 60_000 });
    await run.fire("t1");
    expect(run.last).toEqual({ type: "RunCompleted", output: '{"seat":"1A","room":7}' });
  });

  test("each compensation names the job it undoes", async () => {
    const run = drive(booking);
    await run.start(5);
    await run.complete("j1", { receipt: "r" });
    await run.complete("j3", { room: 7 });
    await run.complete("j2", { seat: "1A" });
    const undoes = run.history.flatMap(({ event }) =>
      event.type === "CompensationRegistered" ? [[event.jobType, event.undoes]] : [],
    );
    expect(undoes).toEqual([
      ["refund", "j1"],
      ["cancelHotel", "j3"],
      ["cancelFlight", "j2"],
    ]);
  });

  test("a compensation registered later still finds its job by the result it is given", async () => {
    const run = drive(
      workflow("late", async (run) => {
        const [seat, room] = await Promise.all([run.job(flight, "CDG"), run.job(hotel, "Ritz")]);
        run.compensate(cancelFlight, seat);
        run.compensate(job<{ booked: { room: number } }>("giveUpRoom"), { booked: room });
        run.compensate(job<string>("tell"), "customer");
        await run.signal("never");
      }),
    );
    await run.start();
    await run.complete("j2", { room: 7 });
    await run.complete("j1", { seat: "1A" });
    expect(run.answers.at(-1)).toMatchObject([{ undoes: "j1" }, { undoes: "j2" }, { undoes: "j1" }, {}]);
  });

  test("a run that was put out of the cache goes on by replay", async () => {
    const session = inProcessDecisions([booking], { maxCachedRuns: 1 }).openSession();
    const one = new DrivenRun("booking", session, "one");
    const other = new DrivenRun("booking", session, "other");
    await one.start(5);
    await other.start(6);
    await one.complete("j1", { receipt: "r" });
    await other.complete("j1", { receipt: "r" });
    expect(types(one.answers.at(-1))).toEqual(["RegisterCompensation", "ScheduleJob", "ScheduleJob"]);
    expect(types(other.answers.at(-1))).toEqual(["RegisterCompensation", "ScheduleJob", "ScheduleJob"]);
  });

  test("options of job and call are merged and recorded, and left out when there are none", async () => {
    const charge = job<number>("charge", { startToCloseMs: 50, retry: { maxAttempts: 2 } });
    const run = drive(
      workflow("options", async (run) => {
        await run.job(charge, 1, { retry: { jitter: 0 }, whenExhausted: "fail" });
      }),
    );
    await run.start();
    expect(run.answers[0]).toMatchObject([
      { options: { startToCloseMs: 50, retry: { maxAttempts: 2, jitter: 0 }, whenExhausted: "fail" } },
    ]);
  });

  test("time, randomness and ids are the same at every replay and differ from call to call", async () => {
    const seen: unknown[][] = [];
    const code = workflow("values", async (run) => {
      const values = [run.now().getTime(), run.random(), run.random(), run.uuid(), run.uuid()];
      seen.push(values);
      await run.job(flight, "CDG");
      return run.now().getTime();
    });
    const run = new DrivenRun("values", () => inProcessDecisions([code]).openSession());
    await run.start();
    const doneAt = run.at;
    await run.complete("j1", { seat: "1A" });
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
    expect(new Set(seen[0]).size).toBe(5);
    expect(seen[0]?.[3]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(run.last).toEqual({ type: "RunCompleted", output: String(doneAt) });
  });

  test("labels are recorded", async () => {
    const run = drive(
      workflow("labels", async (run) => {
        run.setLabels({ orderNumber: "42" });
        run.setLabels({});
      }),
    );
    await run.start();
    expect(run.eventTypes).toEqual(["RunStarted", "LabelsSet", "RunCompleted"]);
  });
});

describe("signals", () => {
  const approval = workflow("approval", async (run) => {
    const answer = await run.signal<{ ok: boolean }>("approval", { timeout: "1 hour" });
    return answer ?? "nobody answered";
  });

  test("one that comes in time is the answer", async () => {
    const run = drive(approval);
    await run.start();
    await run.signal("approval", { ok: true });
    expect(run.last).toEqual({ type: "RunCompleted", output: '{"ok":true}' });
  });

  test("a wait that runs out of time resolves to undefined", async () => {
    const run = drive(approval);
    await run.start();
    await run.fire("w1");
    expect(run.last).toEqual({ type: "RunCompleted", output: '"nobody answered"' });
  });

  test("one that its workflow declares is refused whenever it comes and doesn't fit, and is what the schema makes of it", async () => {
    const run = drive(
      workflow(
        "declared",
        { signals: { approval: z.object({ ok: z.boolean(), by: z.string().default("nobody") }) } },
        async (run) => {
          await run.job(flight, "CDG");
          return (await run.signal("approval")).by;
        },
      ),
    );
    await run.start();
    await expect(run.signal("approval", { ok: "yes" })).rejects.toThrow(
      /^InvalidInput: The payload does not fit the signal approval\.\n.*expected boolean/,
    );
    await run.signal("other", { ok: "yes" });
    await run.complete("j1", { seat: "1A" });
    await expect(run.signal("approval", null)).rejects.toThrow(/^InvalidInput: The payload does not fit/);
    await run.signal("approval", { ok: true });
    expect(run.last).toEqual({ type: "RunCompleted", output: '"nobody"' });
  });

  test("one that came before the wait is taken at once, and the code goes on in the same step", async () => {
    const run = drive(
      workflow("early", async (run) => {
        await run.job(flight, "CDG");
        run.setLabels({ a: "1" });
        const first = await run.signal<number>("note");
        run.setLabels({ b: "2" });
        const second = await run.signal<number>("note");
        return [first, second];
      }),
    );
    await run.start();
    await run.signal("note", 1);
    await run.complete("j1");
    await run.signal("note", 2);
    expect(run.last).toEqual({ type: "RunCompleted", output: "[1,2]" });
  });

  const checked = workflow("checked", async (run) => {
    await run.sleep("1 minute");
    return (await run.signal("n", { schema: z.number(), timeout: "1 hour" })) ?? "nobody answered";
  });

  test("a payload that does not fit the schema of the code that waits is refused, and the code waits on", async () => {
    for (const cached of [1, 0]) {
      const run = new DrivenRun(
        "checked",
        inProcessDecisions([checked], { maxCachedRuns: cached }).openSession(),
      );
      await run.start();
      await run.fire("t1");
      await expect(run.signal("n", "seven")).rejects.toThrow(
        /^InvalidInput: The payload does not fit the signal n\.\n.*expected number/,
      );
      await run.signal("n", 7);
      expect(run.last).toEqual({ type: "RunCompleted", output: "7" });
    }
  });

  test("one that came too early to be checked is passed over, and the code waits on for one that fits", async () => {
    const run = drive(checked);
    await run.start();
    await run.signal("n", "seven");
    await run.signal("n", null);
    run.at += 1_000;
    await run.fire("t1");
    expect(openWaits(run.open)).toMatchObject([{ waitId: "w3", name: "n" }]);
    await run.signal("n", 7);
    expect(run.last).toEqual({ type: "RunCompleted", output: "7" });
  });

  test("what was passed over is so for good: code that takes it by now replays the run as it went", async () => {
    const code = (schema: z.ZodType) =>
      workflow("w", async (run) => {
        const first = await run.signal("n", { schema });
        await run.job(job<unknown>("next"), first);
        return first;
      });
    const strict = inProcessDecisions([code(z.number())]).openSession();
    const run = drive(code(z.number()));
    await run.start();
    // It came in a way that nobody checked.
    const delivered = [
      ...run.history,
      {
        seq: 3,
        at: run.at,
        event: { type: "SignalReceived", signalId: "s1", name: "n", payload: '"seven"' },
      },
      { seq: 4, at: run.at, event: { type: "SignalDelivered", waitId: "w1", signalId: "s1" } },
    ] as const;
    const base = { runId: "run-1", workflow: "w" };
    const answer = await strict.ask({ ...base, history: delivered });
    expect(answer).toEqual([{ type: "AwaitSignal", waitId: "w2", name: "n", signalId: "s1" }]);
    const history: RecordedEvent[] = [
      ...delivered,
      { seq: 5, at: run.at, event: { type: "SignalAwaited", waitId: "w2", name: "n", signalId: "s1" } },
      { seq: 6, at: run.at, event: { type: "SignalReceived", signalId: "s2", name: "n", payload: "7" } },
      { seq: 7, at: run.at, event: { type: "SignalDelivered", waitId: "w2", signalId: "s2" } },
    ];
    for (const schema of [z.number(), z.unknown(), z.coerce.string()]) {
      const replay = await inProcessDecisions([code(schema)])
        .openSession()
        .ask({ ...base, history });
      expect(replay).toMatchObject([
        { type: "ScheduleJob", jobType: "next", input: expect.stringContaining("7") },
      ]);
    }
    // A run of older rules goes by the schemas, as it did.
    const [{ event: started } = { event: undefined }, ...rest] = history;
    if (started?.type !== "RunStarted") throw new Error("It begins with its start.");
    const { rules: _, ...before } = started;
    const replay = await inProcessDecisions([code(z.unknown())])
      .openSession()
      .ask({ ...base, history: [{ seq: 1, at: run.at, event: before }, ...rest] });
    expect(replay).toMatchObject([{ type: "GetStuck", failure: { name: "NonDeterminism" } }]);
  });

  test("what was passed over does not make the wait longer", async () => {
    const run = drive(checked);
    await run.start();
    await run.signal("n", "seven");
    await run.fire("t1");
    const received = run.history.find(({ event }) => event.type === "SignalReceived")?.event;
    expect(received).toHaveProperty("signalId");
    expect(run.history.findLast(({ event }) => event.type === "SignalAwaited")?.event).toMatchObject({
      waitId: "w2",
      signalId: received?.type === "SignalReceived" ? received.signalId : "",
    });
    const awaited = run.at;
    expect(openTimer(run.open, "w2")?.dueAt).toBeLessThanOrEqual(awaited + 3_600_000);
    await run.fire("w2");
    expect(run.last).toEqual({ type: "RunCompleted", output: '"nobody answered"' });
  });
});

describe("a job that a person tries again with another input", () => {
  const pay = job<{ cents: number }, void>("pay", { input: z.object({ cents: z.number() }) });
  const refund = job<{ cents: number }, void>("refund", { input: z.object({ cents: z.number() }) });
  const code = workflow("paying", async (run) => {
    run.compensate(refund, { cents: 5 });
    await run.job(pay, { cents: 5 });
  });

  test("takes no input that its author's schema does not know, whether the code is live or replayed", async () => {
    for (const cached of [1, 0]) {
      const run = new DrivenRun(
        "paying",
        inProcessDecisions([code], { maxCachedRuns: cached }).openSession(),
      );
      await run.start();
      await run.fail("j1");
      await expect(run.retryByHand("j1", { cents: "five" })).rejects.toThrow(
        /^InvalidInput: The input of pay \(j1\) does not fit its schema\.\n.*\n.*at cents/,
      );
      expect(run.openJobs.j1?.status).toBe("stuck");
      await run.retryByHand("j1", { cents: 6 });
      expect(run.last).toMatchObject({ type: "AttemptRequested", jobId: "j1" });
    }
  });

  test("nor for a job that undoes something", async () => {
    const run = drive(code);
    await run.start();
    await run.reject("j1");
    await run.fail("j2");
    await expect(run.retryByHand("j2", {})).rejects.toThrow(/^InvalidInput: The input of refund \(j2\)/);
  });
});

describe("a job that a person completes", () => {
  const seat = job<string, { seat: string }>("seat", { output: z.object({ seat: z.string() }) });
  const release = job<string, { done: true }>("release", { output: z.object({ done: z.literal(true) }) });
  const code = workflow("seats", async (run) => {
    run.compensate(release, "12A");
    return run.job(seat, "12A");
  });

  test("takes no result that its author's schema does not know, whether the code is live or replayed", async () => {
    for (const cached of [1, 0]) {
      const run = new DrivenRun("seats", inProcessDecisions([code], { maxCachedRuns: cached }).openSession());
      await run.start();
      await run.fail("j1");
      await expect(run.completeByHand("j1", { nonsense: true })).rejects.toThrow(
        /^InvalidInput: The output of seat \(j1\) does not fit its schema\.\n.*\n.*at seat/,
      );
      expect(run.openJobs.j1?.status).toBe("stuck");
      await run.completeByHand("j1", { seat: "12A" });
      expect(run.last).toEqual({ type: "RunCompleted", output: '{"seat":"12A"}' });
    }
  });

  test("nor for a job that undoes something", async () => {
    const run = drive(code);
    await run.start();
    await run.reject("j1");
    await run.fail("j2");
    await expect(run.completeByHand("j2", {})).rejects.toThrow(/^InvalidInput: The output of release \(j2\)/);
    await run.completeByHand("j2", { done: true });
    expect(run.last).toMatchObject({ type: "RunFailed" });
  });

  test("takes anything where there is no schema", async () => {
    const run = drive(workflow("loose", async (run) => run.job(job<void, unknown>("loose"))));
    await run.start();
    await run.completeByHand("j1", { any: "thing" });
    expect(run.last).toEqual({ type: "RunCompleted", output: '{"any":"thing"}' });
  });
});

describe("a run that fails", () => {
  test("undoes what was done in reverse order, one after another, and says why it failed", async () => {
    const run = drive(booking);
    await run.start(5);
    await run.complete("j1", { receipt: "r" });
    await run.complete("j2", { seat: "1A" });
    await run.reject("j3", "HotelFull");
    expect(run.answers.slice(-2).map(types)).toEqual([["BeginFailing"], ["ScheduleJob"]]);
    expect(run.openJobs).toMatchObject({ j4: { jobType: "cancelFlight", compensationId: "c2" } });
    await run.complete("j4");
    expect(run.openJobs).toMatchObject({
      j5: { jobType: "refund", compensationId: "c1", input: '{"receipt":"r"}' },
    });
    await run.complete("j5");
    expect(run.last).toEqual({
      type: "RunFailed",
      failure: { kind: "business", name: "HotelFull", message: "HotelFull it is." },
    });
  });

  test("waits for attempts under way, and undoes what they did too", async () => {
    const run = drive(booking);
    await run.start(5);
    await run.complete("j1", { receipt: "r" });
    await run.reject("j3", "HotelFull");
    expect(Object.keys(run.openJobs)).toEqual(["j2"]);
    await run.complete("j2", { seat: "1A" });
    expect(run.openJobs).toMatchObject({ j4: { jobType: "cancelFlight" } });
  });

  test("an undo that can't be done does not stop the others, and the failure mentions it", async () => {
    const run = drive(booking);
    await run.start(5);
    await run.complete("j1", { receipt: "r" });
    await run.complete("j2", { seat: "1A" });
    await run.reject("j3", "HotelFull");
    await run.reject("j4", "FlightGone");
    await run.send({ type: "CancelJob", jobId: "j5", action: run.action() });
    expect(run.last).toMatchObject({
      type: "RunFailed",
      failure: {
        name: "HotelFull",
        message: "HotelFull it is. Not undone: cancelFlight (j4): FlightGone it is.; refund (j5): cancelled",
      },
    });
  });

  test("the code may catch the failure and go on", async () => {
    const run = drive(
      workflow("caught", async (run) => {
        try {
          await run.job(flight, "CDG");
        } catch (error) {
          if (error instanceof BusinessError) return `${error.name}: ${error.message}`;
          throw error;
        }
        return "booked";
      }),
    );
    await run.start();
    await run.reject("j1", "Overbooked");
    expect(run.last).toEqual({ type: "RunCompleted", output: '"Overbooked: Overbooked it is."' });
  });

  test("an error that handlers refuse to repeat comes as JobFailedError when the job says so", async () => {
    const run = drive(
      workflow("failing", async (run) => {
        try {
          await run.job(flight, "CDG", { whenExhausted: "fail" });
        } catch (error) {
          return error instanceof JobFailedError ? error.failure.name : "?";
        }
        return "";
      }),
    );
    await run.start();
    await run.fail("j1", "invalid");
    expect(run.last).toEqual({ type: "RunCompleted", output: '"Broken"' });
  });

  test("a job that a person cancels throws JobCancelledError; uncaught it fails the run", async () => {
    const caught = drive(
      workflow("caught", async (run) => {
        return run
          .job(flight, "CDG")
          .catch((error: unknown) => (error instanceof JobCancelledError ? "cancelled" : "?"));
      }),
    );
    await caught.start();
    await caught.send({ type: "CancelJob", jobId: "j1", action: caught.action() });
    expect(caught.last).toEqual({ type: "RunCompleted", output: '"cancelled"' });

    const uncaught = drive(
      workflow("uncaught", async (run) => {
        await run.job(flight, "CDG");
      }),
    );
    await uncaught.start();
    await uncaught.send({ type: "CancelJob", jobId: "j1", action: uncaught.action() });
    expect(uncaught.last).toMatchObject({
      type: "RunFailed",
      failure: { kind: "cancelled", name: "JobCancelledError" },
    });
  });

  test("other branches get no more work done, but may still register an undo", async () => {
    const tried: string[] = [];
    const run = drive(
      workflow("branches", async (run) => {
        const branch = async () => {
          try {
            await run.sleep("1 hour");
          } catch (error) {
            tried.push(error instanceof RunCancelledError ? "woken" : "?");
            run.compensate(refund, { receipt: "late" });
            await run.job(flight, "CDG").catch((late: unknown) => tried.push((late as Error).name));
          }
        };
        await Promise.all([run.job(hotel, "Ritz"), branch()]);
      }),
    );
    await run.start();
    await run.reject("j1", "HotelFull");
    expect(tried).toEqual(["woken", "RunCancelledError"]);
    expect(run.openJobs).toMatchObject({ j2: { jobType: "refund" } });
    await run.complete("j2");
    expect(run.last?.type).toBe("RunFailed");
  });
});

describe("a run that is cancelled", () => {
  test("wakes its waits, undoes what was done and ends as cancelled", async () => {
    const run = drive(booking);
    await run.start(5);
    await run.complete("j1", { receipt: "r" });
    await run.complete("j2", { seat: "1A" });
    await run.complete("j3", { room: 7 });
    await run.cancel();
    for (const jobId of ["j4", "j5", "j6"]) await run.complete(jobId);
    expect(
      run.history.flatMap(({ event }) => (event.type === "JobScheduled" ? [event.jobType] : [])),
    ).toEqual(["pay", "flight", "hotel", "cancelHotel", "cancelFlight", "refund"]);
    expect(run.last).toEqual({ type: "RunCancelled" });
  });

  test("waits for an attempt under way and undoes it", async () => {
    const run = drive(booking);
    await run.start(5);
    await run.cancel();
    expect(run.last?.type).toBe("RunCancelRequested");
    await run.complete("j1", { receipt: "r" });
    expect(run.openJobs).toMatchObject({ j2: { jobType: "refund" } });
    await run.complete("j2");
    expect(run.last).toEqual({ type: "RunCancelled" });
  });

  test("is cancelled even when its code returns", async () => {
    const run = drive(
      workflow("stubborn", async (run) => {
        run.compensate(refund, { receipt: "r" });
        await run.signal("never").catch(() => "ignored");
        return "done";
      }),
    );
    await run.start();
    await run.cancel();
    await run.complete("j1");
    expect(run.last).toEqual({ type: "RunCancelled" });
  });

  test("an undo that can't be done is told", async () => {
    const run = drive(
      workflow("owing", async (run) => {
        run.compensate(refund, { receipt: "r" });
        await run.signal("never");
      }),
    );
    await run.start();
    await run.cancel();
    await run.reject("j1", "CardClosed");
    expect(run.last).toMatchObject({ type: "RunCancelled", failure: { name: "UndoFailed" } });
  });
});

const hereStack = expect.stringMatching(/\n {4}at .*in-process-decisions\.test\.ts:\d+:\d+/);

async function stuckBy(code: AnyWorkflow, input?: unknown): Promise<DrivenRun> {
  const run = drive(code);
  await run.start(input ?? null);
  expect(run.last?.type).toBe("RunStuck");
  return run;
}

describe("code that can't decide gets the run stuck", () => {
  test("a bug", async () => {
    const run = await stuckBy(
      workflow("buggy", async () => {
        throw new TypeError("x is not a function");
      }),
    );
    expect(run.open.stuck).toMatchObject({
      kind: "code",
      name: "TypeError",
      message:
        "x is not a function. (This keeps the run stuck until its code is mended and a person resumes it; a BusinessError would fail the run, and have it compensated.)",
    });
    expect(run.open.stuck?.stack).toContain("TypeError");
  });

  test("what the buggy step asked for is not recorded, and the fixed code goes on from there", async () => {
    let broken = true;
    const code = workflow("fixed", async (run) => {
      await run.job(pay, { amount: 1 });
      const pending = run.job(flight, "CDG");
      if (broken) throw new TypeError("oops");
      return (await pending).seat;
    });
    const run = drive(code);
    await run.start();
    await run.complete("j1");
    expect(run.eventTypes.slice(-2)).toEqual(["JobCompleted", "RunStuck"]);
    broken = false;
    await run.resume();
    await run.complete("j2", { seat: "1A" });
    expect(run.last).toEqual({ type: "RunCompleted", output: '"1A"' });
  });

  test("stuck code can be cancelled: what it did is undone, what it asked for when it broke is not done", async () => {
    const code = workflow("cancelled", async (run) => {
      const receipt = await run.job(pay, { amount: 1 });
      run.compensate(refund, receipt);
      run.job(flight, "CDG");
      throw new TypeError("oops");
    });
    const run = drive(code);
    await run.start();
    await run.complete("j1", { receipt: "r" });
    expect(run.last?.type).toBe("RunStuck");
    await run.cancel();
    expect(run.openJobs).toMatchObject({ j2: { jobType: "refund", compensationId: "c1" } });
    await run.complete("j2");
    expect(run.last).toMatchObject({ type: "RunCancelled", failure: { kind: "code", name: "TypeError" } });
  });

  test("waiting for something that is not of the run", async () => {
    const run = await stuckBy(
      workflow("elsewhere", async () => {
        await stat(".");
      }),
    );
    expect(run.open.stuck).toMatchObject({ kind: "code", name: "WaitsElsewhere", stack: hereStack });
    expect(run.open.stuck?.message).toContain("run.job");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await run.cancel();
    expect(run.last).toMatchObject({ type: "RunCancelled", failure: { name: "WaitsElsewhere" } });
  });

  test("going on after waiting elsewhere while a job was outstanding", async () => {
    const run = drive(
      workflow("mixed", async (run) => {
        await Promise.all([run.job(flight, "CDG"), stat(".")]);
        await run.job(hotel, "Ritz");
      }),
    );
    await run.start();
    await run.complete("j1");
    expect(run.open.stuck?.name).toBe("WaitsElsewhere");
  });

  test("a changed workflow is told what history has and what the code asks for", async () => {
    let first = flight;
    const code = workflow("changed", async (run) => {
      await run.job(first, "CDG");
      await run.job(flight, "ORY");
    });
    const run = new DrivenRun("changed", () => inProcessDecisions([code]).openSession());
    await run.start();
    first = job<string, { seat: string }>("train");
    await run.complete("j1");
    expect(run.open.stuck).toMatchObject({ kind: "nonDeterminism" });
    expect(run.open.stuck?.message).toBe(
      "The code changed against its history: event 2 of the history has JobScheduled flight (j1), the code now asks for the job train (j1).",
    );
  });

  test("code that ends sooner than its history", async () => {
    let short = false;
    const code = workflow("shorter", async (run) => {
      await run.job(flight, "CDG");
      if (!short) await run.sleep(5);
      await run.job(hotel, "Ritz");
    });
    const run = new DrivenRun("shorter", () => inProcessDecisions([code]).openSession());
    await run.start();
    await run.complete("j1");
    short = true;
    await run.fire("t1");
    expect(run.open.stuck?.message).toContain("has TimerSet (t1), the code now asks for the job hotel (j2)");
  });

  test.each([
    [
      "an output with a cycle",
      async () => {
        const a: Record<string, unknown> = {};
        a.a = a;
        return a;
      },
      "InvalidOutput",
    ],
    ["an output that is a function", async () => () => 1, "InvalidOutput"],
    ["a bigint", async () => 1n, "InvalidOutput"],
    ["an output of six thousand levels", async () => nested(6_000), "InvalidOutput"],
    ["an output of a thousand and one levels", async () => nested(1_001), "InvalidOutput"],
    ["an output that is too long", async () => "x".repeat(maxPayloadBytes), "InvalidOutput"],
  ])("%s", async (_, code, name) => {
    const run = await stuckBy(workflow<null, unknown>("outputs", code));
    expect(run.open.stuck).toMatchObject({ kind: "invalid", name, stack: hereStack });
    expect(run.open.stuck?.message).toContain("output of the workflow");
  });

  test("a job's input that is too long or does not fit its schema, even when the code swallows the error", async () => {
    const checked = job("checked", { input: z.object({ n: z.number().max(5) }), output: z.string() });
    const misfit = await stuckBy(
      workflow("misfit", async (run) => {
        await run.job(checked, { n: 6 }).catch(() => "swallowed");
        return "fine";
      }),
    );
    expect(misfit.open.stuck).toMatchObject({ kind: "invalid", name: "InvalidInput", stack: hereStack });
    const long = await stuckBy(
      workflow("long", async (run) => {
        await run.job(flight, "x".repeat(maxPayloadBytes));
      }),
    );
    expect(long.open.stuck?.message).toBe(
      "The input of flight is 131074 bytes of JSON; the limit is 131072.",
    );
  });

  test("a job's output that does not fit its schema, as a worker without the schema may have given it", async () => {
    const checked = job("checked", { input: z.number(), output: z.object({ room: z.number() }) });
    const run = drive(workflow("outputs", async (run) => (await run.job(checked, 1)).room));
    await run.start();
    await run.complete("j1", { room: "seven" });
    expect(run.open.stuck).toMatchObject({ kind: "invalid", name: "InvalidOutput" });
    expect(run.open.stuck?.message).toContain("checked (j1)");
  });

  test("asking for things without end", async () => {
    const run = await stuckBy(
      workflow("endless", async (run) => {
        for (;;) run.setLabels({ a: "b" });
      }),
    );
    expect(run.open.stuck?.name).toBe("TooManyRequests");
  });

  test("labels, durations and moments that make no sense", async () => {
    const codes = [
      workflow("a", async (run) => run.setLabels({ "": "x" })),
      workflow("b", async (run) => run.sleep(Number.NaN)),
      workflow("c", async (run) => run.sleepUntil(new Date("never"))),
      workflow("d", async (run) => run.signal("")),
    ];
    for (const code of codes) expect((await stuckBy(code)).open.stuck?.name).toBe("RangeError");
  });
});

describe("limits that code meets", () => {
  test.each<[string, (run: Run) => Promise<unknown>, string]>([
    ["a sleep", (run) => run.sleep(Number.MAX_SAFE_INTEGER), "run.sleep can't be 9007199254740991: "],
    ["a moment", (run) => run.sleepUntil(new Date(8.64e15)), "run.sleepUntil can't be "],
    [
      "a time-out",
      (run) => run.signal("s", { timeout: 2 ** 53 }),
      "The timeout of run.signal(s) can't be 9007199254740992: ",
    ],
    [
      "an option",
      (run) => run.job(job("work"), undefined, { retry: { initialIntervalMs: 2 ** 53 } }),
      "The options of the job work can't be taken. retry.initialIntervalMs can't be 9007199254740992: ",
    ],
    ["a job by hand", (run) => run.job({ name: "a/b", options: {} } as never), '"a/b" can\'t name a job: '],
    ["no job", (run) => run.job(undefined as never), "run.job takes a job as job() makes it"],
  ])(
    "%s that can't be is an exception the code can see, and gets the run stuck if it doesn't",
    async (_, ask, sentence) => {
      const uncaught = await stuckBy(workflow("uncaught", async (run) => void (await ask(run))));
      expect(uncaught.open.stuck?.message).toMatch(new RegExp(`^${sentence.replace(/[.()]/g, "\\$&")}`));
      const seen = workflow("seen", async (run) => ask(run).catch((error: Error) => error.message));
      const driven = new DrivenRun("seen", inProcessDecisions([seen]).openSession());
      await driven.start();
      expect(driven.last).toMatchObject({
        type: "RunCompleted",
        output: expect.stringContaining(sentence.slice(0, 20).replaceAll('"', '\\"')),
      });
    },
  );
});

describe("checking a start", () => {
  test("what misfits in ten thousand places is refused in a few words", () => {
    const many = inProcessDecisions([
      workflow("many", { input: z.array(z.string()) }, async () => 1),
    ]).checkStart("many", JSON.stringify(Array.from({ length: 14_200 }, () => 0)));
    expect(many?.message).toMatch(/and 14,190 more$/);
    expect(many?.message.length).toBeLessThan(2_000);
  });

  const decisions = inProcessDecisions([
    workflow("b", { input: z.object({ n: z.number() }) }, async () => 1),
    workflow("a", async () => 1),
  ]);

  test("an unknown workflow is answered with those there are", () => {
    expect(decisions.checkStart("bookTrp", "1")).toEqual({
      code: "UnknownWorkflow",
      message: "There is no workflow bookTrp. There are a, b.",
    });
  });

  test("input is checked against the schema the author gave", () => {
    expect(decisions.checkStart("b", '{"n":1}')).toBeUndefined();
    expect(decisions.checkStart("b", '{"n":"1"}')).toMatchObject({ code: "InvalidInput" });
    expect(decisions.checkStart("a", "{}")).toBeUndefined();
  });

  test("two workflows of one name are refused", () => {
    const twice = workflow("twice", async () => 1);
    expect(() => inProcessDecisions([twice, twice])).toThrow("There are two workflows named twice.");
  });

  test("a run of a workflow that is gone is stuck, and says which there are", async () => {
    const run = new DrivenRun("gone", decisions.openSession());
    await run.start();
    expect(run.open.stuck).toMatchObject({
      name: "UnknownWorkflow",
      message: "There is no workflow gone. There are a, b.",
    });
  });
});

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}

test("history that can't be read gets the run stuck, and the code goes on once it can be", async () => {
  const session = inProcessDecisions([booking]).openSession();
  const started = (input: string): RecordedEvent => ({
    seq: 1,
    at: 1,
    event: { type: "RunStarted", workflow: "booking", input },
  });
  const ask = (input: string) => session.ask({ runId: "r", workflow: "booking", history: [started(input)] });
  expect(await ask("{")).toMatchObject([
    { type: "GetStuck", failure: { kind: "code", name: "SyntaxError" } },
  ]);
  expect(await ask("5")).toMatchObject([{ type: "ScheduleJob", jobType: "pay" }]);
});

test("what is offered to a workflow that isn't here is nothing to object to: the answer about its run says so", async () => {
  const session = inProcessDecisions([booking]).openSession();
  const question = { runId: "r", workflow: "bookings", history: [] };
  expect(await session.check(question, { type: "signal", name: "s", payload: "1" })).toBeUndefined();
  expect(await session.ask(question)).toMatchObject([
    { type: "GetStuck", failure: { name: "UnknownWorkflow" } },
  ]);
});

describe("a workflow with a schema of its output", () => {
  const doubled = (output: unknown) =>
    workflow(
      "doubled",
      { output: z.number().transform((n) => ({ twice: 2 * n })) },
      async () => output as never,
    );

  test("records what the schema makes of it", async () => {
    const run = drive(doubled(4));
    await run.start();
    expect(run.last).toEqual({ type: "RunCompleted", output: '{"twice":8}' });
  });

  test("is stuck, with what doesn't fit, where the schema doesn't take it", async () => {
    const run = drive(doubled("four"));
    await run.start();
    expect(run.last).toMatchObject({
      type: "RunStuck",
      failure: {
        kind: "invalid",
        name: "InvalidOutput",
        message: expect.stringMatching(/^The output of the workflow does not fit its schema\.\n.*number/),
      },
    });
  });
});
