import { evolve, type RunEvent, type RunState } from "@downbeat/domain";
import { type Backlog, LogError, type Position, position } from "@downbeat/message-log";
import type { DecisionRecord } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { LostAttempts } from "../src/lost-attempts.ts";
import { EngineClock } from "./engine-clock.ts";

const epoch = 1_700_000_000_000;

/** Runs of one job each, their queue, and the inbox. */
class Stage {
  readonly clock = new EngineClock();
  readonly runs = new Map<string, RunState>();
  /** When each attempt that is in the queue came into it, by run. */
  readonly queue = new Map<string, number>();
  readonly published: string[] = [];
  readonly told: string[] = [];
  refusal: Error | undefined;
  isSubscribed = true;
  cannotLook: LogError | undefined;
  inboxEnd: Position | undefined;
  decidedUpTo: Position | undefined;
  readonly inherited: string[] = [];
  readonly attempts: LostAttempts;
  looks = 0;
  tries = 0;

  constructor() {
    const backlogOf = async (): Promise<Backlog | undefined> => {
      this.looks += 1;
      if (this.cannotLook !== undefined) throw this.cannotLook;
      if (!this.isSubscribed) return undefined;
      if (this.queue.size === 0) return { messages: 0 };
      return { messages: this.queue.size, oldest: Math.min(...this.queue.values()) };
    };
    const log = { backlogOf, lastPosition: async () => this.inboxEnd };
    this.attempts = new LostAttempts({
      log,
      clock: this.clock,
      inbox: "inbox-partition-0",
      now: () => this.now,
      decidedUpTo: () => this.decidedUpTo,
      openRuns: () => this.inherited.map((runId) => ({ runId })),
      stateOf: (runId) => this.runs.get(runId),
      publish: async ({ runId, attempt, idempotencyKey }) => {
        this.tries += 1;
        if (this.refusal !== undefined) throw this.refusal;
        this.queue.set(runId, this.now);
        this.published.push(`${runId} ${attempt} ${idempotencyKey}`);
      },
      onHandedOver: (jobType, count) => this.told.push(`${count} ${jobType}`),
    });
  }

  get now(): number {
    return epoch + this.clock.monotonic();
  }

  happens(runId: string, ...events: RunEvent[]): DecisionRecord {
    const first = (this.runs.get(runId)?.seq ?? 0) + 1;
    let state = this.runs.get(runId);
    events.forEach((event, index) => {
      state = evolve(state, event, {
        runId,
        seq: first + index,
        at: this.now,
        inputId: `i-${runId}-${first}`,
      });
    });
    if (state !== undefined) this.runs.set(runId, state);
    const decisions = [{ runId, workflow: "w", inputId: "i", labels: {}, seq: first, events }];
    const record = {
      kind: "decisions",
      id: "d",
      prev: "p",
      claimId: "c",
      epoch: 1,
      at: 1,
      dispatchedUpTo: 0,
    };
    return { ...record, decisions } as unknown as DecisionRecord;
  }

