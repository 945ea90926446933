import type { RunEvent } from "@downbeat/domain";
import { RunNotCompletedError } from "@downbeat/sdk/client";
import { type HandledJob, worker } from "@downbeat/sdk/worker";
import { afterEach, describe, expect, test } from "vitest";
import { bookTrip } from "../src/book-trip.ts";
import { flightJobs } from "../src/services/flight.ts";
import { hotelJobs } from "../src/services/hotel.ts";
import { hotelService } from "../src/services/hotel-service.ts";
import type { MisfortuneRates } from "../src/services/misfortune.ts";
import { notificationJobs, type SentMail } from "../src/services/notification.ts";
import { paymentJobs } from "../src/services/payment.ts";
import type { TripRequest } from "../src/trip.ts";
import { openStack, type Stack, until } from "./stack.ts";

const luck: MisfortuneRates = { failureRate: 0, rejectionRate: 0, slownessMs: 0, outageRate: 0, outageMs: 0 };

const mails: SentMail[] = [];
const cleanUps: (() => PromiseLike<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  mails.length = 0;
});

/** The services, each with luck of its own where the test says so. */
async function open(
  rates: Partial<Record<"payment" | "flight" | "hotel", Partial<MisfortuneRates>>> = {},
): Promise<Stack> {
  const stack = await openStack();
  cleanUps.push(() => stack[Symbol.asyncDispose]());
  const hotel = await hotelService({ ...luck, ...rates.hotel }, 0);
  cleanUps.push(() => hotel.close());
  const jobs: (readonly HandledJob[] | ReturnType<typeof hotelJobs>)[] = [
    paymentJobs({ ...luck, ...rates.payment }),
    flightJobs({ ...luck, ...rates.flight }),
    hotelJobs(hotel.url),
    notificationJobs(luck, (mail) => mails.push(mail)),
  ];
  for (const each of jobs) {
    const hosted = worker({ log: stack.log, jobs: each, onProblem: () => {} });
    cleanUps.push(() => hosted.stop());
  }
  return stack;
}

const request: TripRequest = {
  tripId: "trip-1",
  customer: { name: "Amina Costa", email: "amina@example.com" },
  flight: { from: "CDG", to: "LIS", departsOn: "2027-05-01" },
  hotel: { city: "Lisbon", nights: 3 },
  amountCents: 80_000,
  timeZone: "Europe/Lisbon",
  holdMs: 10,
};

function jobsOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.type === "JobScheduled" ? [event.jobType] : []));
}

