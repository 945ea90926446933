import type { Failure } from "@downbeat/domain";
import { randomOf } from "./random.ts";
import { type Story, Teller } from "./story.ts";

export type Kind =
  | "smooth"
  | "retried"
  | "rejected"
  | "stuck"
  | "sleeping"
  | "approval"
  | "noWorker"
  | "backingOff"
  | "codeStuck"
  | "cancelled"
  | "terminated";

const kinds: readonly (readonly [Kind, number])[] = [
  ["smooth", 0.74],
  ["retried", 0.12],
  ["rejected", 0.08],
  ["stuck", 0.012],
  ["sleeping", 0.012],
  ["approval", 0.008],
  ["noWorker", 0.002],
  ["backingOff", 0.004],
  ["codeStuck", 0.001],
  ["cancelled", 0.012],
  ["terminated", 0.009],
];

export function pickKind(random: () => number): Kind {
  let rest = random();
  for (const [kind, share] of kinds) if ((rest -= share) < 0) return kind;
  return "smooth";
}

const unreachable: Failure = {
  kind: "technical",
  name: "ServiceUnavailable",
  message:
    "POST http://hotels.internal/bookings answered 503 Service Unavailable: upstream connect error 111 after 2043 ms",
  stack:
    "ServiceUnavailable: POST http://hotels.internal/bookings answered 503\n    at bookHotel (apps/travel/src/hotel.ts:41:11)\n    at runAttempt (packages/sdk/src/worker.ts:118:20)",
};
const timeout: Failure = {
  kind: "timeout",
  name: "StartToCloseTimeout",
  message: "The attempt took longer than 5 min.",
  timeout: "startToClose",
};
const rateLimited: Failure = {
  kind: "technical",
  name: "RateLimited",
  message: "The airline's gateway allows 20 bookings a second; try again in 1200 ms",
};
const soldOut: Failure = {
  kind: "business",
  name: "HotelSoldOut",
  message: "Hotel Nikko has no double room left from 3 to 6 December",
};
const cardDeclined: Failure = {
  kind: "business",
  name: "CardDeclined",
  message: "The issuing bank declined the card",
};

const hotels = ["Hotel Nikko", "Hotel Adlon", "Casa Camper", "The Standard"];
const flights = ["LH454 FRA-SFO", "BA117 LHR-JFK", "AF006 CDG-JFK", "NH203 HND-FRA"];
const destinations = ["San Francisco", "New York", "Tokyo", "Frankfurt"];

export interface BookingSpec {
  readonly runId: string;
  readonly seed: number;
  readonly at: number;
  readonly kind: Kind;
}

