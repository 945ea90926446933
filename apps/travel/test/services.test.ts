import type { JobContext } from "@downbeat/sdk/worker";
import { describe, expect, test } from "vitest";
import { parseCommand } from "../src/arguments.ts";
import { readEnv } from "../src/env.ts";
import { hotelService } from "../src/services/hotel-service.ts";
import { Idempotent } from "../src/services/idempotent.ts";
import { Misfortune, type MisfortuneRates } from "../src/services/misfortune.ts";
import { notificationJobs, type SentMail } from "../src/services/notification.ts";
import { paymentJobs } from "../src/services/payment.ts";
import { randomTrip } from "../src/traffic.ts";
import { trip } from "../src/trip.ts";

const luck: MisfortuneRates = { failureRate: 0, rejectionRate: 0, slownessMs: 0, outageRate: 0, outageMs: 0 };

const nothing = (): void => {};

function context(idempotencyKey: string): JobContext {
  return {
    jobId: "j1",
    runId: "r",
    workflow: "bookTrip",
    attempt: 1,
    idempotencyKey,
    signal: new AbortController().signal,
    heartbeat: () => {},
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  };
}

describe("a repeated request has one effect", () => {
  test("one mail", async () => {
    const mails: SentMail[] = [];
    const [notify] = notificationJobs(luck, (mail) => mails.push(mail));
    const input = { tripId: "t", customer: { name: "A", email: "a@example.com" }, message: "booked" };
    await notify?.execute(input, context("k"));
    await notify?.execute(input, context("k"));
    expect(mails).toHaveLength(1);
    await notify?.execute(input, context("other"));
    expect(mails).toHaveLength(2);
  });

  test("one receipt, even after the service forgot", async () => {
    const input = { tripId: "t", customer: { name: "A", email: "a@example.com" }, amountCents: 5 };
    const charge = () => paymentJobs(luck)[0]?.execute(input, context("k"));
    expect(await charge()).toEqual(await charge());
  });

  test("one room, over HTTP", async () => {
    const hotel = await hotelService(luck, 0);
    const book = async (key: string) => {
      const response = await fetch(`${hotel.url}/bookings`, {
        method: "POST",
        headers: { "idempotency-key": key },
      });
      return [response.status, await response.json()];
    };
    const first = await book("k");
    expect(first).toEqual([201, { hotelBookingId: expect.any(String), room: expect.any(String) }]);
    expect(await book("k")).toEqual(first);
    expect(await book("other")).not.toEqual(first);
    await hotel.close();
  });

  test("what is remembered is limited", () => {
    const done = new Idempotent<number>(2);
    let effects = 0;
    for (const key of ["a", "b", "c", "c", "b", "a"]) done.once(key, () => ++effects);
    expect([effects, done.size]).toEqual([4, 2]);
  });
});

describe("misfortune", () => {
  test("strikes at the rate it is given", async () => {
    const misfortune = new Misfortune({ ...luck, failureRate: 0.3 });
    let failures = 0;
    for (let i = 0; i < 2_000; i++) await misfortune.strike().catch(() => failures++);
    expect(failures / 2_000).toBeCloseTo(0.3, 1);
  });

  test("refuses the same requests forever, at the rate it is given", () => {
    const misfortune = new Misfortune({ ...luck, rejectionRate: 0.1 });
    const refused = Array.from({ length: 5_000 }, (_, i) => misfortune.refuses(`r${i}`));
    expect(refused.filter(Boolean).length / 5_000).toBeCloseTo(0.1, 1);
    expect(Array.from({ length: 5_000 }, (_, i) => misfortune.refuses(`r${i}`))).toEqual(refused);
  });

  test("an airline that is down comes back", async () => {
    const misfortune = new Misfortune({ ...luck, outageRate: 1, outageMs: 30 });
    expect(() => misfortune.checkOutage("r")).toThrow("reservation system is down");
    await new Promise((resolve) => setTimeout(resolve, 40));
    misfortune.checkOutage("r");
  });
});

test("the hotel answers what is no booking with an error", async () => {
  const hotel = await hotelService({ ...luck, rejectionRate: 1 }, 0);
  const post = (path: string, headers: Record<string, string>) =>
    fetch(hotel.url + path, { method: "POST", headers });
  expect((await post("/bookings", { "idempotency-key": "k" })).status).toBe(409);
  expect((await post("/elsewhere", { "idempotency-key": "k" })).status).toBe(404);
  expect((await post("/bookings", {})).status).toBe(400);
  expect((await fetch(`${hotel.url}/bookings`)).status).toBe(400);
  await hotel.close();
});

test("random trips fit the workflow", () => {
  for (let i = 0; i < 500; i++) trip.parse(randomTrip().request);
});

describe("the command line", () => {
  test("says what to start", () => {
    expect(parseCommand(["payment"])).toEqual({ do: "service", name: "payment" });
    expect(parseCommand(["traffic", "--rate", "5", "--count", "9"])).toEqual({
      do: "traffic",
      rate: 5,
      count: 9,
      approvals: 0.7,
    });
    expect(parseCommand(["all", "--no-traffic"])).toEqual({ do: "all", traffic: undefined });
    expect(parseCommand(["all", "--rate", "2"])).toEqual({
      do: "all",
      traffic: ["--rate", "2", "--approvals", "0.7"],
    });
    expect(parseCommand(["--help"])).toEqual({ do: "help" });
  });

  test.each([
    [[], "Say what to start"],
    [["trains"], 'There is no "trains"'],
    [["traffic", "--rate", "0"], '--rate can\'t be "0"'],
    [["traffic", "--rate", "fast"], '--rate can\'t be "fast"'],
    [["traffic", "--approvals", "2"], "--approvals"],
    [["payment", "flight"], "Say what to start"],
    [["payment", "--speed", "1"], "--speed"],
  ])("%j is refused with a sentence", (given, message) => {
    expect(() => parseCommand(given)).toThrow(message);
  });
});

describe("the environment", () => {
  test("has defaults for everything, and empty means unset", () => {
    expect(readEnv({ TRAVEL_SLOWNESS_MS: "" })).toMatchObject({
      TRAVEL_FAILURE_RATE: 0.08,
      TRAVEL_SLOWNESS_MS: 300,
    });
  });

  test("what can't be taken is named", () => {
    expect(() => readEnv({ TRAVEL_FAILURE_RATE: "2" })).toThrow("TRAVEL_FAILURE_RATE");
  });
});
