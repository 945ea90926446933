import { expect, test } from "vitest";
import { BusinessError, job, workflow } from "../../src/index.ts";
import { bookHotel, bookTrip, environment, trip } from "./travel.ts";

test("events are told in plain values", async () => {
  const env = await environment();
  const run = await env.start(bookTrip, trip, { labels: { order: "A-1" } });
  await run.signal("approval", true);
  await run.result();
  const at = "2026-01-05T09:00:00.000Z";
  expect(run.events()).toMatchObject([
    {
      type: "RunStarted",
      at,
      workflow: "bookTrip",
      input: trip,
      labels: { order: "A-1" },
      startedBy: "test",
    },
    { type: "SignalAwaited", name: "approval" },
    { type: "TimerSet", dueAt: "2026-01-07T09:00:00.000Z" },
    { type: "SignalReceived", name: "approval", payload: true },
    { type: "SignalDelivered" },
    { type: "TimerCancelled" },
    { type: "JobScheduled", job: "processPayment", input: { cents: 12_000 } },
    { type: "AttemptRequested", job: "processPayment", attempt: 1 },
    { type: "AttemptStarted", job: "processPayment", attempt: 1 },
    { type: "JobCompleted", job: "processPayment", output: { receiptId: "r1" } },
    { type: "CompensationRegistered", job: "refundPayment", input: { receiptId: "r1" } },
    { type: "JobScheduled", job: "bookHotel" },
    { type: "AttemptRequested", job: "bookHotel" },
    { type: "AttemptStarted", job: "bookHotel" },
    { type: "JobCompleted", job: "bookHotel", output: { room: 12 } },
    { type: "TimerSet" },
    { type: "TimerFired", at: "2026-01-06T09:00:00.000Z" },
    { type: "RunCompleted", output: { room: 12 } },
  ]);
  expect(run.compensations()).toEqual([
    { job: "refundPayment", input: { receiptId: "r1" }, status: "owed", undoes: "processPayment" },
  ]);
});

test("what failed is undone, and says so", async () => {
  const env = await environment();
  env.mock(bookHotel, () => {
    throw new BusinessError("HotelFull", "No room in the inn.", { free: 0 });
  });
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  await expect(run.result()).rejects.toThrow("No room in the inn.");
  expect(run.attempts("bookHotel")).toMatchObject([
    { status: "rejected", failure: { kind: "business", name: "HotelFull", details: { free: 0 } } },
  ]);
  expect(run.compensations()).toEqual([
    { job: "refundPayment", input: { receiptId: "r1" }, status: "done", undoes: "processPayment" },
  ]);
});

test("a cancelled run is undone as well", async () => {
  const env = await environment();
  const run = await env.start(bookTrip, trip);
  await run.signal("approval", true);
  await run.cancel("changed their mind");
  await expect(run.result()).rejects.toThrow(`Run ${run.runId} was cancelled`);
  expect(run.compensations()).toMatchObject([{ job: "refundPayment", status: "done" }]);
});

test("runs are named by their workflow and number, or as the test says", async () => {
  const env = await environment();
  const [one, two] = [await env.start(bookTrip, trip), await env.start("bookTrip", trip)];
  const named = await env.start(bookTrip, trip, { runId: "order-7" });
  expect([one.runId, two.runId, named.runId]).toEqual(["bookTrip-1", "bookTrip-2", "order-7"]);
  await env.run("order-7").signal("approval", true);
  expect(named.events("SignalReceived")).toHaveLength(1);
});

test("code under test that has a client starts and signals runs itself", async () => {
  const env = await environment();
  const handle = await env.client.start(bookTrip, trip, { runId: "theirs" });
  await handle.signal("approval", true);
  expect(await env.run("theirs").result()).toEqual({ room: 12 });
  expect(await handle.result()).toEqual({ room: 12 });
});

test("compensations are told as they go: under way, stuck, tried again, given up", async () => {
  const undo = job<{ seat: string }>("undo", { retry: { maxAttempts: 1 } });
  const undone = workflow("undone", async (run) => {
    run.compensate(undo, { seat: "1A" });
    await run.signal("never");
  });
  const env = await environment({ workflows: [undone], jobs: {} });
  env.mock(undo, async () => {
    await env.sleep("1 minute");
    throw new Error("The line is dead.");
  });
  const run = await env.start(undone);
  const [told, failure] = [{ job: "undo", input: { seat: "1A" } }, { message: "The line is dead." }];
  expect(run.compensations()).toEqual([{ ...told, status: "owed" }]);
  await run.cancel();
  expect(run.compensations()).toEqual([{ ...told, status: "running" }]);
  await env.skip("1 minute");
  expect(run.compensations()).toMatchObject([{ ...told, status: "stuck", failure }]);
  await run.retryJob("undo");
  expect(run.compensations()).toMatchObject([{ ...told, status: "running" }]);
  await env.skip("1 minute");
  await run.cancelJob("undo");
  expect(run.compensations()).toMatchObject([{ ...told, status: "failed", failure }]);
});

test("one that is refused has failed, with the reason", async () => {
  const undo = job<{ seat: string }>("undo");
  const undone = workflow("undone", async (run) => {
    run.compensate(undo, { seat: "1A" });
    throw new BusinessError("NoRoom", "No room in the inn.");
  });
  const env = await environment({ workflows: [undone], jobs: {} });
  env.mock(undo, () => {
    throw new BusinessError("Flown", "It has left already.");
  });
  const run = await env.start(undone);
  await expect(run.result()).rejects.toThrow("No room in the inn.");
  expect(run.compensations()).toMatchObject([
    { job: "undo", status: "failed", failure: { kind: "business", name: "Flown" } },
  ]);
});