export function tellBooking({ runId, seed, at, kind }: BookingSpec): Story {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const ms = (low: number, high: number) => Math.round(low + random() * (high - low));
  const worker = (service: string) => `${service}-${1 + Math.floor(random() * 3)}`;
  const orderId = String(600_000_000 + (seed % 1_000_000));
  const customer = `cust-${seed % 997}`;
  const labels = { orderId, customer, destination: pick(destinations) };
  const hotel = pick(hotels);
  const flight = pick(flights);
  const input = {
    bookingId: runId,
    customer: { id: customer, email: `${customer}@example.com`, name: "Ada Byron" },
    flight,
    hotel,
    nights: 3,
    amountCents: 129_900,
    currency: "EUR",
  };
  const t = new Teller(runId.slice(-6), at);
  const refund = { compensationId: "c1", jobType: "refundPayment", undoes: "j1" };
  const cancelFlight = { compensationId: "c2", jobType: "cancelFlight", undoes: "j2" };

  t.tell({
    type: "RunStarted",
    workflow: "bookTrip",
    input: JSON.stringify(input),
    labels,
    startedBy: "traffic",
  });
  const payment = t.schedule("processPayment", { bookingId: runId, amountCents: 129_900, currency: "EUR" });
  if (kind === "codeStuck") {
    t.attempts(payment, [{ ms: ms(80, 240) }], { receipt: `pay_${orderId}` }, worker("payments"));
    t.tell({
      type: "RunStuck",
      failure: {
        kind: "nonDeterminism",
        name: "NonDeterministic",
        message:
          "The code asks for job bookTrain where history holds bookFlight (j2). Deploy code that still asks for bookFlight, then resume.",
      },
    });
    return { runId, workflow: "bookTrip", labels, events: t.events };
  }
  if (kind === "noWorker") return { runId, workflow: "bookTrip", labels, events: t.events };
  if (kind === "rejected" && random() < 0.3) {
    t.attempts(payment, [{ ms: ms(80, 300), failure: cardDeclined }], {}, worker("payments"));
    t.tell({ type: "RunFailing", failure: cardDeclined }, { type: "RunFailed", failure: cardDeclined });
    return { runId, workflow: "bookTrip", labels, events: t.events };
  }
  const flaky = kind === "retried" && random() < 0.6;
  t.attempts(
    payment,
    flaky
      ? [
          {
            ms: ms(90, 200),
            failure: { ...unreachable, message: unreachable.message.replace("hotels", "payments") },
          },
          { ms: ms(80, 240) },
        ]
      : [{ ms: ms(80, 240) }],
    { receipt: `pay_${orderId}`, capturedCents: 129_900 },
    worker("payments"),
  );
  t.tell({ type: "CompensationRegistered", ...refund, input: JSON.stringify({ receipt: `pay_${orderId}` }) });

  if (kind === "approval") {
    t.tell(
      { type: "SignalAwaited", waitId: "w1", name: "approval", timeoutMs: 86_400_000 },
      { type: "TimerSet", timerId: "t9", generation: 1, dueAt: t.at + 86_400_000, waitId: "w1" },
    );
    return { runId, workflow: "bookTrip", labels, events: t.events };
  }

  const flightJob = t.schedule("bookFlight", { bookingId: runId, flight });
  t.attempts(
    flightJob,
    kind === "retried" && !flaky
      ? [
          { ms: ms(300, 900), failure: rateLimited },
          { ms: ms(200, 500), failure: rateLimited },
          { ms: ms(300, 700) },
        ]
      : [{ ms: ms(180, 700) }],
    { ticket: `TK-${orderId}`, flight },
    worker("flights"),
  );
  t.tell({
    type: "CompensationRegistered",
    ...cancelFlight,
    input: JSON.stringify({ ticket: `TK-${orderId}` }),
  });
  const hotelJob = t.schedule("bookHotel", { bookingId: runId, hotel, nights: 3 });

  const finish = (teller: Teller) => {
    const notify = teller.schedule("notifyCustomer", {
      to: `${customer}@example.com`,
      template: "trip-booked",
    });
    teller.attempts(notify, [{ ms: ms(20, 90) }], { messageId: `msg-${orderId}` }, worker("mail"));
    teller.tell({
      type: "RunCompleted",
      output: JSON.stringify({ receipt: `pay_${orderId}`, ticket: `TK-${orderId}`, hotel: `HB-${orderId}` }),
    });
  };
  const undo = (failure: Failure) => {
    t.tell({ type: "RunFailing", failure });
    const cancel = t.schedule("cancelFlight", { ticket: `TK-${orderId}` }, "c2");
    t.attempts(cancel, [{ ms: ms(120, 300) }], { cancelled: true }, worker("flights"));
    const back = t.schedule("refundPayment", { receipt: `pay_${orderId}` }, "c1");
    t.attempts(back, [{ ms: ms(90, 220) }], { refundedCents: 129_900 }, worker("payments"));
    t.tell({ type: "RunFailed", failure });
  };

  const workerName = worker("hotels");
  switch (kind) {
    case "rejected":
      t.attempts(hotelJob, [{ ms: ms(150, 400), failure: soldOut }], {}, workerName);
      undo(soldOut);
      break;
    case "stuck": {
      const failure =
        random() < 0.75
          ? { ...unreachable, message: unreachable.message.replace("2043", String(ms(1800, 2200))) }
          : timeout;
      t.attempts(
        hotelJob,
        Array.from({ length: 5 }, () => ({ ms: ms(150, 2_300), failure })),
        {},
        workerName,
      );
      break;
    }
    case "backingOff": {
      const failure = { ...unreachable, message: unreachable.message.replace("2043", "1987") };
      t.attempts(
        hotelJob,
        [
          { ms: 320, failure },
          { ms: 410, failure },
          { ms: 380, failure },
        ],
        {},
        workerName,
      );
      // Cut before it gets stuck: the last back-off lies ahead.
      t.events.splice(-1);
      const last = t.events.pop();
      if (last?.event.type === "AttemptFailed")
        t.events.push({ ...last, event: { ...last.event, retryAt: Date.now() + 600_000 } });
      break;
    }
    case "sleeping":
      t.attempts(hotelJob, [{ ms: ms(150, 500) }], { booking: `HB-${orderId}` }, workerName);
      t.tell({ type: "TimerSet", timerId: "t1", generation: 1, dueAt: t.at + ms(3, 90) * 3_600_000 });
      break;
    case "cancelled":
      t.attempts(hotelJob, [{ ms: ms(150, 500) }], { booking: `HB-${orderId}` }, workerName);
      t.at += ms(4_000, 60_000);
      t.tell({
        type: "RunCancelRequested",
        action: { actionId: `a-${orderId}`, actor: "maria", reason: "The customer called: wrong dates" },
      });
      {
        const cancel = t.schedule("cancelFlight", { ticket: `TK-${orderId}` }, "c2");
        t.attempts(cancel, [{ ms: ms(120, 300) }], { cancelled: true }, worker("flights"));
        const back = t.schedule("refundPayment", { receipt: `pay_${orderId}` }, "c1");
        t.attempts(back, [{ ms: ms(90, 220) }], { refundedCents: 129_900 }, worker("payments"));
        t.tell({ type: "RunCancelled" });
      }
      break;
    case "terminated":
      t.at += ms(2_000, 20_000);
      t.tell({
        type: "RunTerminated",
        action: { actionId: `a-${orderId}`, actor: "jonas", reason: "Test booking started by mistake" },
      });
      break;
    default:
      t.attempts(hotelJob, [{ ms: ms(150, 600) }], { booking: `HB-${orderId}`, hotel }, workerName);
      finish(t);
  }
  return {
    runId,
    workflow: "bookTrip",
    labels,
    events: t.events,
    ...(kind === "stuck"
      ? {
          afterRetry: (teller: Teller, jobId: string) => {
            teller.attempts(
              jobId,
              [{ ms: ms(900, 1_500) }],
              { booking: `HB-${orderId}`, hotel },
              workerName,
              6,
            );
            finish(teller);
          },
        }
      : {}),
  };
}

/** A long import: many jobs after each other, ten at a time. */
export function tellBigRun(runId: string, at: number, jobs: number): Story {
  const random = randomOf(7);
  const t = new Teller("import", at);
  t.tell({
    type: "RunStarted",
    workflow: "importCatalogue",
    input: JSON.stringify({ source: "catalogue.csv", rows: jobs }),
  });
  for (let each = 0; each < jobs; each++) {
    const jobId = t.schedule("importRow", { row: each, sku: `SKU-${100_000 + each}` });
    const fails = random() < 0.04;
    const failure: Failure = {
      kind: "technical",
      name: "Deadlock",
      message: `Row ${each} was locked by another import`,
    };
    t.attempts(
      jobId,
      fails ? [{ ms: 40, failure }, { ms: 60 }] : [{ ms: Math.round(30 + random() * 200) }],
      { stored: true },
      `import-${1 + (each % 4)}`,
    );
    if (each % 400 === 399) t.at += 120_000;
  }
  t.tell({ type: "RunCompleted", output: JSON.stringify({ stored: jobs }) });
  return { runId, workflow: "importCatalogue", labels: { source: "catalogue.csv" }, events: t.events };
}
