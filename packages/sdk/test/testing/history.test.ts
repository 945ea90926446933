import { expect, test } from "vitest";
import { BusinessError } from "../../src/index.ts";
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
