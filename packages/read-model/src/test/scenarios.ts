import type { Failure } from "@downbeat/domain";
import type { Step } from "../fold/run-fold.ts";
import { business, by, RunDriver, schedule, technical, undo } from "./run-driver.ts";

/** One way in which a booking goes, as the steps of a run that starts at time 0 and is called `scenarioRunId`. */
export interface Scenario {
  readonly name: string;
  readonly workflow: string;
  readonly steps: readonly Step[];
}

export const scenarioRunId = "scenario";

const trip = { tripId: scenarioRunId, customer: "Ada Lovelace", amountCents: 129_900, currency: "EUR" };
const flightBooking = { bookingId: "f-8841", carrier: "DB", from: "BER", to: "LIS" };
const hotelBooking = { bookingId: "h-1207", hotel: "Miradouro", nights: 3 };
const refused: Failure = technical("ConnectionError", "connect ECONNREFUSED 10.0.7.12:8443");

const bookingWorkflows = ["bookTrip", "bookGroup", "rebookTrip"] as const;

export function scenarios(): Scenario[] {
  return bookingWorkflows.flatMap((workflow) =>
    Object.entries(stories).map(([name, story]) => {
      const run = new RunDriver(scenarioRunId, 0);
      story(run, workflow);
      return { name, workflow, steps: run.steps };
    }),
  );
}

type Story = (run: RunDriver, workflow: string) => void;

function begin(run: RunDriver, workflow: string): RunDriver {
  return run.do(
    {
      type: "StartRun",
      workflow,
      input: JSON.stringify(trip),
      labels: { order: scenarioRunId, region: "eu" },
    },
    schedule("j1", "processPayment", trip),
  );
}

function paid(run: RunDriver, workflow: string): RunDriver {
  return begin(run, workflow)
    .wait(9)
    .complete(
      "j1",
      { receipt: "r-1" },
      undo("c1", "refundPayment", "j1"),
      schedule("j2", "bookFlight", trip),
    );
}

function flown(run: RunDriver, workflow: string): RunDriver {
  return paid(run, workflow)
    .wait(14)
    .complete("j2", flightBooking, undo("c2", "cancelFlight", "j2"), schedule("j3", "bookHotel", trip));
}

const notify = schedule("j4", "notifyCustomer", trip);
const done = { type: "CompleteRun", output: JSON.stringify({ flightBooking, hotelBooking }) } as const;

const stories: Readonly<Record<string, Story>> = {
  completed: (run, workflow) =>
    flown(run, workflow).wait(21).complete("j3", hotelBooking, notify).wait(5).complete("j4", null, done),
  completedAfterRetry: (run, workflow) =>
    flown(run, workflow)
      .wait(30)
      .fail("j3", refused)
      .retryDue("j3")
      .wait(40)
      .complete("j3", hotelBooking, notify)
      .wait(5)
      .complete("j4", null, done),
  stuck: (run, workflow) => {
    flown(run, workflow);
    for (let attempt = 1; attempt <= 4; attempt++) run.wait(25).fail("j3", refused).retryDue("j3");
    run.wait(25).fail("j3", refused);
  },
  recovered: (run, workflow) => {
    stories.stuck?.(run, workflow);
    run
      .wait(60_000)
      .do({ type: "RetryJob", jobId: "j3", ...by("ada", "the hotel is back", `${scenarioRunId}-retry`) })
      .wait(20)
      .complete("j3", hotelBooking, notify)
      .wait(5)
      .complete("j4", null, done);
  },
  compensated: (run, workflow) =>
    flown(run, workflow)
      .wait(18)
      .reject(
        "j3",
        business("NoRoom", "There is no room left in Miradouro on 2 November."),
        {
          type: "BeginFailing",
          failure: business("NoRoom", "There is no room left in Miradouro on 2 November."),
        },
        schedule("j4", "cancelFlight", flightBooking, { compensationId: "c2" }),
      )
      .wait(12)
      .complete("j4", null, schedule("j5", "refundPayment", trip, { compensationId: "c1" }))
      .wait(12)
      .complete("j5", null, {
        type: "FailRun",
        failure: business("NoRoom", "There is no room left in Miradouro on 2 November."),
      }),
  cancelled: (run, workflow) =>
    flown(run, workflow)
      .wait(10)
      .complete("j3", hotelBooking, {
        type: "AwaitSignal",
        waitId: "w1",
        name: "approval",
        timeoutMs: 86_400_000,
      })
      .wait(240_000)
      .do(
        { type: "CancelRun", ...by("grace", "the customer called", `${scenarioRunId}-cancel`) },
        schedule("j4", "cancelFlight", flightBooking, { compensationId: "c2" }),
      )
      .wait(11)
      .complete("j4", null, schedule("j5", "refundPayment", trip, { compensationId: "c1" }))
      .wait(11)
      .complete("j5", null, { type: "FinishCancel" }),
  awaitingApproval: (run, workflow) =>
    void flown(run, workflow).wait(10).complete("j3", hotelBooking, {
      type: "AwaitSignal",
      waitId: "w1",
      name: "approval",
      timeoutMs: 8_640_000_000,
    }),
  sleeping: (run, workflow) =>
    void flown(run, workflow)
      .wait(10)
      .complete("j3", hotelBooking, { type: "SetTimer", timerId: "t1", dueAt: 8_640_000_000 }),
};
