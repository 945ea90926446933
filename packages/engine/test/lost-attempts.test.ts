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
  readonly tried: string[] = [];
  /** What is done while the log is asked for a queue, or takes an attempt. */
  onLook: (jobType: string) => void = () => {};
  onPublish: (runId: string) => void | Promise<void> = () => {};
  /** What the log says of a queue instead. */
  backlog: Backlog | undefined;

  constructor() {
    const backlogOf = async (topic: string): Promise<Backlog | undefined> => {
      this.looks += 1;
      this.onLook(topic);
      if (this.backlog !== undefined) return this.backlog;
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
        this.tried.push(runId);
        await this.onPublish(runId);
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
  waits(runId: string, jobType = "pay"): void {
    this.happens(
      runId,
      { type: "RunStarted", workflow: "w", input: "1" },
      { type: "JobScheduled", jobId: "j1", jobType, input: "1" },
      { type: "AttemptRequested", jobId: "j1", attempt: 1 },
    );
    this.queue.set(runId, this.now);
    this.attempts.handedOver(this.dispatch(runId, jobType));
  }

  dispatch(runId: string, jobType = "pay") {
    const key = `${runId}/j1`;
    const rest = { jobId: "j1", jobType, attempt: 1, idempotencyKey: key, input: "1" };
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
    for (const runId of ["begun", "done", "failed", "cancelled", "retried", "rejected", "over"])
      stage.waits(runId);
    const action = { actionId: "a", actor: "ada", reason: "" };
    const failure = { kind: "technical", name: "E", message: "m" } as const;
    const over: Record<string, RunEvent> = {
      begun: { type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: 1 },
      done: { type: "JobCompleted", jobId: "j1", output: "2", attempt: 1 },
      failed: { type: "AttemptFailed", jobId: "j1", attempt: 1, failure, retryAt: 9 },
      cancelled: { type: "JobCancelled", jobId: "j1", action },
      rejected: { type: "JobRejected", jobId: "j1", attempt: 1, failure },
      over: { type: "JobFailed", jobId: "j1", failure },
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

const begun = (runId: string): RunEvent => ({
  type: "AttemptStarted",
  jobId: "j1",
  attempt: 1,
  worker: `worker of ${runId}`,
  startedAt: 1,
});

describe("what waits", () => {
  test("is counted once, be it in its topic or not, and is forgotten alone", () => {
    const stage = new Stage();
    expect(stage.attempts.canLook).toBe(true);
    for (const runId of ["a", "b", "c"]) stage.waits(runId);
    stage.attempts.left(stage.dispatch("a"));
    expect(stage.attempts.size).toBe(3);
    stage.attempts.handedOver(stage.dispatch("a"));
    expect(stage.attempts.size).toBe(3);
    stage.attempts.left(stage.dispatch("b"));
    stage.attempts.accepted(stage.happens("a", begun("a")));
    expect(stage.attempts.size).toBe(2);
    stage.attempts.accepted(stage.happens("c", begun("c")));
    stage.attempts.accepted(stage.happens("b", begun("b")));
    expect(stage.attempts.size).toBe(0);
  });

  test("is looked for when it has been in its queue for more than five seconds", async () => {
    const stage = new Stage();
    stage.waits("a");
    await stage.clock.manual.advance(5_000);
    await stage.attempts.check();
    expect(stage.looks).toBe(0);
    await stage.clock.manual.advance(1);
    await stage.attempts.check();
    expect(stage.looks).toBe(1);
  });

  test("is nowhere when what its queue holds came more than five seconds after it", async () => {
    for (const [later, published] of [
      [5_000, []],
      [5_001, ["a 1 a/j1"]],
    ] as const) {
      const stage = new Stage();
      stage.waits("a");
      stage.queue.clear();
      await stage.clock.manual.advance(later);
      stage.queue.set("other", stage.now);
      await stage.clock.manual.advance(1);
      await stage.checks();
      expect(stage.published).toEqual(published);
    }
  });

  test("is left alone where nobody says how old its queue is", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.backlog = { messages: 3 };
    await stage.clock.manual.advance(60_000);
    await stage.checks();
    expect(stage.published).toEqual([]);
  });

  test("is left alone while nothing of the inbox is decided", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.queue.clear();
    stage.inboxEnd = position(1, 7);
    await stage.clock.manual.advance(6_000);
    await stage.checks();
    await stage.checks();
    expect(stage.published).toEqual([]);
    // It is known to be nowhere: nobody asks again.
    expect(stage.looks).toBe(1);
    stage.decidedUpTo = position(1, 7);
    await stage.attempts.check();
    expect(stage.published).toEqual(["a 1 a/j1"]);
  });

  test("is looked for again and again while it is there", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.inboxEnd = position(1, 7);
    await stage.clock.manual.advance(6_000);
    await stage.checks();
    expect(stage.looks).toBe(2);
    stage.queue.clear();
    stage.decidedUpTo = position(1, 7);
    await stage.checks();
    expect(stage.published).toEqual(["a 1 a/j1"]);
  });

  test("is not handed over once it is known to have begun, though nothing more is known", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.queue.clear();
    await stage.clock.manual.advance(6_000);
    await stage.attempts.check();
    const state = stage.runs.get("a");
    stage.attempts.accepted(stage.happens("a", begun("a")));
    if (state !== undefined) stage.runs.set("a", state);
    await stage.attempts.check();
    expect(stage.published).toEqual([]);
  });

  test("of a run that is over, or that nobody knows, is forgotten at once", async () => {
    const stage = new Stage();
    stage.waits("over");
    stage.waits("gone");
    for (const runId of ["left", "lost"]) {
      stage.waits(runId);
      stage.attempts.left(stage.dispatch(runId));
    }
    const action = { actionId: "a", actor: "ada", reason: "" };
    for (const runId of ["over", "left"]) stage.happens(runId, { type: "RunTerminated", action });
    for (const runId of ["gone", "lost"]) stage.runs.delete(runId);
    stage.queue.clear();
    await stage.clock.manual.advance(6_000);
    for (let check = 0; check < 2; check++) await stage.attempts.check();
    expect([stage.attempts.size, stage.tries, stage.told]).toEqual([0, 0, []]);
  });

  test("is handed over a thousand at a time, and is told of so", async () => {
    const stage = new Stage();
    for (let run = 0; run < 1_200; run++) stage.waits(`r${run}`);
    stage.queue.clear();
    await stage.clock.manual.advance(6_000);
    await stage.checks();
    expect(stage.told).toEqual(["1000 pay"]);
    stage.queue.clear();
    await stage.checks();
    expect(stage.told).toEqual(["1000 pay", "200 pay"]);
  });

  test("when a partition is taken over is gone through, five hundred runs at a time, each once", async () => {
    const before = new Stage();
    const stage = new Stage();
    for (let run = 0; run < 600; run++) {
      before.waits(`r${run}`);
      stage.inherited.push(`r${run}`);
    }
    for (const [runId, state] of before.runs) stage.runs.set(runId, state);
    await stage.attempts.check();
    expect(stage.attempts.size).toBe(500);
    await stage.attempts.check();
    expect(stage.attempts.size).toBe(600);
    await stage.attempts.check();
    expect(stage.attempts.size).toBe(600);
  });

  test("and was handed over meanwhile is no younger for having been there before", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.inherited.push("a");
    await stage.clock.manual.advance(6_000);
    await stage.attempts.check();
    expect(stage.looks).toBe(1);
  });
});

