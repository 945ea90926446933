import type { Action, Failure } from "@downbeat/domain";
import { type Story, Teller } from "./story.ts";

const unreachable: Failure = {
  kind: "technical",
  name: "ServiceUnavailable",
  message: "POST http://hotels.internal/quotes answered 503 Service Unavailable",
  stack:
    "ServiceUnavailable: POST http://hotels.internal/quotes answered 503 Service Unavailable\n    at quoteHotel (/srv/travel/src/hotel.ts:41:11)\n    at runAttempt (/srv/travel/node_modules/@downbeat/sdk/src/worker/run-attempt.ts:118:20)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
};
const noGuide: Failure = {
  kind: "business",
  name: "NoGuideLeft",
  message: "Every guide is booked from 3 to 6 December",
};

const tourId = "tour-2026-11-23";

/**
 * One run with a step of every kind: retries, a job that a person had to retry, a race with a loser, a timer, a signal, many equal jobs, compensations.
 *
 * @param seats so many equal jobs, forty at a time
 */
export function tellTour(
  at: number,
  seats: number,
  { runId = tourId, guideMs = 900, adults = 2 }: { runId?: string; guideMs?: number; adults?: number } = {},
): Story {
  const t = new Teller(runId.slice(-6), at);
  const person = (actionId: string, actor: string, reason: string): Action => ({ actionId, actor, reason });
  const undo = (compensationId: string, jobType: string, undoes: string) =>
    ({ type: "CompensationRegistered", compensationId, jobType, input: "{}", undoes }) as const;

  t.tell({
    type: "RunStarted",
    workflow: "planTour",
    input: JSON.stringify({ tour: runId, adults, from: "2026-12-03", to: "2026-12-06" }),
    labels: { customer: "cust-17" },
    startedBy: "maria",
  });
  t.tell({ type: "VersionRecorded", changeId: "guides-first", version: 2 });
  const payment = t.schedule("reserveMoney", { cents: 129_900 });
  t.attempts(payment, [{ ms: 240 }], { receipt: "pay_17" }, "payments-1");
  t.tell(undo("c1", "releaseMoney", payment));

  // A race: the first quote wins.
  const first = t.schedule("quoteHotel", { hotel: "Hotel Nikko", adults });
  const second = t.schedule("quoteHotel", { hotel: "Hotel Adlon", adults });
  const limit = t.at + 60_000;
  t.tell({ type: "TimerSet", timerId: "t1", generation: 1, dueAt: limit });
  t.attempts(
    first,
    [{ ms: 420, failure: unreachable }, { ms: 610, failure: unreachable }, { ms: 380 }],
    { cents: 48_000, hotel: "Hotel Nikko" },
    "hotels-2",
  );
  t.tell({ type: "JobCancelled", jobId: second }, { type: "TimerCancelled", timerId: "t1", generation: 1 });
  t.tell({ type: "LabelsSet", labels: { hotel: "Hotel Nikko" } });

  // Equal jobs, forty at a time.
  const open: { readonly jobId: string; readonly until: number }[] = [];
  for (let seat = 0; seat < seats; seat++) {
    if (open.length >= 40) {
      const next = open.shift();
      if (next !== undefined) complete(t, next.jobId, next.until, seat);
    }
    const jobId = t.schedule("noop", { seat });
    open.push({ jobId, until: t.at + 120 + ((seat * 37) % 200) });
  }
  for (const { jobId, until } of open) complete(t, jobId, until, seats);

  t.tell({ type: "SignalAwaited", waitId: "w1", name: "approval", timeoutMs: 3_600_000 });
  t.at += 4_000;
  t.tell(
    {
      type: "SignalReceived",
      signalId: "s1",
      name: "approval",
      payload: '{"approved":true,"limit":3544790567247868102}',
      actor: "jonas",
    },
    { type: "SignalDelivered", waitId: "w1", signalId: "s1" },
  );
  const guide = t.schedule("bookGuide", { days: 4, language: "de" });
  t.attempts(
    guide,
    [
      { ms: 500, failure: unreachable },
      { ms: 500, failure: unreachable },
    ],
    {},
    "guides-1",
  );
  t.at += 3_000;
  t.tell(
    { type: "JobRetried", jobId: guide, action: person("a1", "maria", "The guides are back") },
    { type: "AttemptRequested", jobId: guide, attempt: 3 },
  );
  t.attempts(guide, [{ ms: guideMs }], { guide: "Ada" }, "guides-1", 3);
  t.tell(undo("c2", "cancelGuide", guide));
  t.tell({ type: "TimerSet", timerId: "t2", generation: 1, dueAt: t.at + 5_000 });
  t.at += 5_000;
  t.tell({ type: "TimerFired", timerId: "t2", generation: 1 });
  const bus = t.schedule("bookBus", { seats: adults });
  t.attempts(bus, [{ ms: 350, failure: noGuide }], {}, "bus-1");
  t.tell({ type: "RunFailing", failure: noGuide });
  const cancel = t.schedule("cancelGuide", { guide: "Ada" }, "c2");
  t.attempts(cancel, [{ ms: 300 }], { cancelled: true }, "guides-1");
  const back = t.schedule("releaseMoney", { receipt: "pay_17" }, "c1");
  t.attempts(back, [{ ms: 200 }], { released: true }, "payments-1");
  t.tell({ type: "RunFailed", failure: noGuide });
  return {
    runId,
    workflow: "planTour",
    labels: { customer: "cust-17", hotel: "Hotel Nikko" },
    events: t.events,
  };
}

function complete(t: Teller, jobId: string, until: number, seat: number): void {
  t.at = Math.max(t.at, until);
  const startedAt = until - 100;
  t.tell({
    type: "JobCompleted",
    jobId,
    output: JSON.stringify({ seat }),
    attempt: 1,
    worker: `seats-${1 + (seat % 3)}`,
    startedAt,
  });
}
