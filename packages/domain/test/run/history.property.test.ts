import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AnyRunCommand,
  advance,
  deadlineOf,
  deadlines,
  decide,
  defaultRetryPolicy,
  earliestDeadline,
  evolve,
  type Failure,
  type JobOptions,
  openJob,
  openJobs,
  openTimers,
  openWaits,
  orderedMap,
  type RunDecision,
  type RunEvent,
  type RunState,
  wakeUpGraceMs,
} from "../../src/index.ts";
import { deepFreeze } from "../deep-freeze.ts";
import { type Asked, runId, t0 } from "../scenario.ts";

interface Recorded {
  readonly seq: number;
  readonly event: RunEvent;
  readonly stateBefore: RunState | undefined;
}

type Step =
  | { readonly do: "ask"; readonly asked: Asked }
  | { readonly do: "want"; readonly wants: readonly Want[] }
  /** Lets time pass to the next deadline, and meets it. */
  | { readonly do: "wait"; readonly fraction: number };

/** What the code asks for; its ids are counted when it asks, as a replay does it. */
type Want =
  | { readonly type: "job"; readonly options: JobOptions; readonly compensates: boolean }
  | { readonly type: "timer"; readonly inMs: number }
  | { readonly type: "signal"; readonly name: string; readonly timeoutMs: number | undefined }
  | { readonly type: "cancelTimer"; readonly number: number }
  | { readonly type: "compensation" | "labels" | "complete" | "beginFailing" | "end" | "stuck" };

const failure: fc.Arbitrary<Failure> = fc.record({
  kind: fc.constantFrom("technical", "invalid", "timeout"),
  name: fc.constantFrom("Unavailable", "Fatal"),
  message: fc.constant("no"),
});

const options: fc.Arbitrary<JobOptions> = fc.record(
  {
    retry: fc.record(
      { maxAttempts: fc.integer({ min: 1, max: 4 }), nonRetryable: fc.constant(["Fatal"]) },
      { requiredKeys: [] },
    ),
    whenExhausted: fc.constantFrom("stuck", "fail"),
    scheduleToStartMs: fc.integer({ min: 1, max: 5_000 }),
    startToCloseMs: fc.integer({ min: 1, max: 5_000 }),
    heartbeatMs: fc.integer({ min: 1, max: 5_000 }),
  },
  { requiredKeys: [] },
);

const jobId = fc.integer({ min: 1, max: 6 }).map((n) => `j${n}`);
const attemptRef = {
  jobId,
  attempt: fc.integer({ min: 1, max: 5 }),
  worker: fc.constantFrom("w1", "w2"),
  startedAt: fc.constant(t0),
};
const action = fc.integer({ min: 1, max: 30 }).map((n) => ({ actionId: `a${n}`, actor: "mia", reason: "" }));
const timer = {
  timerId: fc.constantFrom("t1", "t2", "w1", "w2"),
  generation: fc.integer({ min: 1, max: 2 }),
};

const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ type: fc.constant("CompleteAttempt" as const), ...attemptRef, output: fc.constant("1") }),
  { weight: 3, arbitrary: fc.record({ type: fc.constant("FailAttempt" as const), ...attemptRef, failure }) },
  fc.record({ type: fc.constant("RejectAttempt" as const), ...attemptRef, failure }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant("HeartbeatAttempt" as const), ...attemptRef }) },
  fc.record({
    type: fc.constant("SendSignal" as const),
    signalId: fc.integer({ min: 1, max: 9 }).map((n) => `s${n}`),
    name: fc.constantFrom("paid", "sent"),
    payload: fc.constant("1"),
  }),
  fc.record({ type: fc.constant("FireTimer" as const), ...timer }),
  fc.record({ type: fc.constantFrom("CancelRun" as const, "ResumeRun" as const), action }),
  { weight: 3, arbitrary: fc.record({ type: fc.constant("RetryJob" as const), jobId, action }) },
  fc.record({
    type: fc.constant("RetryJob" as const),
    jobId,
    action,
    input: fc.constant("9"),
  }),
  fc.record({ type: fc.constantFrom("CancelJob" as const, "RunJobNow" as const), jobId, action }),
  fc.record({ type: fc.constant("CompleteJob" as const), jobId, action, output: fc.constant("1") }),
  fc.record({
    type: fc.constant("StartRun" as const),
    workflow: fc.constant("order"),
    input: fc.constant("1"),
    commandId: fc.constantFrom("start", "other"),
  }),
);