describe("while the log is asked", () => {
  test("what was looked for may begin", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.waits("b", "ship");
    await stage.clock.manual.advance(6_000);
    stage.queue.clear();
    stage.onLook = () => {
      for (const runId of ["a", "b"]) stage.attempts.accepted(stage.happens(runId, begun(runId)));
      stage.onLook = () => {};
    };
    await stage.attempts.check();
    expect([stage.looks, stage.attempts.size]).toEqual([1, 0]);
  });

  test("the partition may be given up: nothing more is looked for", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.waits("b", "ship");
    await stage.clock.manual.advance(6_000);
    stage.onLook = () => stage.attempts.close();
    await stage.attempts.check();
    expect(stage.looks).toBe(1);
  });
});

describe("while an attempt is handed over", () => {
  test("it may begin, and is not waited for any more", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.attempts.left(stage.dispatch("a"));
    stage.onPublish = () => stage.attempts.accepted(stage.happens("a", begun("a")));
    await stage.attempts.check();
    expect(stage.attempts.size).toBe(0);
    stage.waits("b");
    stage.attempts.left(stage.dispatch("b"));
    stage.onPublish = () => {
      stage.attempts.accepted(stage.happens("b", begun("b")));
      throw new LogError("unavailable", "full");
    };
    await stage.attempts.check();
    expect(stage.attempts.size).toBe(0);
  });

  test("the partition may be given up: nobody hears of it, and nothing is done any more", async () => {
    const stage = new Stage();
    stage.waits("a");
    stage.attempts.left(stage.dispatch("a"));
    let land = () => {};
    stage.onPublish = () =>
      new Promise<void>((resolve) => {
        land = resolve;
      });
    await stage.passes(15_000);
    expect(stage.tries).toBe(1);
    stage.attempts.close();
    land();
    await stage.passes(0);
    expect([stage.told, stage.clock.manual.waits]).toEqual([[], []]);
    await stage.passes(60_000);
    expect(stage.tries).toBe(1);
  });

  test("that its topic takes none is told to nobody, and another one is tried the next time", async () => {
    const stage = new Stage();
    for (const runId of ["a", "b"]) {
      stage.waits(runId);
      stage.attempts.left(stage.dispatch(runId));
    }
    stage.refusal = new LogError("unavailable", "full");
    for (let check = 0; check < 3; check++) await stage.attempts.check();
    expect(stage.tried).toEqual(["a", "b", "a"]);
    expect(stage.told).toEqual([]);
  });

  test("as many others are tried after the first as make a thousand", async () => {
    const stage = new Stage();
    for (let run = 0; run < 1_200; run++) {
      stage.waits(`r${run}`);
      stage.attempts.left(stage.dispatch(`r${run}`));
    }
    await stage.attempts.check();
    expect(stage.tries).toBe(1_000);
    await stage.attempts.check();
    expect(stage.tries).toBe(1_200);
  });
});