  /** A run whose attempt is in the queue. */
  waits(runId: string): void {
    this.happens(
      runId,
      { type: "RunStarted", workflow: "w", input: "1" },
      { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" },
      { type: "AttemptRequested", jobId: "j1", attempt: 1 },
    );
    this.queue.set(runId, this.now);
    this.attempts.handedOver(this.dispatch(runId));
  }

  dispatch(runId: string) {
    const key = `${runId}/j1`;
    const rest = { jobId: "j1", jobType: "pay", attempt: 1, idempotencyKey: key, input: "1" };
    return { type: "DispatchAttempt", runId, workflow: "w", ...rest } as const;
  }

  async passes(ms: number): Promise<void> {
    await this.clock.manual.advance(ms);
  }

  /** As often as it needs to look, and to be certain. */
  async checks(): Promise<void> {
    for (let check = 0; check < 2; check++) await this.attempts.check();
  }
}

describe("an attempt that waits for a worker", () => {
  test("is handed over again, the same under the same key, once its queue holds nothing", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.waits("b");
    await stage.passes(6_000);
    await stage.checks();
    expect(stage.published).toEqual([]);
    stage.queue.clear();
    await stage.checks();
    expect(stage.published).toEqual(["a 1 a/j1", "b 1 b/j1"]);
    expect(stage.told).toEqual(["2 pay"]);
    await stage.passes(60_000);
    await stage.checks();
    expect(stage.published).toHaveLength(2);
  });

  test("is handed over again when everything that is left in the queue came after it", async () => {
    const stage = new Stage();
    stage.waits("skipped");
    await stage.passes(60_000);
    stage.waits("later");
    await stage.passes(1);
    stage.queue.delete("skipped");
    await stage.checks();
    expect(stage.published).toEqual(["skipped 1 skipped/j1"]);
  });

  test("is left alone however long it waits in its queue, or behind others", async () => {
    const stage = new Stage();
    stage.waits("a");
    await stage.passes(3_600_000);
    stage.waits("b");
    for (let check = 0; check < 20; check++) {
      await stage.passes(60_000);
      await stage.attempts.check();
    }
    expect(stage.published).toEqual([]);
  });

  test("is left alone while nobody has subscribed to its topic, and handed over again if it isn't there for whoever does", async () => {
    const stage = new Stage();
    stage.isSubscribed = false;
    stage.waits("a");
    stage.waits("b");
    for (let check = 0; check < 20; check++) {
      await stage.passes(60_000);
      await stage.attempts.check();
    }
    expect(stage.published).toEqual([]);
    stage.isSubscribed = true;
    stage.queue.clear();
    await stage.checks();
    expect(stage.published).toEqual(["a 1 a/j1", "b 1 b/j1"]);
  });

  test("is left alone while its result may be in the inbox", async () => {
    const stage = new Stage();
    stage.waits("a");
    await stage.passes(60_000);
    stage.queue.clear();
    stage.inboxEnd = position(1, 7);
    stage.decidedUpTo = position(1, 6);
    await stage.checks();
    expect(stage.published).toEqual([]);
    stage.happens("a", { type: "JobCompleted", jobId: "j1", output: "2", attempt: 1 });
    stage.decidedUpTo = position(1, 7);
    await stage.checks();
    expect(stage.published).toEqual([]);
    expect(stage.attempts.size).toBe(0);
  });

  test("is forgotten once it has begun, is answered or is replaced by the next", () => {
    const stage = new Stage();
    for (const runId of ["begun", "done", "failed", "cancelled", "retried"]) stage.waits(runId);
    const action = { actionId: "a", actor: "ada", reason: "" };
    const failure = { kind: "technical", name: "E", message: "m" } as const;
    const over: Record<string, RunEvent> = {
      begun: { type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: 1 },
      done: { type: "JobCompleted", jobId: "j1", output: "2", attempt: 1 },
      failed: { type: "AttemptFailed", jobId: "j1", attempt: 1, failure, retryAt: 9 },
      cancelled: { type: "JobCancelled", jobId: "j1", action },
      retried: { type: "JobRetried", jobId: "j1", action },
    };
    for (const [runId, event] of Object.entries(over)) stage.attempts.accepted(stage.happens(runId, event));
    expect(stage.attempts.size).toBe(0);
  });

  test("of a run that was terminated is not handed over again", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.happens("a", { type: "RunTerminated", action: { actionId: "a", actor: "ada", reason: "" } });
    stage.queue.clear();
    await stage.passes(60_000);
    await stage.checks();
    expect(stage.published).toEqual([]);
    expect(stage.attempts.size).toBe(0);
  });

  test("of an owner before is found too", async () => {
    const before = new Stage();
    before.waits("a");
    const stage = new Stage();
    for (const [runId, state] of before.runs) stage.runs.set(runId, state);
    stage.inherited.push("a", "gone");
    await stage.attempts.check();
    await stage.passes(6_000);
    await stage.checks();
    expect(stage.published).toEqual(["a 1 a/j1"]);
  });

  test("costs nothing while nothing waits", async () => {
    const stage = new Stage();
    for (let check = 0; check < 10; check++) {
      await stage.passes(60_000);
      await stage.attempts.check();
    }
    expect(stage.looks).toBe(0);
  });
});

describe("an attempt that could not be published", () => {
  test("is tried again, one of them first, until its topic takes it", async () => {
    const stage = new Stage();
    for (const runId of ["a", "b", "c"]) {
      stage.waits(runId);
      stage.attempts.left(stage.dispatch(runId));
    }
    stage.queue.clear();
    stage.refusal = new LogError("unavailable", "full");
    await stage.attempts.check();
    await stage.attempts.check();
    expect(stage.tries).toBe(2);
    stage.refusal = undefined;
    await stage.attempts.check();
    expect(stage.published.toSorted()).toEqual(["a 1 a/j1", "b 1 b/j1", "c 1 c/j1"]);
  });
});

test("a log that doesn't let us look is known as such, until it does", async () => {
  const stage = new Stage();
  stage.waits("a");
  stage.cannotLook = new LogError("unauthorized", "no");
  await stage.passes(15_000);
  expect(stage.attempts.canLook).toBe(false);
  stage.cannotLook = undefined;
  await stage.passes(15_000);
  expect(stage.attempts.canLook).toBe(true);
  stage.attempts.close();
  const { looks } = stage;
  await stage.passes(60_000);
  expect(stage.looks).toBe(looks);
});