const want: fc.Arbitrary<Want> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant("job" as const), options, compensates: fc.boolean() }),
  },
  fc.record({ type: fc.constant("timer" as const), inMs: fc.integer({ min: 0, max: 5_000 }) }),
  fc.record({
    type: fc.constant("signal" as const),
    name: fc.constantFrom("paid", "sent"),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
  }),
  fc.record({ type: fc.constant("cancelTimer" as const), number: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constantFrom("compensation" as const, "labels" as const, "stuck" as const) }),
  fc.record({ type: fc.constant("beginFailing" as const) }),
);
const ending: fc.Arbitrary<Want> = fc.record({
  type: fc.constantFrom("complete" as const, "end" as const),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant("ask" as const), asked }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("want" as const), wants: fc.array(want, { maxLength: 3 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("wait" as const), fraction: fc.constantFrom(0.5, 1, 1, 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("want" as const), wants: fc.tuple(ending) }) },
);

const boom: Failure = deepFreeze({ kind: "code", name: "Boom", message: "boom" });

/** Plays the engine: what is decided is recorded and folded, and every state is frozen so that a write to it would throw. */
class Play {
  state: RunState | undefined;
  now = t0;
  readonly history: Recorded[] = [];
  private counts = { j: 0, t: 0, w: 0, c: 0 };

  constructor(steps: readonly Step[]) {
    this.ask({ type: "StartRun", workflow: "order", input: "{}", commandId: "start" });
    for (const each of steps) {
      this.now += 1;
      if (each.do === "ask") this.ask(each.asked);
      else if (each.do === "want") this.want(each.wants);
      else this.wait(each.fraction);
    }
  }

  private ask(asked: Asked): void {
    this.answer({ commandId: "command", runId, ...asked } as AnyRunCommand);
  }

  private answer(command: AnyRunCommand): void {
    const outcome = decide(this.state, deepFreeze(command), this.now);
    if (outcome.type === "accepted") this.record(outcome.events);
    if (outcome.type === "rejected") {
      this.record([
        {
          type: "CommandRefused",
          command: command.type,
          code: outcome.code,
          message: outcome.message,
          ...("jobId" in command && { jobId: command.jobId }),
          ...("attempt" in command && { attempt: command.attempt }),
          ...("action" in command && { action: command.action }),
        },
      ]);
    }
  }

  private record(events: readonly RunEvent[]): void {
    for (const event of events) {
      const stateBefore = this.state;
      const seq = (stateBefore?.seq ?? 0) + 1;
      const context = { runId, seq, at: this.now, inputId: "start" };
      this.state = deepFreeze(evolve(stateBefore, deepFreeze(event), context));
      this.history.push({ seq: this.state.seq, event, stateBefore });
    }
  }

  private wait(fraction: number): void {
    if (this.state?.status !== "running") return;
    const next = deadlines(this.state).toSorted((a, b) => a.dueAt - b.dueAt)[0];
    if (next === undefined) return;
    this.now += Math.max(0, Math.floor((next.dueAt - this.now) * fraction));
    this.answer(next.command);
  }

  private want(wants: readonly Want[]): void {
    const run = this.state;
    // Code that is stuck is not asked.
    if (run?.status !== "running" || run.stuck !== undefined) return;
    const failing = wants.findIndex((each) => each.type === "beginFailing");
    const decisions = wants.flatMap((each, index) => {
      const isClosing = run.closing !== undefined || (failing !== -1 && index >= failing);
      return this.decisionOf(each, isClosing);
    });
    const { events, state } = advance(run, deepFreeze(decisions), { runId, at: this.now, inputId: "code" });
    this.record(events);
    // `advance` says itself what its events lead to.
    expect(this.state).toEqual(state);
  }

  private decisionOf(each: Want, isClosing: boolean): RunDecision[] {
    switch (each.type) {
      case "job": {
        // Code that is closing asks for nothing but its compensations.
        if (isClosing && !each.compensates) return [];
        const id = `j${++this.counts.j}`;
        const compensation = isClosing && { compensationId: `c${++this.counts.c}` };
        const { options } = each;
        return [{ type: "ScheduleJob", jobId: id, jobType: "charge", input: "1", options, ...compensation }];
      }
      case "timer":
        return isClosing
          ? []
          : [{ type: "SetTimer", timerId: `t${++this.counts.t}`, dueAt: this.now + each.inMs }];
      case "cancelTimer":
        return [{ type: "CancelTimer", timerId: `t${each.number}` }];
      case "signal": {
        if (isClosing) return [];
        const { name, timeoutMs } = each;
        const waitId = `w${++this.counts.w}`;
        return [{ type: "AwaitSignal", waitId, name, ...(timeoutMs !== undefined && { timeoutMs }) }];
      }
      case "compensation":
        return [
          {
            type: "RegisterCompensation",
            compensationId: `c${++this.counts.c}`,
            jobType: "refund",
            input: "1",
          },
        ];
      case "labels":
        return [{ type: "SetLabels", labels: { city: "Bern" } }];
      case "complete":
        return [{ type: "CompleteRun", output: "1" }];
      case "beginFailing":
        return [{ type: "BeginFailing", failure: boom }];
      case "end":
        return [isClosing ? { type: "FinishCancel" } : { type: "FailRun", failure: boom }];
      case "stuck":
        return [{ type: "GetStuck", failure: boom }];
    }
  }
}