test("given up between two checks, nothing is tried any more", async () => {
  const stage = new Stage();
  stage.waits("a");
  stage.attempts.left(stage.dispatch("a"));
  stage.attempts.close();
  await stage.passes(60_000);
  expect(stage.tries).toBe(0);
});

test("checks are spread over five seconds around ten", () => {
  for (const [chance, wait] of [
    [0, 7_500],
    [1, 12_500],
  ] as const) {
    const clock = new EngineClock();
    clock.random = () => chance;
    new LostAttempts({
      clock,
      inbox: "inbox-partition-0",
      log: { backlogOf: async () => undefined, lastPosition: async () => undefined },
      now: () => 0,
      decidedUpTo: () => undefined,
      openRuns: () => [],
      stateOf: () => undefined,
      publish: async () => {},
      onHandedOver: () => {},
    });
    expect(clock.manual.waits).toEqual([wait]);
  }
});

test("only a log that refuses us doesn't let us look; any other failure may be over with the next check", async () => {
  for (const failure of [
    new LogError("unavailable", "no connection"),
    Object.assign(new Error("no"), { code: "unauthorized" }),
  ]) {
    const stage = new Stage();
    stage.waits("a");
    stage.onLook = () => {
      throw failure;
    };
    await stage.passes(15_000);
    expect(stage.looks).toBe(1);
    expect(stage.attempts.canLook).toBe(true);
    await stage.passes(15_000);
    expect(stage.looks).toBe(2);
  }
});