describe("a booking", () => {
  test("that goes well has a payment, a flight, a hotel room and a customer who knows", async () => {
    const { client } = await open();
    const run = await client.start(bookTrip, request);
    expect(await run.result()).toEqual({
      receipt: { receiptId: expect.stringMatching(/^PAY-/), amountCents: 80_000 },
      flight: { flightBookingId: expect.stringMatching(/^FLT-/), seat: expect.any(String) },
      hotel: { hotelBookingId: expect.stringMatching(/^HTL-/), room: expect.any(String) },
    });
    expect(mails).toEqual([{ to: "amina@example.com", subject: "Your trip trip-1 is booked" }]);
  });

  test("with services that fail now and then goes well all the same", async () => {
    const often = { failureRate: 0.2 };
    const { client, eventsOf } = await open({ payment: often, hotel: often });
    const runs = await Promise.all(
      Array.from({ length: 10 }, (_, i) => client.start(bookTrip, { ...request, tripId: `trip-${i}` })),
    );
    await Promise.all(runs.map((run) => run.result()));
    const failed = runs
      .flatMap((run) => eventsOf(run.runId))
      .filter((event) => event.type === "AttemptFailed");
    expect(failed.length).toBeGreaterThan(0);
  });

  test("whose hotel is full is undone, last step first, and the customer is told at the end", async () => {
    const { client, eventsOf } = await open({ hotel: { rejectionRate: 1 } });
    const run = await client.start(bookTrip, request);
    const error = await run.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunNotCompletedError);
    expect(error).toMatchObject({ status: "failed", failure: { kind: "business", name: "HotelFull" } });
    expect(jobsOf(eventsOf(run.runId))).toEqual([
      "processPayment",
      "bookFlight",
      "bookHotel",
      "cancelFlight",
      "refundPayment",
      "notifyCustomer",
    ]);
    expect(mails).toEqual([{ to: "amina@example.com", subject: "We could not book your trip trip-1" }]);
  });

  test("whose payment is refused has nothing to undo but the customer's hopes", async () => {
    const { client, eventsOf } = await open({ payment: { rejectionRate: 1 } });
    const run = await client.start(bookTrip, request);
    await expect(run.result()).rejects.toMatchObject({ failure: { kind: "business" } });
    expect(jobsOf(eventsOf(run.runId))).toEqual(["processPayment", "notifyCustomer"]);
  });

  test("whose airline is down gets stuck, and goes on when a person retries it later", async () => {
    const { client, eventsOf } = await open({ flight: { outageRate: 1, outageMs: 3_000 } });
    const run = await client.start(bookTrip, request);
    const stuck = () => eventsOf(run.runId).find((event) => event.type === "JobStuck");
    await until(() => stuck() !== undefined, "a stuck job");
    expect(stuck()).toMatchObject({ failure: { name: "AirlineDown" } });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await run.retryJob((stuck() as { jobId: string }).jobId, "The airline is back.");
    expect((await run.result()).flight.flightBookingId).toMatch(/^FLT-/);
  });

  test("whose stuck flight a person completes takes a flight booking and nothing else", async () => {
    const { client, eventsOf } = await open({ flight: { outageRate: 1, outageMs: 3_600_000 } });
    const run = await client.start(bookTrip, request);
    const stuck = () => eventsOf(run.runId).find((event) => event.type === "JobStuck");
    await until(() => stuck() !== undefined, "a stuck job");
    const { jobId } = stuck() as { jobId: string };
    for (const nonsense of [{ nonsense: true }, {}]) {
      await expect(run.completeJob(jobId, nonsense, "Booked by telephone.")).rejects.toMatchObject({
        code: "InvalidInput",
        message: expect.stringMatching(
          /^The output of bookFlight \(j\d\) does not fit its schema\.\n[\s\S]*flightBookingId/,
        ),
      });
    }
    expect(eventsOf(run.runId).filter((event) => event.type === "CommandRefused")).toHaveLength(2);
    const flight = { flightBookingId: "FLT-BY-PHONE", seat: "12A" };
    await run.completeJob(jobId, flight, "Booked by telephone.");
    expect((await run.result()).flight).toEqual(flight);
  });

  test("of an expensive trip waits for an approval", async () => {
    const { client, eventsOf } = await open();
    const run = await client.start(bookTrip, { ...request, amountCents: 400_000 });
    await until(() => eventsOf(run.runId).some((event) => event.type === "SignalAwaited"), "the wait");
    await expect(run.signal("approval", null)).rejects.toMatchObject({
      code: "InvalidInput",
      message: expect.stringContaining("does not fit the signal approval"),
    });
    await run.signal("approval", { approved: true, by: "Camille" });
    expect((await run.result()).receipt.amountCents).toBe(400_000);
  });

  test("of an expensive trip that nobody approves, or somebody denies, is undone", async () => {
    const { client } = await open();
    const late = await client.start(bookTrip, { ...request, amountCents: 400_000, approvalWithinMs: 300 });
    await expect(late.result()).rejects.toMatchObject({ failure: { name: "ApprovalMissing" } });
    const denied = await client.start(bookTrip, { ...request, amountCents: 400_000 });
    await denied.signal("approval", { approved: false, by: "Camille" });
    await expect(denied.result()).rejects.toMatchObject({
      failure: { name: "ApprovalDenied", message: "Camille did not approve the trip." },
    });
  });

  test("that is cancelled while it waits is undone", async () => {
    const { client, eventsOf } = await open();
    const run = await client.start(bookTrip, { ...request, holdMs: 3_600_000 });
    await until(() => eventsOf(run.runId).some((event) => event.type === "TimerSet"), "the hold");
    await run.cancel("The customer changed their mind.");
    await expect(run.result()).rejects.toMatchObject({ status: "cancelled" });
    expect(jobsOf(eventsOf(run.runId)).slice(3)).toHaveLength(4);
    expect(mails).toHaveLength(1);
  });

  test("with paper documents waits for next Monday's post where the customer is", async () => {
    const { client, eventsOf } = await open();
    const run = await client.start(bookTrip, {
      ...request,
      documents: "paper",
      timeZone: "Australia/Sydney",
    });
    const timers = () =>
      eventsOf(run.runId).flatMap((event) => (event.type === "TimerSet" ? [event.dueAt] : []));
    await until(() => timers().length === 2, "the wait for Monday");
    const monday = new Intl.DateTimeFormat("en-GB", {
      timeZone: "Australia/Sydney",
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
    }).format(timers()[1]);
    expect(monday).toBe("Monday 09:00");
  });
});

test("input that does not fit is refused before a run begins", async () => {
  const { client } = await open();
  await expect(client.start(bookTrip, { ...request, timeZone: "Mars/Olympus" })).rejects.toMatchObject({
    code: "InvalidInput",
  });
  await expect(client.start("bookTrip", { ...request, amountCents: -1 })).rejects.toMatchObject({
    code: "InvalidInput",
  });
});