function always(holds: (play: Play) => void, numRuns = 500): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => holds(new Play(steps))),
    { numRuns },
  );
}

const endsJob = new Set<RunEvent["type"]>(["JobCompleted", "JobRejected", "JobFailed", "JobCancelled"]);

describe("Whatever is asked of a run", () => {
  it("its history can be folded without changing any earlier state, and is numbered without gaps", () => {
    always(({ history }) => {
      expect(history.map((each) => each.seq)).toEqual(history.map((_, index) => index + 1));
    });
  });

  it("the attempts of a job are numbered without gaps, and between two retries there are no more than its policy allows", () => {
    always(({ history }) => {
      const attempts = new Map<string, number>();
      const sinceRetry = new Map<string, number>();
      for (const { event, stateBefore } of history) {
        if (event.type === "JobRetried") sinceRetry.set(event.jobId, 0);
        if (event.type !== "AttemptRequested") continue;
        const { jobId } = event;
        const job = stateBefore?.status === "running" ? openJob(stateBefore, jobId) : undefined;
        expect(event.attempt).toBe((attempts.get(jobId) ?? 0) + 1);
        attempts.set(jobId, event.attempt);
        sinceRetry.set(jobId, (sinceRetry.get(jobId) ?? 0) + 1);
        const most = job?.options?.retry?.maxAttempts ?? defaultRetryPolicy.maxAttempts;
        expect(sinceRetry.get(jobId)).toBeLessThanOrEqual(most);
      }
    });
  });

  it("no job but a compensation gets another attempt once the run is closing", () => {
    always(({ history }) => {
      for (const { event, stateBefore } of history) {
        if (event.type !== "AttemptRequested" || stateBefore?.status !== "running") continue;
        if (stateBefore.closing === undefined) continue;
        expect(openJob(stateBefore, event.jobId)?.compensationId).toBeDefined();
      }
    });
  });

  it("a job ends at most once", () => {
    always(({ history }) => {
      const ended = history.flatMap(({ event }) =>
        endsJob.has(event.type) && "jobId" in event ? [event.jobId] : [],
      );
      expect(new Set(ended).size).toBe(ended.length);
    });
  });

  it("what it looks things up in says the same as the things themselves", () => {
    always(({ history, state }) => {
      for (const one of [...history.map(({ stateBefore }) => stateBefore), state]) {
        if (one?.status !== "running") continue;
        const waits = Map.groupBy(openWaits(one), ({ name }) => name);
        const byName = Array.from(orderedMap.entries(one.waitsByName), ({ key, value }) => [
          key,
          orderedMap.keys(value),
        ]);
        expect(byName).toEqual(
          [...waits]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, of]) => [name, of.map((wait) => wait.waitId)]),
        );
        const buffered = orderedMap.values(one.buffered).flatMap((of) => Array.from(orderedMap.entries(of)));
        expect(buffered).toHaveLength(one.bufferedCount);
        for (const { key, value } of buffered)
          expect(orderedMap.get(one.seenSignals, value)).toMatchObject({ seq: key });
        const due = [
          ...openJobs(one).map((job) => deadlineOf(runId, job)?.dueAt),
          ...openTimers(one).map(({ dueAt }) => dueAt + wakeUpGraceMs),
        ].filter((dueAt) => dueAt !== undefined);
        expect(deadlines(one).map(({ dueAt }) => dueAt)).toEqual(due.sort((a, b) => a - b));
        expect(earliestDeadline(one)).toBe(due[0]);
        const middle = due[due.length >> 1] ?? 0;
        expect(deadlines(one, middle)).toEqual(deadlines(one).filter(({ dueAt }) => dueAt <= middle));
      }
    }, 100);
  });

  it("it counts the compensations that are owed", () => {
    always(({ history, state }) => {
      if (state?.status !== "running") return;
      const events = history.map(({ event }) => event);
      const registered = events.filter(({ type }) => type === "CompensationRegistered").length;
      const carriedOut = events.filter(
        (event) => event.type === "JobScheduled" && event.compensationId !== undefined,
      ).length;
      expect(state.compensationCount).toBeLessThanOrEqual(registered);
      expect(state.compensationCount).toBeGreaterThanOrEqual(registered - carriedOut);
    });
  });

  it("an action is taken or refused at most once", () => {
    always(({ history }) => {
      const byEachInput = history.flatMap(({ event }) =>
        "action" in event && event.action !== undefined && event.type !== "BackOffSkipped"
          ? [event.action.actionId]
          : [],
      );
      expect(new Set(byEachInput).size).toBe(byEachInput.length);
    });
  });

  it("once it is over nothing more happens in it but refusals", () => {
    always(({ history }) => {
      for (const { event, stateBefore } of history) {
        if (stateBefore !== undefined && stateBefore.status !== "running")
          expect(event.type).toBe("CommandRefused");
      }
    });
  });
});
